/** The open doors: receipts, replies and the unsubscribe page. Forged, swapped, cut, replayed and hostile requests do nothing. */
import { request } from 'node:http';
import { sql } from '../../src/domain/sql.js';
import { GatewaysService } from '../../src/gateways/gateways.service.js';
import { SandboxAddress } from '../../src/gateways/sandbox-address.js';
import { signForm } from '../../src/gateways/twilio-signature.js';
import { Signing } from '../../src/platform/signing.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { type OnTheWire, putOnTheWire } from '../support/ledger.js';

jest.setTimeout(120_000);

let app: TestApp;
let signing: Signing;
let contact: string;
let wire: OnTheWire;
let inboundToken: string;
let unsubscribeToken: string;

const phone = '+12125550177';
const secret = () => app.get(SandboxAddress).credentials(app.workspaceId).authToken;
const twilio = { accountSid: `AC${'1'.repeat(32)}`, baseUrl: 'http://127.0.0.1:9' };

beforeAll(async () => {
  app = await startTestApp();
  signing = app.get(Signing);
  const consent = [{ channel: 'sms', topic: 'news', state: 'granted', source: 'test' }];
  contact = (await app.api('POST', '/v1/contacts', { phone, email: 'token@example.com', consent })).body.id;
  wire = await putOnTheWire(app, 'sms', [contact]);
  inboundToken = signing.sign('inbound', [app.workspaceId, wire.gatewayId]);
  unsubscribeToken = signing.sign('unsubscribe', [app.workspaceId, contact, 'sms', 'news', wire.dispatchId]);
});
afterAll(() => app.stop());

type Sent = { origin?: string; secret?: string; signed?: Record<string, string> };

async function postForm(path: string, form: Record<string, string>, sent: Sent = {}): Promise<number> {
  const signature = signForm(sent.secret ?? secret(), (sent.origin ?? app.url) + path, sent.signed ?? form);
  const body = new URLSearchParams(form);
  const response = await fetch(app.url + path, { method: 'POST', headers: { 'x-twilio-signature': signature }, body });
  await response.text();
  return response.status;
}

/** Everything that an open door could change. */
async function effects(): Promise<string> {
  const row = await app.db.row<{ all: string }>(sql`select (
      select count(*) from gateway_callback) || ' ' || (select count(*) from suppression) || ' ' || (select count(*) from consent) || ' ' ||
      (select count(*) from contact_event) || ' ' || (select count(*) from audit_entry) || ' ' || (select string_agg(state, ',') from message) as all`);
  return row?.all ?? '';
}

const changed = (token: string, at: number): string => token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);

test('a token of another kind, of another key, changed or cut is no address of ours', async () => {
  const before = await effects();
  const receiptToken = wire.receiptToken(contact);
  const foreign = new Signing({ ...app.config, secretKey: 'another-secret-key-of-forty-characters!!' });
  const bad = {
    receipt: [
      inboundToken,
      unsubscribeToken,
      foreign.sign('receipt', [app.workspaceId, wire.dispatchId, contact, 'sms', '0', wire.gatewayId]),
    ],
    inbound: [receiptToken, unsubscribeToken, foreign.sign('inbound', [app.workspaceId, wire.gatewayId])],
  };
  for (const [kind, tokens] of Object.entries(bad)) {
    const good = kind === 'receipt' ? receiptToken : inboundToken;
    const broken = [0, 5, 15, 20]
      .map(at => changed(good, at))
      .concat(good.slice(0, -4), good.slice(8), `${good}AAAA`, 'A', '%00', '..%2f..');
    for (const token of [...tokens, ...broken])
      expect([
        token,
        await postForm(`/webhooks/twilio/${kind}/${token}`, { MessageStatus: 'delivered', From: phone, Body: 'STOP' }),
      ]).toEqual([token, 404]);
  }
  for (const token of [receiptToken, inboundToken, changed(unsubscribeToken, 3), unsubscribeToken.slice(0, -4), 'preview'])
    for (const method of ['GET', 'POST']) expect((await fetch(`${app.url}/u/${token}`, { method })).status).toBe(404);
  expect(await effects()).toBe(before);
});

