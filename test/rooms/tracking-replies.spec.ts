/** What people text back, from the sandbox's phones over HTTP: STOP is the whole message, holds at once, and START undoes it. */
import { sql } from '../../src/domain/sql.js';
import { GatewaysService } from '../../src/gateways/gateways.service.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { putOnTheWire } from '../support/ledger.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

let counter = 200;
const phone = () => `+1212555${String(++counter).padStart(4, '0')}`;
const consent = [{ channel: 'sms', topic: 'news', state: 'granted', source: 'test' }];

async function makeContact(number: string, externalId?: string): Promise<string> {
  const { status, body } = await app.api('POST', '/v1/contacts', {
    phone: number,
    consent,
    ...(externalId ? { externalId } : {}),
  });
  expect([status, body]).toEqual([expect.any(Number), expect.objectContaining({ id: expect.any(String) })]);
  return body.id;
}

const reply = (from: string, body: string) => app.api('POST', '/v1/sandbox/replies', { from, to: '+12025550100', body });
const reachOf = (contactId: string) =>
  app.db.row<{ is_suppressed: boolean; topics: string[] }>(
    sql`select is_suppressed, topics from reach where contact_id = ${contactId}`,
  );
const eventsOf = async (contactId: string) => (await app.api('GET', `/v1/contacts/${contactId}/events`)).body.data;

test('STOP suppresses before the webhook answers, and withdraws consent with the message as proof', async () => {
  const number = phone();
  const contact = await makeContact(number);
  expect((await reply(number, ' Stop! ')).status).toBe(202);
  expect(await reachOf(contact)).toMatchObject({ is_suppressed: true, topics: [] });
  const [newest] = (await app.api('GET', `/v1/contacts/${contact}/consents`)).body.data;
  expect(newest).toMatchObject({ state: 'withdrawn', channel: 'sms', proof: expect.objectContaining({ body: ' Stop! ' }) });
});

test.each(['don’t stop', 'Stop sending the blue ones', 'unstoppable', 'when does the bus stop?'])(
  '"%s" is no STOP',
  async text => {
    const number = phone();
    const contact = await makeContact(number);
    await reply(number, text);
    expect(await reachOf(contact)).toMatchObject({ is_suppressed: false, topics: ['news'] });
    expect(await eventsOf(contact)).toMatchObject([{ name: 'message.replied', properties: { body: text, keyword: null } }]);
  },
);

test('START after STOP lifts it and gives consent back', async () => {
  const number = phone();
  const contact = await makeContact(number);
  await reply(number, 'STOP');
  await reply(number, 'start');
  expect(await reachOf(contact)).toMatchObject({ is_suppressed: false, topics: ['news'] });
});

test('YES is an opt-in only for who has opted out, and HELP changes nothing', async () => {
  const number = phone();
  const contact = await makeContact(number);
  await reply(number, 'help');
  await reply(number, 'yes');
  expect((await eventsOf(contact)).map((event: { properties: { keyword: string } }) => event.properties.keyword)).toEqual([
    null,
    'help',
  ]);
  await reply(number, 'STOP');
  await reply(number, 'yes');
  expect(await reachOf(contact)).toMatchObject({ is_suppressed: false });
});

test('a STOP holds for everybody with the number, and for people who come later', async () => {
  const number = phone();
  const [ann, bob] = [await makeContact(number, 'ann'), await makeContact(number, 'bob')];
  await reply(number, 'UNSUBSCRIBE');
  const cid = await makeContact(number, 'cid');
  for (const contact of [ann, bob, cid]) expect(await reachOf(contact)).toMatchObject({ is_suppressed: true });
  const stranger = phone();
  await reply(stranger, 'STOP');
  expect(await reachOf(await makeContact(stranger))).toMatchObject({ is_suppressed: true });
});

test('a reply is in the history with the dispatch it answers', async () => {
  const number = phone();
  const contact = await makeContact(number);
  const wire = await putOnTheWire(app, 'sms', [contact]);
  await reply(number, 'Thanks');
  expect(await eventsOf(contact)).toMatchObject([
    { name: 'message.replied', properties: { dispatchId: wire.dispatchId, from: number } },
  ]);
  expect(await app.db.rows(sql`select kind, is_machine from message_event`)).toEqual([{ kind: 'replied', is_machine: false }]);
});

test('a reply to a message in the sandbox comes from its recipient', async () => {
  const number = phone();
  const contact = await makeContact(number);
  const gateways = app.get(GatewaysService);
  const gateway = await gateways.open(app.workspaceId, await gateways.sandboxId(app.workspaceId, 'sms'));
  if (gateway.channel !== 'sms') throw new Error('wrong channel');
  await gateway.sms.send({
    to: number,
    from: '+12025550100',
    body: 'Hi',
    callbackUrl: gateway.callbackUrl('x'),
    idempotencyKey: 'x',
  });
  const [message] = (await app.api('GET', `/v1/sandbox/messages?recipient=${encodeURIComponent(number)}`)).body.data;
  const { status, body } = await app.api('POST', '/v1/sandbox/replies', { messageId: message.id, body: 'STOP' });
  expect([status, body]).toEqual([202, expect.objectContaining({ from: number, to: '+12025550100' })]);
  expect(await reachOf(contact)).toMatchObject({ is_suppressed: true });
});

test('an unsigned reply is refused and stops nobody', async () => {
  const number = phone();
  const contact = await makeContact(number);
  const gateways = app.get(GatewaysService);
  const path = gateways.inboundPath(app.workspaceId, await gateways.sandboxId(app.workspaceId, 'sms'));
  const response = await fetch(app.url + path, {
    method: 'POST',
    body: new URLSearchParams({ From: number, Body: 'STOP', MessageSid: 'SM1' }),
  });
  expect(response.status).toBe(403);
  expect(await reachOf(contact)).toMatchObject({ is_suppressed: false });
});
