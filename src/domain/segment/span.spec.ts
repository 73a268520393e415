import { type Distance, distance, moveDay, moveInstant, span } from './span.js';

test.each<[string, Distance, string]>([
  ['2026-11-22', { amount: 0, unit: 'days', direction: 'ago' }, '2026-11-22'],
  ['2026-11-22', { amount: 30, unit: 'days', direction: 'ago' }, '2026-10-23'],
  ['2026-12-31', { amount: 1, unit: 'weeks', direction: 'from-now' }, '2027-01-07'],
  ['2026-03-31', { amount: 1, unit: 'months', direction: 'ago' }, '2026-02-28'],
  ['2028-03-31', { amount: 1, unit: 'months', direction: 'ago' }, '2028-02-29'],
  ['2026-10-31', { amount: 1, unit: 'months', direction: 'from-now' }, '2026-11-30'],
  ['2026-01-15', { amount: 13, unit: 'months', direction: 'ago' }, '2024-12-15'],
])('%s moved by %j is %s', (day, by, expected) => {
  expect(moveDay(day, by)).toBe(expected);
});

test('an instant keeps its hour', () => {
  expect(moveInstant(new Date('2026-05-31T22:15:00Z'), { amount: 3, unit: 'months', direction: 'ago' }).toISOString()).toBe(
    '2026-02-28T22:15:00.000Z',
  );
});

test.each([
  [{ amount: 0, unit: 'days' }],
  [{ amount: 1.5, unit: 'days' }],
  [{ amount: 1201, unit: 'months' }],
  [{ amount: 36_501, unit: 'days' }],
  [{ amount: 1, unit: 'years' }],
])('%j is no span', given => {
  expect(span.safeParse(given).success).toBe(false);
  expect(distance.safeParse({ ...given, amount: given.amount || -1, direction: 'ago' }).success).toBe(false);
});
