/** What people text back, from the sandbox's phones over HTTP: STOP is the whole message, holds at once, and START undoes it. */
import { sql } from '../../src/domain/sql.js';
import { GatewaysService } from '../../src/gateways/gateways.service.js';
import { Signing } from '../../src/platform/signing.js';
import { InboundService } from '../../src/tracking/inbound.service.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { uploadAndMerge } from '../support/imports.js';
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

/** As another provider's webhook would, past the signature: a real phone, unlike those of the sandbox. */
const text = (from: string, body: string, providerId: string, more: object = {}) =>
  app
    .get(InboundService)
    .take(app.workspaceId, '4711', { From: from, To: '+12025550100', Body: body, MessageSid: providerId, ...more });
const lift = (number: string) => app.api('DELETE', `/v1/suppressions?channel=sms&address=${encodeURIComponent(number)}`);

test('a START that is posted again does not lift the STOP that came after it', async () => {
  const number = phone();
  const contact = await makeContact(number);
  await text(number, 'STOP', 'SM1');
  await text(number, 'START', 'SM2');
  await text(number, 'STOP', 'SM3');
  await text(number, 'START', 'SM2');
  expect(await reachOf(contact)).toMatchObject({ is_suppressed: true, topics: [] });
  expect(await eventsOf(contact)).toHaveLength(3);
  const outcomes = await app.db.rows(sql`select outcome from gateway_callback where payload ->> 'From' = ${number} order by id`);
  expect(outcomes).toEqual(['stop', 'start', 'stop', 'repeated'].map(outcome => ({ outcome })));
});

test('START in the sandbox lifts no STOP of a real phone, whichever came first', async () => {
  for (const stops of [['sandbox', 'real'], ['real', 'sandbox'], ['sandbox']]) {
    const number = phone();
    const contact = await makeContact(number);
    for (const where of stops) await (where === 'real' ? text(number, 'STOP', `SM-${number}`) : reply(number, 'STOP'));
    await reply(number, 'START');
    expect(await reachOf(contact)).toMatchObject({ is_suppressed: stops.includes('real') });
  }
});

test('a STOP is kept beside a dead number, and START gives back what it took', async () => {
  const number = phone();
  const contact = await makeContact(number);
  await app.api('POST', '/v1/suppressions', { channel: 'sms', address: number, reason: 'invalid' });
  await text(number, 'STOP', 'SM10');
  await app.api('DELETE', `/v1/suppressions?channel=sms&address=${encodeURIComponent(number)}&reason=invalid`);
  expect(await reachOf(contact)).toMatchObject({ is_suppressed: true, topics: [] });
  await text(number, 'START', 'SM11');
  expect(await reachOf(contact)).toMatchObject({ is_suppressed: false, topics: ['news'] });
});

test('START gives back what a STOP took although an operator has lifted that', async () => {
  const number = phone();
  const contact = await makeContact(number);
  await text(number, 'STOP', 'SM20');
  await lift(number);
  expect(await reachOf(contact)).toMatchObject({ is_suppressed: false, topics: [] });
  await text(number, 'START', 'SM21');
  expect(await reachOf(contact)).toMatchObject({ is_suppressed: false, topics: ['news'] });
});

test('START does not take back a no that was said elsewhere after the STOP', async () => {
  const [phoned, clicked] = [phone(), phone()];
  const [byFile, byLink] = [await makeContact(phoned), await makeContact(clicked)];
  await text(phoned, 'STOP', 'SM30');
  await text(clicked, 'STOP', 'SM31');
  await uploadAndMerge(app, `phone,consent.sms.news\n${phoned},no\n`, { kind: 'contacts', options: { consentSource: 'list' } });
  const link = app.get(Signing).sign('unsubscribe', [app.workspaceId, byLink, 'sms', 'news', '7']);
  expect((await fetch(`${app.url}/u/${link}`, { method: 'POST' })).status).toBe(200);
  await text(phoned, 'START', 'SM32');
  await text(clicked, 'START', 'SM33');
  for (const contact of [byFile, byLink]) expect(await reachOf(contact)).toMatchObject({ is_suppressed: false, topics: [] });
});

test('START gives nothing back over a no whose date is before the STOP', async () => {
  const number = phone();
  const contact = await makeContact(number);
  await app.db.run(sql`update consent set occurred_at = '2026-01-01T00:00:00Z' where contact_id = ${contact}`);
  await text(number, 'STOP', 'SM34');
  const file = `phone,consent.sms.news,consentAt\n${number},no,2026-02-01T00:00:00Z\n`;
  await uploadAndMerge(app, file, { kind: 'contacts', options: { consentSource: 'list' } });
  await text(number, 'START', 'SM35');
  expect(await reachOf(contact)).toMatchObject({ is_suppressed: false, topics: [] });
});

test('START from one phone gives nothing back while the person’s other phone is stopped', async () => {
  const [home, work] = [phone(), phone()];
  const contact = await makeContact(home);
  await app.api('PATCH', `/v1/contacts/${contact}`, { phones: [work] });
  const topicsOf = async () =>
    (await app.db.row<{ topics: string[] }>(sql`select topics from reach where contact_id = ${contact} and is_primary`))?.topics;
  await text(home, 'STOP', 'SM50');
  await text(work, 'START', 'SM51');
  expect(await topicsOf()).toEqual([]);
  await text(work, 'STOP', 'SM52');
  await text(work, 'START', 'SM53');
  expect(await topicsOf()).toEqual([]);
  await text(home, 'START', 'SM54');
  expect(await topicsOf()).toEqual(['news']);
});

test('what was typed into the sandbox for one phone keeps nothing back from the other’s START', async () => {
  const [own, tried] = [phone(), phone()];
  const contact = await makeContact(own);
  await app.api('PATCH', `/v1/contacts/${contact}`, { phones: [tried] });
  await reply(tried, 'STOP');
  await text(own, 'STOP', 'SM56');
  await text(own, 'START', 'SM57');
  const topics = await app.db.rows(
    sql`select is_primary, is_suppressed, topics from reach where contact_id = ${contact} order by 1 desc`,
  );
  expect(topics).toEqual([
    { is_primary: true, is_suppressed: false, topics: ['news'] },
    { is_primary: false, is_suppressed: true, topics: ['news'] },
  ]);
});

test('START in the sandbox gives back what only the sandbox took', async () => {
  const [mixed, pure] = [phone(), phone()];
  const [wasReal, wasNot] = [await makeContact(mixed), await makeContact(pure)];
  await text(mixed, 'STOP', 'SM55');
  await lift(mixed);
  for (const number of [mixed, pure]) {
    await reply(number, 'STOP');
    await lift(number);
    await reply(number, 'START');
  }
  expect(await reachOf(wasReal)).toMatchObject({ is_suppressed: false, topics: [] });
  expect(await reachOf(wasNot)).toMatchObject({ is_suppressed: false, topics: ['news'] });
});

test('an opt-out that only the provider understood is kept, wherever its text is cut', async () => {
  const number = phone();
  const contact = await makeContact(number);
  await text(number, `${'x'.repeat(199)}😡 leave me alone`, 'SM40', { OptOutType: 'STOP' });
  expect(await reachOf(contact)).toMatchObject({ is_suppressed: true, topics: [] });
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
