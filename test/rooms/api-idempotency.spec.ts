/** Idempotency-Key: a call repeated with the same key happens once, also when the first one still runs, runs elsewhere, or died. */
import { AccountsService } from '../../src/accounts/accounts.service.js';
import { newKey } from '../../src/accounts/key-format.js';
import { sql } from '../../src/domain/sql.js';
import { SettableClock } from '../../src/platform/clock.js';
import { type Answer, call, startTestApp, type TestApp } from '../support/app.js';
import { documentedRoutes } from '../support/routes.js';
import { formOf } from '../support/imports.js';

jest.setTimeout(60_000);

const clock = new SettableClock('2026-11-22T09:00:00Z');
let app: TestApp;
/** Another API process over the same database. */
let other: TestApp;
let otherKey: string;
beforeAll(async () => {
  app = await startTestApp({ clock });
  other = await startTestApp({ clock, database: app.database, environment: { ROLE: 'api' } });
  otherKey = newKey();
  await app.get(AccountsService).ensureKey(app.workspaceId, 'other', otherKey);
});
afterAll(async () => {
  await other.stop();
  await app.stop();
});

let count = 0;
const freshKey = () => `"key ${++count}"`;
const post = (path: string, body: unknown, key: string, at: TestApp = app, apiKey = app.key): Promise<Answer> =>
  call(at.url, apiKey, 'POST', `/v1${path}`, body, { 'idempotency-key': key });
const list = (name: string, key: string, at?: TestApp, apiKey?: string) => post('/lists', { name }, key, at, apiKey);
const isReplay = ({ headers }: Answer) => headers.get('idempotency-replayed') === 'true';
const audited = async (action: string) =>
  (await app.db.rows(sql`select 1 as one from audit_entry where action = ${action}`)).length;
const rowOf = (key: string) =>
  app.db.row<{ status: number | null }>(sql`select status from idempotency_key where key = ${key.replaceAll('"', '')}`);

/** A call that a process took up and died over. */
async function abandon(key: string): Promise<void> {
  await app.db.run(sql`update idempotency_key set status = null, body = null, content_type = null,
    lease_until = ${new Date(clock.now().getTime() + 60_000)} where key = ${key.replaceAll('"', '')}`);
}

test('the same call with the same key happens once and gets the same answer again', async () => {
  const key = freshKey();
  const first = await list('Once', key);
  expect([first.status, isReplay(first)]).toEqual([201, false]);
  const before = await audited('list.created');
  const again = await list('Once', key);
  expect([again.status, again.text, isReplay(again)]).toEqual([201, first.text, true]);
  expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
  expect(again.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
  expect(await audited('list.created')).toBe(before);
});

test('a quoted key and a bare one are the same key, whichever process is asked', async () => {
  const first = await list('Quoted', '"abc-1"');
  const again = await list('Quoted', 'abc-1', other);
  expect([again.status, again.text, isReplay(again)]).toEqual([201, first.text, true]);
});

test('without the header, calls are as before', async () => {
  expect((await app.api('POST', '/v1/lists', { name: 'Plain' })).status).toBe(201);
  expect((await app.api('POST', '/v1/lists', { name: 'Plain' })).status).toBe(409);
});

test('a key used for another request is refused, and the first answer stays', async () => {
  const key = freshKey();
  const first = await list('Mine', key);
  const wrong = await list('Not mine', key);
  expect(wrong.body).toMatchObject({ status: 422, code: 'invalid', errors: [{ pointer: 'Idempotency-Key' }] });
  expect((await list('Mine', key)).text).toBe(first.text);
});

test('the same key on another route, or of another API key, is another key', async () => {
  const key = freshKey();
  expect((await list('Scoped', key)).status).toBe(201);
  const tag = await post('/tags', { name: 'Scoped' }, key);
  expect([tag.status, isReplay(tag)]).toEqual([201, false]);
  const theirs = await list('Scoped', key, app, otherKey);
  expect([theirs.status, isReplay(theirs)]).toEqual([409, false]); // the name is taken
});

test('what the service refused is refused again with the same words; a mended request needs a new key', async () => {
  const key = freshKey();
  const first = await post('/campaigns/987654/launch', {}, key);
  const again = await post('/campaigns/987654/launch', {}, key);
  expect([first.status, again.status, isReplay(again), again.text]).toEqual([404, 404, true, first.text]);
  expect(again.headers.get('content-type')).toContain('application/problem+json');
  const invalid = await post('/lists', { nme: 'x' }, freshKey());
  expect(invalid.status).toBe(422);
  expect(isReplay(await post('/lists', { nme: 'x' }, `"key ${count}"`))).toBe(true);
});

test('refusals for the key’s scope, unreadable bodies and our own failures are not kept', async () => {
  const made = await app.api('POST', '/v1/api-keys', { name: 'reader', scopes: ['contacts:read'] });
  const key = freshKey();
  expect((await list('Kept', key, app, made.body.key)).status).toBe(403);
  expect((await post('/lists', '{"name":', key)).status).toBe(415);
  const broken = await call(app.url, app.key, 'POST', '/v1/lists', '{"name":', {
    'idempotency-key': key,
    'content-type': 'application/json',
  });
  expect(broken.status).toBe(400);
  expect(await rowOf(key)).toBeNull();
  await app.db.run(sql`alter table list rename to list_gone`);
  const failed = await list('Kept', key);
  await app.db.run(sql`alter table list_gone rename to list`);
  expect([failed.status, await rowOf(key)]).toEqual([500, null]);
  expect((await list('Kept', key)).status).toBe(201);
});

test('of many calls at once in two processes one is carried out; the others wait their turn or hear its answer', async () => {
  const key = freshKey();
  const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => list('Race', key, i % 2 ? other : app)));
  const done = answers.filter(answer => answer.status === 201);
  expect(done.filter(answer => !isReplay(answer))).toHaveLength(1);
  expect(new Set(done.map(answer => answer.text)).size).toBe(1);
  const early = answers.filter(answer => answer.status !== 201);
  expect(early.every(answer => answer.status === 409 && /still runs/.test(answer.body.detail))).toBe(true);
  expect(await app.db.rows(sql`select 1 as one from list where name = 'Race'`)).toHaveLength(1);
});

