import { GatewaysService } from '../../src/gateways/gateways.service.js';
import type { OpenEmailGateway, OpenSmsGateway } from '../../src/gateways/open-gateway.js';
import { sql } from '../../src/domain/sql.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';

jest.setTimeout(180_000);

let app: TestApp;
let sms: OpenSmsGateway;
let email: OpenEmailGateway;

beforeAll(async () => {
  app = await startTestApp();
  const gateways = app.get(GatewaysService);
  const open = async (channel: 'sms' | 'email') =>
    gateways.open(app.workspaceId, await gateways.resolve(app.workspaceId, channel, null));
  sms = (await open('sms')) as OpenSmsGateway;
  email = (await open('email')) as OpenEmailGateway;
});
afterAll(() => app.stop());

const text = (to: string, body = 'Hello') => ({
  to,
  from: '+12025550100',
  body,
  callbackUrl: sms.callbackUrl('token'),
  idempotencyKey: 'k',
});
const mail = (to: string) => ({
  to,
  from: { name: 'Shop', address: 'shop@example.com' },
  subject: 'Grüße',
  html: '<p>Hello <b>you</b></p>',
  text: 'Hello you',
  messageId: `<${to}@example.com>`,
  headers: {},
  callbackUrl: email.callbackUrl('token'),
});
const rowOf = (recipient: string) =>
  app.db.row<{ provider_id: string; body: string; subject: string; receipt_state: string; receipt_attempts: number }>(
    sql`select provider_id, body, subject, receipt_state, receipt_attempts from sandbox_message where recipient = ${recipient}`,
  );

test('an SMS is in the table when the answer comes, under the id that was answered', async () => {
  const { providerId, billedParts } = await sms.sms.send(text('+12125550101', 'سلام'));
  expect(await rowOf('+12125550101')).toMatchObject({ provider_id: providerId, body: 'سلام' });
  expect(billedParts).toBe(1);
});

test('a mail is in the table when the answer comes, under the id that was answered', async () => {
  const { providerId } = await email.email.send(mail('ann@example.com'));
  expect(await rowOf('ann@example.com')).toMatchObject({ provider_id: providerId, subject: 'Grüße' });
});

test.each([
  ['+15005550002', 'rejected', '21211'],
  ['+15005550004', 'opted-out', '21610'],
  ['+15005550008', 'retryable', '20503'],
  ['+15005550003', 'unknown', 'UND_ERR_SOCKET'],
])('a phone %s is refused as %s', async (to, kind, code) => {
  await expect(sms.sms.send(text(to))).rejects.toMatchObject({ kind, code });
});

test.each([
  ['reject@example.com', 'rejected', '550 5.1.1'],
  ['defer+1@example.com', 'retryable', '451 4.7.1'],
  ['noanswer@example.com', 'unknown', 'ECONNECTION'],
])('a mailbox %s is refused as %s', async (to, kind, code) => {
  await expect(email.email.send(mail(to))).rejects.toMatchObject({ kind, code });
});

test('what broke off before the answer was stored all the same', async () => {
  expect(await rowOf('+15005550003')).not.toBeNull();
  expect(await rowOf('noanswer@example.com')).not.toBeNull();
});

test('an unknown message is found by recipient and text', async () => {
  const found = await sms.sms.find?.('+15005550003', 'Hello', new Date(Date.now() - 60_000));
  expect(found).toMatchObject([{ providerId: (await rowOf('+15005550003'))?.provider_id }]);
});

test('wrong credentials are a misconfiguration', async () => {
  const gateways = app.get(GatewaysService);
  expect((await gateways.check(app.actor, sms.id)).isOk).toBe(true);
  expect((await gateways.check(app.actor, email.id)).isOk).toBe(true);
});

test('the mailbox and the phones are one list, and a mail opens in parts', async () => {
  const list = await app.api('GET', '/v1/sandbox/messages?limit=500');
  expect(list.body.data.map((item: { to: string }) => item.to)).toEqual(
    expect.arrayContaining(['ann@example.com', '+12125550101']),
  );
  const one = await app.api('GET', '/v1/sandbox/messages?recipient=(212)%20555-0101');
  expect(one.body.data).toMatchObject([{ to: '+12125550101', text: 'سلام', channel: 'sms' }]);
  const [ann] = (await app.api('GET', '/v1/sandbox/messages?recipient=ANN@example.com')).body.data;
  const opened = await app.api('GET', `/v1/sandbox/messages/${ann.id}`);
  expect(opened.body).toMatchObject({
    subject: 'Grüße',
    text: expect.stringContaining('Hello you'),
    html: expect.stringContaining('<b>you</b>'),
  });
});

test('another workspace sees nothing of it', async () => {
  const [ann] = (await app.api('GET', '/v1/sandbox/messages?recipient=ann@example.com')).body.data;
  await app.db.run(sql`insert into workspace (name) values ('Other')`);
  expect(await app.db.row(sql`select id from sandbox_message where workspace_id <> ${app.workspaceId}`)).toBeNull();
  expect((await app.api('GET', `/v1/sandbox/messages/${Number(ann.id) + 100000}`)).status).toBe(404);
});

test('a storm of messages is stored without losing one', async () => {
  const start = performance.now();
  const numbers = Array.from({ length: 3000 }, (_, i) => `+1213${5550000 + i}`);
  await Promise.all(numbers.map(to => sms.sms.send(text(to))));
  const smsSeconds = (performance.now() - start) / 1000;
  const half = performance.now();
  await Promise.all(numbers.map(to => email.email.send(mail(`p${to.slice(2)}@example.com`))));
  const emailSeconds = (performance.now() - half) / 1000;
  const stored = await app.db.row<{ count: number }>(
    sql`select count(distinct recipient)::int as count from sandbox_message where recipient like '+1213%' or recipient like 'p213%'`,
  );
  expect(stored?.count).toBe(6000);
  if (process.env.SHOW_RATES) process.stderr.write(`sms ${3000 / smsSeconds}/s email ${3000 / emailSeconds}/s\n`);
});

test('hostile questions are the caller’s mistake', async () => {
  for (const path of ['?limit=0', '?after=x', '?channel=fax', '?recipient=%00', '?what=1', '/abc'])
    expect((await app.api('GET', `/v1/sandbox/messages${path}`)).status).toBe(422);
  for (const body of [
    {},
    { messageId: '1' },
    { from: 'x', to: 'y', body: 'z' },
    { messageId: ['1'], body: 'a' },
    { from: '+12125550101', to: '\0', body: 'a' },
  ])
    expect((await app.api('POST', '/v1/sandbox/replies', body)).status).toBe(422);
  expect((await app.api('POST', '/v1/sandbox/replies', { messageId: '999999', body: 'a' })).status).toBe(404);
});

test('a receipt that nobody takes stays due and is tried again', async () => {
  const late = await eventually(async () => {
    const row = await rowOf('+12125550101');
    return row && row.receipt_attempts > 0 ? row : null;
  });
  expect(late.receipt_state).toBe('due');
});
