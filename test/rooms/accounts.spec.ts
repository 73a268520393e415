import { startTestApp, type TestApp } from '../support/app.js';

let app: TestApp;
beforeAll(async () => void (app = await startTestApp()));
afterAll(() => app.stop());

test('a call without a key is refused and says how to send one', async () => {
  const response = await fetch(`${app.url}/v1/workspace`);
  expect(response.status).toBe(401);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  expect(response.headers.get('www-authenticate')).toContain('Bearer');
});

test('a key opens its own workspace', async () => {
  const { status, body } = await app.api('GET', '/v1/workspace');
  expect(status).toBe(200);
  expect(body).toMatchObject({ id: app.workspaceId, name: 'Test', defaultCountry: 'US' });
});

test('a made key works with its scopes and no others, until it is revoked', async () => {
  const made = await app.api('POST', '/v1/api-keys', { name: 'reader', scopes: ['contacts:read'] });
  expect(made.status).toBe(201);
  const header = { authorization: `Bearer ${made.body.key}` };
  expect((await app.api('GET', '/v1/workspace', undefined, header)).status).toBe(200);
  expect((await app.api('GET', '/v1/api-keys', undefined, header)).body).toMatchObject({ code: 'forbidden', status: 403 });
  expect((await app.api('DELETE', `/v1/api-keys/${made.body.id}`)).status).toBe(204);
  expect((await app.api('GET', '/v1/workspace', undefined, header)).status).toBe(401);
});

test('the text of a key is in no row and no list', async () => {
  const made = await app.api('POST', '/v1/api-keys', { name: 'secret', scopes: ['admin'] });
  const listed = await app.api('GET', '/v1/api-keys');
  expect(listed.text).not.toContain(made.body.key);
  const { rows } = await app.db.pool.query('select api_key::text as row from api_key');
  expect(rows.some((row: { row: string }) => row.row.includes(made.body.key))).toBe(false);
});

test('an unknown field is named by its pointer', async () => {
  const { status, body } = await app.api('POST', '/v1/api-keys', { name: 'x', scopes: ['admin'], 'a/b': 1 });
  expect(status).toBe(422);
  expect(body.errors).toEqual([{ pointer: '/a~1b', message: 'Unknown field' }]);
});

test('writing leaves an audit row with its actor and request id', async () => {
  await app.api('POST', '/v1/api-keys', { name: 'audited', scopes: ['admin'] }, { 'x-request-id': 'req-77' });
  const { body } = await app.api('GET', '/v1/audit?limit=1');
  expect(body.data[0]).toMatchObject({ action: 'key.created', requestId: 'req-77', actor: expect.stringMatching(/^key:\d+$/) });
});

test.each([
  ['broken JSON', '{"name":', 400, 'malformed'],
  ['an array instead of an object', '[]', 422, 'invalid'],
  ['a NUL character', '{"name":"a\\u0000b","scopes":["admin"]}', 422, 'invalid'],
  ['half a surrogate pair', '{"name":"a\\ud800b","scopes":["admin"]}', 422, 'invalid'],
  ['a body over the limit', `{"name":"${'x'.repeat(3_000_000)}","scopes":["admin"]}`, 413, 'too-large'],
])('%s is a problem, not an error', async (_name, body, status, code) => {
  const answer = await app.api('POST', '/v1/api-keys', body, { 'content-type': 'application/json' });
  expect(answer.body).toMatchObject({ status, code });
});

test('a content type nobody reads is refused as such', async () => {
  const answer = await app.api('POST', '/v1/api-keys', 'name: x', { 'content-type': 'text/yaml' });
  expect(answer.body).toMatchObject({ status: 415, code: 'unsupported-media-type' });
});

test('health and metrics answer without a key', async () => {
  expect((await fetch(`${app.url}/health/live`)).status).toBe(200);
  expect(await (await fetch(`${app.url}/health/ready`)).json()).toEqual({
    status: 'ok',
    checks: { database: true, queue: true },
  });
  expect(await (await fetch(`${app.url}/metrics`)).text()).toContain('muster_queue_jobs');
});
