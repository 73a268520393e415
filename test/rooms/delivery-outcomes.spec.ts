/** What a gateway says and what follows: through the real adapters, against peers that throttle, refuse, break off and fall silent. */
import { sql } from '../../src/domain/sql.js';
import { MessagesService } from '../../src/messages/messages.service.js';
import type { Dispatch } from '../../src/messages/dispatch.js';
import { startTestApp, type TestApp } from '../support/app.js';
import {
  expectTallied,
  freezeDispatch,
  makePeople,
  makeTemplate,
  type MessageRow,
  type Person,
  rowOf,
  rowsOf,
  sendTo,
  statesOf,
} from '../support/dispatches.js';
import { eventually } from '../support/eventually.js';
import { ShiftedClock } from '../support/shifted-clock.js';
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink.js';
import { startTwilioSink, type TwilioSink } from '../support/twilio-sink.js';

let app: TestApp;
let phones: TwilioSink;
let mail: SmtpSink;
let sms: string;
let email: string;
const clock = new ShiftedClock();

beforeAll(async () => {
  app = await startTestApp({ clock });
  phones = await startTwilioSink();
  mail = await startSmtpSink();
  const accountSid = `AC${'0'.repeat(32)}`;
  sms = await makeGateway({ kind: 'twilio', settings: { accountSid, baseUrl: phones.url }, secrets: { authToken: 'x' } });
  email = await makeGateway({ kind: 'smtp', settings: { host: '127.0.0.1', port: mail.port, security: 'none' } });
});
afterAll(async () => {
  await app.stop();
  await phones.close();
  await mail.close();
});
beforeEach(async () => {
  await phones.behave('accept');
  await mail.behave('accept');
  phones.lists = true;
  await app.db.run(sql`delete from pace`);
});
afterEach(async () => {
  // What a test leaves open must not be sent in the next one.
  await app.db.run(sql`update dispatch set state = 'canceled', finished_at = now() where state in ('sending', 'paused')`);
});

let gateways = 0;
async function makeGateway(change: object): Promise<string> {
  const { status, body } = await app.api('POST', '/v1/gateways', { name: `Gateway ${++gateways}`, ...change });
  if (status !== 201) throw new Error(`no gateway: ${JSON.stringify(body)}`);
  return body.id;
}

const all = (dispatch: Dispatch, holds: (row: MessageRow) => boolean) =>
  eventually(async () => {
    const rows = await rowsOf(app, dispatch.id);
    return rows.every(holds) && rows;
  });
const stateOf = (dispatch: Dispatch) => app.get(MessagesService).getDispatch(app.workspaceId, dispatch.id);
const isDone = (dispatch: Dispatch) => eventually(async () => (await stateOf(dispatch)).state === 'done');
const isPaused = (dispatch: Dispatch) =>
  eventually(async () => {
    const now = await stateOf(dispatch);
    return now.state === 'paused' && now;
  });
const resume = (dispatch: Dispatch) =>
  app.db.transaction(tx => app.get(MessagesService).resumeDispatch(tx, app.workspaceId, dispatch.id));

describe('a gateway that throttles', () => {
  test('uses up no attempt, however often, and everybody is sent to when it has had its rest', async () => {
    await phones.behave('throttle');
    const dispatch = await sendTo(app, await makePeople(app, 6), { gatewayId: sms });
    for (let round = 1; round <= 8; round++) {
      await eventually(() => phones.asked >= round * 6);
      const rows = await all(dispatch, row => row.state === 'planned' && row.error_kind === 'throttled');
      expect(rows.map(row => row.attempt)).toEqual([0, 0, 0, 0, 0, 0]);
      clock.advance(3_500);
    }
    await phones.behave('accept');
    clock.advance(3_500);
    await isDone(dispatch);
    expect(await statesOf(app, dispatch.id)).toEqual({ sent: 6 });
    expect((await rowsOf(app, dispatch.id)).every(row => row.attempt === 1)).toBe(true);
  });

  test('is left alone for as long as it asks: thousands of messages are not thrown at it', async () => {
    await phones.behave('throttle');
    const dispatch = await sendTo(app, await makePeople(app, 3_000), { gatewayId: sms });
    await eventually(() => phones.asked > 0);
    await new Promise(resolve => setTimeout(resolve, 1_500));
    // At most one window of 100 was on the wire, and one more that had been claimed when the rest began.
    expect(phones.asked).toBeLessThanOrEqual(200);
    expect((await statesOf(app, dispatch.id))['planned']).toBe(3_000);
  });
});

