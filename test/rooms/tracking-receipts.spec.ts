/** Receipts over HTTP, signed as Twilio signs: taken only with the right signature, stored first, applied in any order. */
import { sql } from '../../src/domain/sql.js';
import { SandboxAddress } from '../../src/gateways/sandbox-address.js';
import { signForm } from '../../src/gateways/twilio-signature.js';
import { type Answer, startTestApp, type TestApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { type OnTheWire, putOnTheWire } from '../support/ledger.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

let counter = 100;
async function makeContact(): Promise<string> {
  const { body } = await app.api('POST', '/v1/contacts', { phone: `+1212555${String(++counter).padStart(4, '0')}` });
  return body.id;
}

type Signed = { origin?: string; signature?: string };

async function post(token: string, form: Record<string, string>, { origin = app.url, signature }: Signed = {}): Promise<Answer> {
  const path = `/webhooks/twilio/receipt/${token}`;
  const { authToken } = app.get(SandboxAddress).credentials(app.workspaceId);
  const response = await fetch(app.url + path, {
    method: 'POST',
    headers: { 'x-twilio-signature': signature ?? signForm(authToken, origin + path, form) },
    body: new URLSearchParams(form),
  });
  return { status: response.status, body: null, headers: response.headers, text: await response.text() };
}

const receipt = (status: string, more: Record<string, string> = {}) => ({ MessageSid: 'SM1', MessageStatus: status, ...more });
const settled = (wire: OnTheWire, contactId: string, state: string) =>
  eventually(async () => {
    const row = await wire.stateOf(contactId);
    return row?.state === state ? row : null;
  });
const callbacks = () =>
  app.db.rows<{ outcome: string | null; token: string }>(
    sql`select outcome, token from gateway_callback order by id desc limit 5`,
  );

test('a receipt that comes before the sender has settled moves the message and fills in its provider id', async () => {
  const contact = await makeContact();
  const wire = await putOnTheWire(app, 'sms', [contact]);
  expect((await post(wire.receiptToken(contact), receipt('delivered', { MessageSid: 'SM77' }))).status).toBe(204);
  expect(await settled(wire, contact, 'delivered')).toMatchObject({ provider_id: 'SM77' });
});

test('receipts that come late or twice change nothing', async () => {
  const contact = await makeContact();
  const wire = await putOnTheWire(app, 'sms', [contact]);
  const token = wire.receiptToken(contact);
  for (const status of ['delivered', 'sent', 'delivered', 'sending', 'undelivered', 'queued'])
    expect((await post(token, receipt(status))).status).toBe(204);
  await settled(wire, contact, 'delivered');
  await eventually(async () => (await callbacks()).every(row => row.outcome !== null));
  expect((await wire.stateOf(contact))?.state).toBe('delivered');
});

test.each([
  ['no signature', { signature: '' }],
  ['another signature', { signature: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' }],
  ['a signature for another host', { origin: 'https://evil.example' }],
])('a receipt with %s is refused and not stored', async (_what, signed) => {
  const contact = await makeContact();
  const wire = await putOnTheWire(app, 'sms', [contact]);
  const before = (await callbacks()).length;
  expect((await post(wire.receiptToken(contact), receipt('delivered'), signed)).status).toBe(403);
  expect((await wire.stateOf(contact))?.state).toBe('sending');
  expect((await callbacks()).length).toBe(before);
});

test('a changed form no longer fits its signature, and a token of another kind is no address', async () => {
  const contact = await makeContact();
  const wire = await putOnTheWire(app, 'sms', [contact]);
  const token = wire.receiptToken(contact);
  const { authToken } = app.get(SandboxAddress).credentials(app.workspaceId);
  const signature = signForm(authToken, `${app.url}/webhooks/twilio/receipt/${token}`, receipt('delivered'));
  expect((await post(token, receipt('failed'), { signature })).status).toBe(403);
  expect((await post(`x${token}`, receipt('delivered'))).status).toBe(404);
  expect((await post('AAAA', receipt('delivered'))).status).toBe(404);
});

test('text that cannot be stored does not lose the receipt', async () => {
  const contact = await makeContact();
  const wire = await putOnTheWire(app, 'sms', [contact]);
  expect((await post(wire.receiptToken(contact), receipt('delivered', { ErrorMessage: 'a\0b' }))).status).toBe(204);
  await settled(wire, contact, 'delivered');
});

test('a body that is no form is refused', async () => {
  const contact = await makeContact();
  const wire = await putOnTheWire(app, 'sms', [contact]);
  const path = `/webhooks/twilio/receipt/${wire.receiptToken(contact)}`;
  for (const body of [{ a: { b: 1 } }, [1], 7, 'x'])
    expect((await app.api('POST', path, body)).status).toBeGreaterThanOrEqual(400);
  for (const body of [{ a: { b: 1 } }, [1], 7, 'x']) expect((await app.api('POST', path, body)).status).toBeLessThan(500);
});

test('an unknown handset is suppressed, a phone that is off is not', async () => {
  const [gone, off] = [await makeContact(), await makeContact()];
  const wire = await putOnTheWire(app, 'sms', [gone, off]);
  await post(wire.receiptToken(gone), receipt('undelivered', { ErrorCode: '30005' }));
  await post(wire.receiptToken(off), receipt('undelivered', { ErrorCode: '30003' }));
  await settled(wire, gone, 'undelivered');
  await settled(wire, off, 'undelivered');
  const reach = await app.db.rows<{ contact_id: string; is_suppressed: boolean }>(
    sql`select contact_id, is_suppressed from reach where contact_id = any(${[gone, off]}::bigint[]) order by contact_id`,
  );
  expect(reach.map(row => row.is_suppressed)).toEqual([true, false]);
});

test('hundreds of receipts at once are each stored and applied', async () => {
  const contacts = await Promise.all(Array.from({ length: 200 }, makeContact));
  const wire = await putOnTheWire(app, 'sms', contacts);
  const answers = await Promise.all(
    contacts.map(contact => post(wire.receiptToken(contact), receipt('delivered', { MessageSid: `SM${contact}` }))),
  );
  expect(answers.every(({ status }) => status === 204)).toBe(true);
  const delivered = () =>
    app.db.row<{ count: number }>(
      sql`select count(*)::int as count from message where dispatch_id = ${wire.dispatchId} and state = 'delivered' and provider_id = 'SM' || contact_id`,
    );
  await eventually(async () => (await delivered())?.count === 200);
});

test('a receipt stored by a process that died is applied by the sweep', async () => {
  const contact = await makeContact();
  const wire = await putOnTheWire(app, 'sms', [contact]);
  const payload = JSON.stringify(receipt('failed', { ErrorCode: '30007' }));
  await app.db.run(sql`insert into gateway_callback (workspace_id, gateway_id, kind, token, payload)
    values (${app.workspaceId}, ${wire.gatewayId}, 'receipt', ${wire.receiptToken(contact)}, ${payload}::jsonb)`);
  expect(await settled(wire, contact, 'failed')).toMatchObject({ error_code: '30007' });
});