test('a signature holds for one URL, one form and one secret', async () => {
  const before = await effects();
  const path = `/webhooks/twilio/inbound/${inboundToken}`;
  const form = { From: phone, To: '+12025550100', Body: 'STOP', MessageSid: 'SM1' };
  expect(await postForm(path, form, { origin: 'https://evil.example' })).toBe(403);
  expect(await postForm(path, form, { secret: '0'.repeat(32) })).toBe(403);
  expect(await postForm(path, form, { secret: '' })).toBe(403);
  expect(await postForm(path, form, { signed: { ...form, From: '+12125550178' } })).toBe(403);
  expect(await postForm(path, { ...form, Extra: 'x' }, { signed: form })).toBe(403);
  const signature = signForm(secret(), app.url + path, form);
  for (const replayed of [
    `${path}?x=1`,
    path.replace('inbound/', 'inbound//'),
    `/webhooks/twilio/receipt/${wire.receiptToken(contact)}`,
  ]) {
    const body = new URLSearchParams(form);
    const answer = await fetch(app.url + replayed, { method: 'POST', headers: { 'x-twilio-signature': signature }, body });
    expect([403, 404]).toContain(answer.status);
  }
  expect(await effects()).toBe(before);
});

test('a receipt that was taken for one message proves nothing about another', async () => {
  const other = (await app.api('POST', '/v1/contacts', { phone: '+12125550179' })).body.id as string;
  const second = await putOnTheWire(app, 'sms', [other]);
  const form = { MessageSid: 'SM2', MessageStatus: 'delivered' };
  const signature = signForm(secret(), `${app.url}/webhooks/twilio/receipt/${wire.receiptToken(contact)}`, form);
  const answer = await fetch(`${app.url}/webhooks/twilio/receipt/${second.receiptToken(other)}`, {
    method: 'POST',
    headers: { 'x-twilio-signature': signature },
    body: new URLSearchParams(form),
  });
  expect(answer.status).toBe(403);
  expect((await second.stateOf(other))?.state).toBe('sending');
});

test('the signature of one workspace opens no callback of another', async () => {
  const stranger = app.get(SandboxAddress).credentials('999999' as never).authToken;
  const before = await effects();
  expect(await postForm(`/webhooks/twilio/inbound/${inboundToken}`, { From: phone, Body: 'STOP' }, { secret: stranger })).toBe(
    403,
  );
  expect(await effects()).toBe(before);
});

test('hostile bodies of callbacks are refused or kept, and never an error of ours', async () => {
  const wrong: string[] = [];
  const bodies: [string, string][] = [
    ['application/json', '[]'],
    ['application/json', '[["From","x"]]'],
    ['application/json', '{"From":{"a":1}}'],
    ['application/json', '{"__proto__":{"From":"x"}}'],
    ['application/json', '{'],
    ['application/x-www-form-urlencoded', ''],
    ['application/x-www-form-urlencoded', '&&&===%%%'],
    ['application/x-www-form-urlencoded', `a=${'x'.repeat(3_000_000)}`],
    ['application/x-www-form-urlencoded', 'From=1&'.repeat(100_000)],
    ['application/x-www-form-urlencoded', '__proto__=1&constructor=2&hasOwnProperty=3'],
    ['multipart/form-data; boundary=x', '--x\r\ncontent-disposition: form-data; name="From"\r\n\r\n1\r\n--x--'],
    ['text/plain', 'From=1'],
    ['text/xml', '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'],
  ];
  for (const place of [`webhooks/twilio/inbound/${inboundToken}`, `webhooks/twilio/receipt/${wire.receiptToken(contact)}`])
    for (const [type, body] of bodies) {
      const headers = { 'content-type': type, 'x-twilio-signature': 'x'.repeat(28) };
      const { status } = await fetch(`${app.url}/${place}`, { method: 'POST', headers, body });
      if (status < 400 || status >= 500) wrong.push(`${place} ${type} ${body.slice(0, 40)} → ${status}`);
    }
  expect(wrong).toEqual([]);
});

test('hostile forms that are rightly signed are kept, whatever is in them', async () => {
  const odd = [
    '',
    '\0',
    '\ud800',
    "'; drop table contact; --",
    '🧨'.repeat(2_000),
    '-1',
    '9'.repeat(400),
    '+',
    '\u202e',
    'a\r\nb',
  ];
  for (const value of odd) {
    const reply = { From: value, To: value, Body: value, MessageSid: value, OptOutType: value };
    expect(await postForm(`/webhooks/twilio/inbound/${inboundToken}`, reply)).toBe(200);
    expect(await postForm(`/webhooks/twilio/inbound/${inboundToken}`, { ...reply, From: phone })).toBe(200);
    const receipt = { MessageStatus: value, MessageSid: value, ErrorCode: value };
    expect(await postForm(`/webhooks/twilio/receipt/${wire.receiptToken(contact)}`, receipt)).toBe(204);
    expect(
      await postForm(`/webhooks/twilio/receipt/${wire.receiptToken(contact)}`, { ...receipt, MessageStatus: 'failed' }),
    ).toBe(204);
  }
  expect(await postForm(`/webhooks/twilio/inbound/${inboundToken}`, {})).toBe(200);
  expect((await app.api('GET', `/v1/contacts/${contact}`)).status).toBe(200);
});