test('a passing failure is tried again, later each time, and given up after six tries', async () => {
  await phones.behave('fail-for-now');
  const dispatch = await sendTo(app, await makePeople(app, 5), { gatewayId: sms });
  const waits: number[] = [];
  for (let attempt = 1; attempt <= 5; attempt++) {
    const [row] = await all(dispatch, one => one.state === 'planned' && one.attempt === attempt);
    waits.push(Math.round((Number(row?.send_after) - clock.now().getTime()) / 1_000));
    clock.advance(20 * 60_000);
  }
  await isDone(dispatch);
  expect(await statesOf(app, dispatch.id)).toEqual({ failed: 5 });
  [10, 20, 40, 80, 160].forEach((wait, i) => expect(Math.abs((waits[i] ?? 0) - wait)).toBeLessThanOrEqual(3));
  expect(phones.asked).toBe(30);
});

test('a recipient who is refused fails alone, with the provider’s code', async () => {
  await phones.behave('reject-recipient');
  const dispatch = await sendTo(app, await makePeople(app, 3), { gatewayId: sms });
  await isDone(dispatch);
  expect(await statesOf(app, dispatch.id)).toEqual({ failed: 3 });
  expect(await app.db.rows(sql`select distinct error_code from message where dispatch_id = ${dispatch.id}`)).toEqual([
    { error_code: '21211' },
  ]);
});

test('a recipient who opted out at the provider is suppressed here, for everything else too', async () => {
  const [person] = (await makePeople(app, 1, 'sms', { address: '+15005550004' })) as [Person];
  const dispatch = await sendTo(app, [person]);
  await isDone(dispatch);
  expect(await rowOf(app, dispatch.id, person)).toMatchObject({ state: 'failed', error_kind: 'opted-out' });
  const suppressed = () =>
    app.db.row<{ is_suppressed: boolean }>(sql`select is_suppressed from reach where contact_id = ${person.id}`);
  await eventually(async () => (await suppressed())?.is_suppressed);
  const again = await sendTo(app, [person]);
  expect(await rowOf(app, again.id, person)).toMatchObject({ state: 'refused', refusal: 'suppressed' });
  // What only the sandbox says, the sandbox can take back.
  expect(await app.db.rows(sql`select reason, source from suppression`)).toEqual([{ reason: 'stop', source: 'sandbox' }]);
});

describe('a dispatch pauses itself and says why', () => {
  test('when the gateway refuses our credentials; nobody loses a try, and a resume sends to everybody', async () => {
    await phones.behave('refuse-credentials');
    const dispatch = await sendTo(app, await makePeople(app, 150), { gatewayId: sms });
    expect((await isPaused(dispatch)).stateReason).toContain('Authenticate');
    const rows = await all(dispatch, row => row.state === 'planned');
    expect(rows.every(row => row.attempt === 0)).toBe(true);
    expect(phones.asked).toBeLessThanOrEqual(100);
    await phones.behave('accept');
    clock.advance(60_000);
    await resume(dispatch);
    await isDone(dispatch);
    expect(await statesOf(app, dispatch.id)).toEqual({ sent: 150 });
    expect(phones.taken).toHaveLength(150);
  });

  test('when the gateway cannot even be opened', async () => {
    const accountSid = `AC${'1'.repeat(32)}`;
    const gatewayId = await makeGateway({
      kind: 'twilio',
      settings: { accountSid, baseUrl: phones.url },
      secrets: { authToken: 'x' },
    });
    await app.db.run(sql`update gateway set secrets = '\\x00' where id = ${gatewayId}`);
    const dispatch = await sendTo(app, await makePeople(app, 3), { gatewayId });
    expect((await isPaused(dispatch)).stateReason).toContain('authToken');
    expect(await statesOf(app, dispatch.id)).toEqual({ planned: 3 });
  });

  test('when a hundred messages in a row fail for reasons of ours', async () => {
    await phones.behave('fail-for-now');
    const dispatch = await sendTo(app, await makePeople(app, 600), { gatewayId: sms });
    expect((await isPaused(dispatch)).stateReason).toContain('Service unavailable');
    await all(dispatch, row => row.state === 'planned');
    await expectTallied(app, dispatch.id);
    expect(phones.asked).toBeLessThanOrEqual(300);
  });
});

