/** Gateways over HTTP: secrets go in and never out, the sandbox is there from the start, and a sandbox-only workspace stays one. */
import { sql } from '../../src/domain/sql.js';
import { GatewayError } from '../../src/gateways/gateway-error.js';
import { GatewaysService } from '../../src/gateways/gateways.service.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { startTwilioSink, type TwilioSink } from '../support/twilio-sink.js';

let app: TestApp;
let sink: TwilioSink;
beforeAll(async () => {
  app = await startTestApp();
  sink = await startTwilioSink();
});
afterAll(async () => {
  await app.stop();
  await sink.close();
});

let counter = 0;
const accountSid = `AC${'1'.repeat(32)}`;
const twilio = (change: object = {}) => ({
  kind: 'twilio',
  name: `Twilio ${++counter}`,
  settings: { accountSid, baseUrl: sink.url },
  secrets: { authToken: 'very-secret-token' },
  ...change,
});
const smtp = (change: object = {}) => ({
  kind: 'smtp',
  name: `SMTP ${++counter}`,
  settings: { host: 'smtp.example.com', user: 'me' },
  secrets: { password: 'very-secret-password' },
  ...change,
});
const create = (body: object) => app.api('POST', '/v1/gateways', body);
const list = async () => (await app.api('GET', '/v1/gateways')).body.data;

test('a workspace has its sandbox pair from the start, as the defaults', async () => {
  expect(await list()).toMatchObject([
    { kind: 'sandbox', channel: 'sms', isDefault: true },
    { kind: 'sandbox', channel: 'email', isDefault: true },
  ]);
});

test('a secret is stored sealed and shown by name only', async () => {
  const { status, body, text } = await create(twilio());
  expect([status, body]).toEqual([
    201,
    expect.objectContaining({ secrets: { authToken: '********' }, isDefault: false, channel: 'sms' }),
  ]);
  expect(text).not.toContain('very-secret');
  const row = await app.db.row<{ whole: string }>(
    sql`select g::text || encode(secrets, 'escape') as whole from gateway g where id = ${body.id}`,
  );
  expect(row?.whole).not.toContain('very-secret');
  const audit = (await app.api('GET', '/v1/audit')).text;
  expect(audit).not.toContain('very-secret');
  expect(body.inboundUrl).toMatch(/\/webhooks\/twilio\/inbound\/[\w-]+$/);
});

test('a patch changes what it names, and another server needs its secret again', async () => {
  const { body } = await create(smtp());
  const path = `/v1/gateways/${body.id}`;
  const patched = await app.api('PATCH', path, { windowSize: 7, settings: { connections: 2 } });
  expect(patched.body).toMatchObject({
    windowSize: 7,
    name: body.name,
    settings: { host: 'smtp.example.com', port: 587, connections: 2 },
  });
  for (const settings of [{ host: 'evil.example.com' }, { port: 25 }, { security: 'none' }]) {
    const refused = await app.api('PATCH', path, { settings });
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([422, '/secrets']);
  }
  expect((await app.api('PATCH', path, { settings: { host: 'b.example.com' }, secrets: { password: 'x' } })).status).toBe(200);
  expect(
    (await app.api('PATCH', path, { settings: { user: null }, secrets: { password: 'x' } })).body.settings,
  ).not.toHaveProperty('user');
});

test('an opened gateway is kept until its row changes', async () => {
  const { body } = await create(twilio());
  const gateways = app.get(GatewaysService);
  const first = await gateways.open(app.workspaceId, body.id);
  expect(await gateways.open(app.workspaceId, body.id)).toBe(first);
  await app.api('PATCH', `/v1/gateways/${body.id}`, { windowSize: 3 });
  const second = await gateways.open(app.workspaceId, body.id);
  expect([second === first, second.windowSize]).toEqual([false, 3]);
});

test('a check says whether it can log in, and what is wrong', async () => {
  const { body } = await create(twilio());
  await sink.behave('refuse-credentials');
  const refused = await app.api('POST', `/v1/gateways/${body.id}/check`);
  expect([refused.status, refused.body]).toEqual([
    200,
    { isOk: false, problem: { kind: 'misconfigured', code: '20003', detail: 'Authenticate' } },
  ]);
  const nowhere = await create(smtp({ settings: { host: '127.0.0.1', port: 1, security: 'none' }, secrets: undefined }));
  expect((await app.api('POST', `/v1/gateways/${nowhere.body.id}/check`)).body).toMatchObject({
    isOk: false,
    problem: { kind: 'retryable', code: 'ECONNREFUSED' },
  });
  for (const sandbox of (await list()).slice(0, 2))
    expect((await app.api('POST', `/v1/gateways/${sandbox.id}/check`)).body).toEqual({ isOk: true, problem: null });
});