describe('the unsubscribe page', () => {
  const raw = (method: string, headers: Record<string, string> = {}) =>
    new Promise<number>((resolve, reject) => {
      const call = request(`${app.url}/u/${unsubscribeToken}`, { method, headers }, answer =>
        answer.resume().on('end', () => resolve(answer.statusCode ?? 0)),
      );
      call.on('error', reject).end();
    });

  test('is only shown by GET, HEAD and whatever a scanner or prefetcher sends', async () => {
    const before = await effects();
    expect(await raw('GET')).toBe(200);
    expect(await raw('HEAD')).toBe(200);
    for (const purpose of ['prefetch', 'prefetch;prerender', 'preview'])
      expect(await raw('GET', { 'sec-purpose': purpose, purpose })).toBe(200);
    expect(await raw('GET', { 'x-http-method-override': 'POST' })).toBe(200);
    for (const method of ['OPTIONS', 'PUT', 'DELETE', 'PATCH']) expect(await raw(method)).toBe(404);
    expect((await fetch(`${app.url}/u/${unsubscribeToken}?List-Unsubscribe=One-Click&scope=all`)).status).toBe(200);
    expect(await effects()).toBe(before);
  });

  test('acts by POST, once however often, and tells nothing of the person', async () => {
    const post = (body: string) =>
      fetch(`${app.url}/u/${unsubscribeToken}`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body,
      });
    const first = await post('List-Unsubscribe=One-Click');
    expect(first.status).toBe(200);
    expect(await first.text()).not.toContain(phone.slice(4));
    const after = await effects();
    for (let i = 0; i < 3; i++) expect((await post('List-Unsubscribe=One-Click')).status).toBe(200);
    expect(await effects()).toBe(after);
    const [newest] = (await app.api('GET', `/v1/contacts/${contact}/consents`)).body.data;
    expect(newest).toMatchObject({ state: 'withdrawn', topic: 'news', source: 'unsubscribe-link' });
  });

  test('answers a person who was erased, and one the ledger never knew', async () => {
    const gone = (await app.api('POST', '/v1/contacts', { phone: '+12125550180' })).body.id as string;
    await app.api('DELETE', `/v1/contacts/${gone}`);
    for (const id of [gone, '987654']) {
      const token = signing.sign('unsubscribe', [app.workspaceId, id, 'sms', 'news', '1']);
      for (const init of [
        { method: 'GET' },
        { method: 'POST', body: new URLSearchParams({ scope: 'all' }) },
        { method: 'POST', body: new URLSearchParams({ scope: 'topic' }) },
      ])
        expect((await fetch(`${app.url}/u/${token}`, init)).status).toBe(200);
    }
  });
});

test('a START typed into the sandbox does not lift the STOP of a real phone', async () => {
  const number = '+12125550181';
  const consent = [{ channel: 'sms', topic: 'news', state: 'granted', source: 'test' }];
  const id = (await app.api('POST', '/v1/contacts', { phone: number, consent })).body.id as string;
  const real = await app.api('POST', '/v1/gateways', {
    kind: 'twilio',
    name: 'Real',
    settings: twilio,
    secrets: { authToken: 'real-token' },
  });
  const path = app.get(GatewaysService).inboundPath(app.workspaceId, real.body.id);
  const say = (Body: string) =>
    postForm(path, { From: number, To: '+12025550100', Body, MessageSid: `SM${Body}` }, { secret: 'real-token' });
  const type = (body: string) => app.api('POST', '/v1/sandbox/replies', { from: number, to: '+12025550100', body });
  const reach = async () => (await app.api('GET', `/v1/contacts/${id}`)).body.reach[0];

  expect(await say('STOP')).toBe(200);
  expect((await type('START')).status).toBe(202);
  expect(await reach()).toMatchObject({ isSuppressed: true, topics: [] });
  expect(await say('START')).toBe(200);
  expect(await reach()).toMatchObject({ isSuppressed: false, topics: ['news'] });
});
