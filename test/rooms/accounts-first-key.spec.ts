/** The key of a new Muster: made at the first start, also where the demo ran before; never made again behind an owner's back. */
import { rmSync } from 'node:fs';
import { AccountsService } from '../../src/accounts/accounts.service.js';
import { ensureFirstKey, type FirstKey } from '../../src/accounts/first-key.js';
import { startTestApp, type TestApp } from '../support/app.js';

let app: TestApp;
let made: Extract<FirstKey, { state: 'made' }>;
/** A database whose only key is that of a workspace for the sandbox, as the demo leaves it. */
beforeAll(async () => void (app = await startTestApp({ workspace: { name: 'Demo', isSandboxOnly: true } })));
afterAll(() => app.stop());

const start = (bootstrapApiKey: string | null = null) =>
  ensureFirstKey(app.get(AccountsService), { dataDir: app.config.dataDir, bootstrapApiKey });

test('the first start makes a key although the demo has one', async () => {
  made = (await start()) as typeof made;
  expect(made.state).toBe('made');
  const { body } = await app.api('GET', '/v1/workspace', undefined, { authorization: `Bearer ${made.key}` });
  expect(body).toMatchObject({ name: 'Default', isSandboxOnly: false });
});

test('later starts keep it and do not print it', async () => {
  expect(await start()).toEqual({ state: 'kept', file: made.file });
});

test('where the owner has taken the file away, no other key is made', async () => {
  rmSync(made.file);
  expect(await start()).toEqual({ state: 'known' });
});

test('BOOTSTRAP_API_KEY opens the same workspace', async () => {
  const key = 'a key of our own with thirty-two characters'.replaceAll(' ', '-');
  expect(await start(key)).toEqual({ state: 'known' });
  const { body } = await app.api('GET', '/v1/workspace', undefined, { authorization: `Bearer ${key}` });
  expect(body).toMatchObject({ name: 'Default' });
});
