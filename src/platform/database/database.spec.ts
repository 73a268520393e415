import { isConnectionLost } from './database.js';

const failed = (code: string, message = 'no') => Object.assign(new Error(message), { code });

test.each(['08006', '57P01', '57P03', '53300', 'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH'])(
  'a database that fails with %s may be back soon',
  code => expect(isConnectionLost(failed(code))).toBe(true),
);

test.each(['23505', '40001', '42P01', '57014', '53200', ''])('%s is the statement’s own failure', code =>
  expect(isConnectionLost(failed(code))).toBe(false),
);

test('the driver says without a code that a connection broke', () => {
  expect(isConnectionLost(new Error('Connection terminated unexpectedly'))).toBe(true);
  expect(isConnectionLost(null)).toBe(false);
});