test('a key whose process died says 409 until its lease is over, then a retry carries it out', async () => {
  const key = freshKey();
  await list('Left', key);
  await abandon(key);
  await app.db.run(sql`delete from list where name = 'Left'`);
  expect((await list('Left', key)).body).toMatchObject({ status: 409, code: 'conflict' });
  clock.advance(61_000);
  expect((await list('Something else', key)).status).toBe(422);
  const retried = await list('Left', key, other);
  expect([retried.status, isReplay(retried)]).toEqual([201, false]);
  expect(isReplay(await list('Left', key))).toBe(true);
});

test('a key is forgotten after a day, and the sweep takes its row', async () => {
  const key = freshKey();
  await list('Yesterday', key);
  clock.advance(23.9 * 3_600_000);
  await app.sweep();
  expect(isReplay(await list('Yesterday', key))).toBe(true);
  clock.advance(0.2 * 3_600_000);
  expect(isReplay(await list('Yesterday', key))).toBe(false); // also before any sweep
  clock.advance(25 * 3_600_000);
  await app.sweep();
  expect(await rowOf(key)).toBeNull();
});

test.each(['', '""', '"open', 'a b', 'a,b', '"a", "b"', '"a";x=1', 'é', 'x'.repeat(256), `"${'x'.repeat(256)}"`, '"\\x"'])(
  'the header %p is refused by name',
  async key => {
    expect((await list('Never', key)).body).toMatchObject({ status: 400, errors: [{ pointer: 'Idempotency-Key' }] });
  },
);

test.each(['x'.repeat(255), `"${'x'.repeat(255)}"`, '8e03978e-40d5-43dd-bc93-6894a57f9324', `"it's; \\"two\\", or \\\\"`])(
  'the header %p is taken',
  async key => {
    expect((await list(`Good ${++count}`, key)).status).not.toBe(400);
  },
);

test('an upload repeated with its key is read once', async () => {
  const key = freshKey();
  const form = () => formOf('external_id,first_name\none,Ann\n', { kind: 'contacts' });
  const first = await post('/imports', form(), key);
  const again = await post('/imports', form(), key);
  expect([first.status, again.status, isReplay(again), again.text]).toEqual([202, 202, true, first.text]);
  const longer = formOf('external_id,first_name\none,Ann\ntwo,Bob\n', { kind: 'contacts' });
  expect((await post('/imports', longer, key)).status).toBe(422);
});

test('everything that makes, sends or starts something takes the header, and nothing that shows a secret does', () => {
  const document = documentedRoutes(app).routes.filter(({ method }) => method === 'POST');
  const taking = document.filter(route => route.headers.includes('Idempotency-Key')).map(route => route.path);
  for (const path of [
    '/campaigns',
    '/campaigns/{id}/launch',
    '/campaigns/{id}/test',
    '/contacts/bulk',
    '/imports',
    '/sandbox/replies',
  ])
    expect(taking).toContain(`/v1${path}`);
  expect(taking).not.toContain('/v1/api-keys');
});
