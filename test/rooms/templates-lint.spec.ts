/** Lint over HTTP: mistakes and advice with their places, before anything is saved. */
import { startTestApp, type TestApp } from '../support/app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

test('a message is told what is wrong and what is unwise', async () => {
  const lint = async (body: object) => (await app.api('POST', '/v1/templates/lint', body)).body.findings;
  expect(await lint({ channel: 'sms', body: 'Hi {{nope}}' })).toMatchObject([
    { severity: 'error', code: 'invalid', pointer: '/body', line: 1, column: 4 },
  ]);
  expect(await lint({ channel: 'sms', body: 'Hi {{firstName}}' })).toMatchObject([
    { severity: 'warning', code: 'no-fallback', line: 1, column: 6 },
  ]);
});