describe('an SMS that nobody answered for', () => {
  test('stays unknown and is never sent again', async () => {
    phones.lists = false;
    await phones.behave('drop-after-hand-off');
    const dispatch = await sendTo(app, await makePeople(app, 5), { gatewayId: sms });
    await isDone(dispatch);
    expect(await statesOf(app, dispatch.id)).toEqual({ unknown: 5 });
    for (let hour = 0; hour < 3; hour++) {
      clock.advance(3_600_000);
      await app.sweep();
      await new Promise(resolve => setTimeout(resolve, 200));
    }
    expect(await statesOf(app, dispatch.id)).toEqual({ unknown: 5 });
    expect(phones.taken).toHaveLength(5);
  });

  test('is found in the provider’s own list, which is asked less often each time it does not know', async () => {
    phones.lists = false;
    await phones.behave('drop-after-hand-off');
    const [person] = (await makePeople(app, 1)) as [Person];
    const dispatch = await sendTo(app, [person], { gatewayId: sms });
    const asked = async () =>
      (await app.db.row<{ asked: number }>(sql`select asked from message where dispatch_id = ${dispatch.id}`))?.asked;
    await isDone(dispatch);
    clock.advance(6_000);
    await eventually(async () => (await asked()) === 1);
    clock.advance(3_000);
    await new Promise(resolve => setTimeout(resolve, 600));
    expect(await asked()).toBe(1);
    phones.lists = true;
    clock.advance(8_000);
    await eventually(async () => (await rowOf(app, dispatch.id, person)).state === 'delivered');
    expect((await rowOf(app, dispatch.id, person)).provider_id).toMatch(/^SM0+1$/);
    expect(phones.taken).toHaveLength(1);
    await expectTallied(app, dispatch.id);
  });

  test('one message found for a contact is no evidence for another to the same contact', async () => {
    phones.lists = false;
    await phones.behave('drop-after-hand-off');
    const people = await makePeople(app, 1);
    const first = await sendTo(app, people, { gatewayId: sms });
    await isDone(first);
    const second = await sendTo(app, people, { gatewayId: sms });
    await isDone(second);
    await app.db.run(
      sql`update dispatch set created_at = ${new Date(clock.now().getTime() - 3_600_000)} where id = ${second.id}`,
    );
    // The provider has only one of the two.
    phones.taken.pop();
    phones.lists = true;
    clock.advance(10_000);
    const delivered = async () =>
      [...(await rowsOf(app, first.id)), ...(await rowsOf(app, second.id))].filter(row => row.state === 'delivered').length;
    await eventually(async () => (await delivered()) === 1);
    clock.advance(3_600_000);
    await new Promise(resolve => setTimeout(resolve, 600));
    expect(await delivered()).toBe(1);
  });
});