test('the default of a channel is chosen, used, and falls back to the sandbox', async () => {
  const { body } = await create(twilio());
  const gateways = app.get(GatewaysService);
  const sandbox = await gateways.resolve(app.workspaceId, 'sms', null);
  expect((await app.api('POST', `/v1/gateways/${body.id}/default`)).body.isDefault).toBe(true);
  expect((await list()).filter((row: { isDefault: boolean }) => row.isDefault)).toHaveLength(2);
  expect(await gateways.resolve(app.workspaceId, 'sms', null)).toBe(body.id);
  expect((await app.api('DELETE', `/v1/gateways/${body.id}`)).status).toBe(204);
  expect(await gateways.resolve(app.workspaceId, 'sms', null)).toBe(sandbox);
  await expect(gateways.resolve(app.workspaceId, 'sms', body.id)).rejects.toMatchObject({ code: 'invalid' });
  expect((await gateways.open(app.workspaceId, body.id)).id).toBe(body.id);
});

test('the sandbox cannot be deleted, and names are free again after a deletion', async () => {
  const [sandbox] = await list();
  expect((await app.api('DELETE', `/v1/gateways/${sandbox.id}`)).status).toBe(409);
  const wanted = twilio({ name: 'Again' });
  const first = await create(wanted);
  expect((await create(wanted)).status).toBe(409);
  await app.api('DELETE', `/v1/gateways/${first.body.id}`);
  expect((await create(wanted)).status).toBe(201);
});

test('a sandbox-only workspace refuses a real gateway at every door', async () => {
  const { body } = await create(twilio());
  await app.db.run(sql`update workspace set is_sandbox_only = true where id = ${app.workspaceId}`);
  const gateways = app.get(GatewaysService);
  try {
    expect((await create(twilio())).status).toBe(409);
    expect((await create(smtp())).status).toBe(409);
    expect((await app.api('POST', `/v1/gateways/${body.id}/default`)).status).toBe(409);
    await expect(gateways.resolve(app.workspaceId, 'sms', body.id)).rejects.toMatchObject({ code: 'conflict' });
    await expect(gateways.open(app.workspaceId, body.id)).rejects.toBeInstanceOf(GatewayError);
    expect(await gateways.resolve(app.workspaceId, 'sms', null)).toMatch(/^\d+$/);
  } finally {
    await app.db.run(sql`update workspace set is_sandbox_only = false where id = ${app.workspaceId}`);
  }
});

test('a secret sealed under another key is asked for again, not a crash', async () => {
  const { body } = await create(twilio());
  await app.db.run(
    sql`update gateway set secrets = '\\x00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff', updated_at = now() where id = ${body.id}`,
  );
  expect((await app.api('GET', `/v1/gateways/${body.id}`)).body.secrets).toEqual({});
  const checked = await app.api('POST', `/v1/gateways/${body.id}/check`);
  expect(checked.body.problem).toMatchObject({ kind: 'misconfigured', detail: expect.stringContaining('set it again') });
});

test.each([
  ['an unknown kind', { kind: 'pigeon' }, '/kind'],
  ['an unknown field', { colour: 'red' }, '/colour'],
  ['no secret', { secrets: undefined }, '/secrets'],
  ['a broken account', { settings: { accountSid: 'AC1' } }, '/settings/accountSid'],
  ['http to elsewhere', { settings: { accountSid, baseUrl: 'http://example.com' } }, '/settings/baseUrl'],
  ['a URL with a login', { settings: { accountSid, baseUrl: 'https://me:you@example.com' } }, '/settings/baseUrl'],
  ['no URL at all', { settings: { accountSid, baseUrl: 'javascript:alert(1)' } }, '/settings/baseUrl'],
  ['a NUL in the name', { name: 'a\0b' }, '/name'],
  ['half a surrogate', { name: '\ud800' }, '/name'],
  ['a list for a name', { name: ['a'] }, '/name'],
  ['a huge window', { windowSize: 1e9 }, '/windowSize'],
  ['a secret that is no text', { secrets: { authToken: { $gt: '' } } }, '/secrets/authToken'],
])('%s is the caller’s mistake and is named', async (_what, change, pointer) => {
  const { status, body } = await create(twilio(change));
  expect([status, body.errors?.map((error: { pointer: string }) => error.pointer)]).toEqual([
    422,
    expect.arrayContaining([pointer]),
  ]);
});

test.each([
  [{ settings: { port: '25' } }, '/settings/port'],
  [{ settings: { host: 'a b' } }, '/settings/host'],
  [{ settings: { colour: 1 } }, '/settings/colour'],
  [{ secrets: { password: 7 } }, '/secrets/password'],
  [{ kind: 'twilio' }, '/kind'],
])('a patch %j is refused', async (patch, pointer) => {
  const { body } = await create(smtp());
  const refused = await app.api('PATCH', `/v1/gateways/${body.id}`, patch);
  expect([refused.status, refused.body.errors?.[0].pointer]).toEqual([422, pointer]);
});

test('a user without a password is refused, and so is a gateway that is not there', async () => {
  expect((await create(smtp({ secrets: undefined }))).body.errors).toMatchObject([{ pointer: '/secrets' }]);
  for (const [method, path] of [
    ['GET', ''],
    ['PATCH', ''],
    ['DELETE', ''],
    ['POST', '/check'],
    ['POST', '/default'],
  ] as const)
    expect((await app.api(method, `/v1/gateways/999999${path}`, method === 'PATCH' ? {} : undefined)).status).toBe(404);
});