describe('a mail that nobody answered for', () => {
  const messageIds = () => mail.taken.map(({ message }) => /^Message-ID: (.*)$/im.exec(message)?.[1]).sort();

  test('goes out once more, with the same Message-ID', async () => {
    await mail.behave('drop-after-hand-off');
    const dispatch = await sendTo(app, await makePeople(app, 4, 'email'), { channel: 'email', gatewayId: email });
    await all(dispatch, row => row.state === 'unknown');
    expect(await statesOf(app, dispatch.id)).toEqual({ unknown: 4 });
    const first = messageIds();
    expect(new Set(first).size).toBe(4);
    await mail.behave('accept');
    clock.advance(6_000);
    await isDone(dispatch);
    expect(await statesOf(app, dispatch.id)).toEqual({ sent: 4 });
    expect(messageIds()).toEqual(first);
    expect((await rowsOf(app, dispatch.id)).every(row => row.resends === 1)).toBe(true);
  });

  test('never goes out a third time', async () => {
    await mail.behave('drop-after-hand-off');
    const dispatch = await sendTo(app, await makePeople(app, 3, 'email'), { channel: 'email', gatewayId: email });
    await all(dispatch, row => row.state === 'unknown');
    clock.advance(6_000);
    await isDone(dispatch);
    clock.advance(3_600_000);
    await app.sweep();
    await new Promise(resolve => setTimeout(resolve, 400));
    expect(mail.taken).toHaveLength(6);
    expect(await statesOf(app, dispatch.id)).toEqual({ unknown: 3 });
  });

  test('is not sent again when the campaign is over: unknown is the truth', async () => {
    await mail.behave('drop-after-hand-off');
    const endsAt = new Date(clock.now().getTime() + 60_000);
    const dispatch = await sendTo(app, await makePeople(app, 3, 'email'), { channel: 'email', gatewayId: email, endsAt });
    await all(dispatch, row => row.state === 'unknown');
    clock.advance(61_000);
    await isDone(dispatch);
    expect(mail.taken).toHaveLength(3);
    expect(await statesOf(app, dispatch.id)).toEqual({ unknown: 3 });
  });
});

test('only what is in the gateway’s window is ever on the wire', async () => {
  const accountSid = `AC${'2'.repeat(32)}`;
  const settings = { accountSid, baseUrl: phones.url };
  const gatewayId = await makeGateway({ kind: 'twilio', settings, secrets: { authToken: 'x' }, windowSize: 12 });
  phones.mostAtOnce = 0;
  const dispatch = await sendTo(app, await makePeople(app, 600), { gatewayId });
  let most = 0;
  await eventually(async () => {
    const row = await app.db.row<{ n: number }>(
      sql`select count(*)::int as n from message where dispatch_id = ${dispatch.id} and state = 'sending'`,
    );
    most = Math.max(most, row?.n ?? 0);
    return (await stateOf(dispatch)).state === 'done';
  });
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThanOrEqual(12);
  expect(phones.mostAtOnce).toBeLessThanOrEqual(12);
  expect(await statesOf(app, dispatch.id)).toEqual({ sent: 600 });
});

test('a wave of which nothing may go does not stop the others of its slot', async () => {
  const templateId = await makeTemplate(app, 'sms', '{{#if firstName}}Hi{{/if}}');
  const people = await makePeople(app, 300);
  const ids = (from: number) => sql`any (${people.slice(from).map(({ id }) => id)}::bigint[])`;
  const hourMs = 3_600_000;
  const dispatch = await freezeDispatch(app, people, {
    templateId,
    sendAfter: new Date(clock.now().getTime() + hourMs), // no sweep sends it before all is as it should be
    gatewayId: await makeGateway({
      kind: 'twilio',
      settings: { accountSid: `AC${'4'.repeat(32)}`, baseUrl: phones.url },
      secrets: { authToken: 'x' },
      windowSize: 1,
    }),
  });
  await app.db.run(sql`update reach set is_suppressed = true where contact_id = ${ids(200)}`);
  await app.db.run(sql`update contact set first_name = null where id = ${ids(100)}`);
  // Of each slot they go first: with a window of one, waves of nobody stand before those of somebody.
  await app.db.run(sql`update message set send_after = send_after - interval '1 s' where contact_id = ${ids(100)}`);
  clock.advance(hourMs);
  await app.get(MessagesService).ringDrains(app.workspaceId, dispatch.id);
  await isDone(dispatch);
  expect(await statesOf(app, dispatch.id)).toEqual({ refused: 200, sent: 100 });
  expect((await app.get(MessagesService).report(app.workspaceId, dispatch.id)).refused).toEqual({
    suppressed: 100,
    'empty-message': 100,
  });
});
