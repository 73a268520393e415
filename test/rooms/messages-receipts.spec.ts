/** Receipts against the ledger: early, late, twice, out of order, for others. The state table decides, and the tallies follow. */
import { AccountsService } from '../../src/accounts/accounts.service.js';
import { slotOf } from '../../src/domain/hash.js';
import { sql } from '../../src/domain/sql.js';
import type { WorkspaceId } from '../../src/domain/ids.js';
import type { Dispatch } from '../../src/messages/dispatch.js';
import { LedgerService } from '../../src/messages/ledger.service.js';
import { MessagesService, type Receipt } from '../../src/messages/messages.service.js';
import { startTestApp, type TestApp } from '../support/app.js';
import {
  draftFor,
  expectTallied,
  freezeDispatch,
  makePeople,
  type Person,
  rowOf,
  statesOf,
  withoutSweeps,
} from '../support/dispatches.js';

let app: TestApp;
let ledger: LedgerService;
let messages: MessagesService;
beforeAll(async () => {
  app = await withoutSweeps(startTestApp());
  ledger = app.get(LedgerService);
  messages = app.get(MessagesService);
});
afterAll(() => app.stop());

const settle = (dispatch: Dispatch, { id }: Person, to: 'sent' | 'unknown' | 'planned', providerId?: string) =>
  ledger.settle(dispatch, slotOf(id), [{ contactId: id, to, providerId, billedParts: providerId ? 3 : undefined }]);

async function onTheWire(count = 1): Promise<{ dispatch: Dispatch; people: Person[] }> {
  const people = await makePeople(app, count);
  const dispatch = await freezeDispatch(app, people);
  for (const person of people) await wave(dispatch, person);
  return { dispatch, people };
}

const wave = (dispatch: Dispatch, person: Person) =>
  ledger.claimWave(dispatch, slotOf(person.id), dispatch.gatewayId, [draftFor(person)]);

const receipt = (dispatch: Dispatch, person: Person, state: Receipt['state'], change: Partial<Receipt> = {}): Receipt => ({
  dispatchId: dispatch.id,
  contactId: person.id,
  channel: 'sms',
  step: 0,
  state,
  at: new Date('2026-05-01T10:00:00Z'),
  ...change,
});

/** The contacts whose message moved. */
async function apply(receipts: readonly Receipt[], workspaceId: WorkspaceId = app.workspaceId): Promise<Set<string>> {
  const taken = await app.db.transaction(tx => messages.applyReceipts(tx, workspaceId, receipts));
  return new Set([...taken].map(({ contactId }) => contactId));
}

test('one that beats the settle delivers; the settle then only fills in what it knows', async () => {
  const { dispatch, people } = await onTheWire();
  const [person] = people as [Person];
  await apply([receipt(dispatch, person, 'delivered')]);
  expect(await rowOf(app, dispatch.id, person)).toMatchObject({ state: 'delivered', provider_id: null });
  expect(await settle(dispatch, person, 'sent', 'SM9')).toEqual([]);
  expect(await rowOf(app, dispatch.id, person)).toMatchObject({ state: 'delivered', provider_id: 'SM9' });
  expect(await statesOf(app, dispatch.id)).toEqual({ delivered: 1 });
  expect(await app.db.row(sql`select billed_parts, sent_at from message where dispatch_id = ${dispatch.id}`)).toEqual({
    billed_parts: 3,
    sent_at: new Date('2026-05-01T10:00:00Z'),
  });
});

test('one that beats the settle and brings the provider’s id leaves the parts to be filled in', async () => {
  const { dispatch, people } = await onTheWire();
  const [person] = people as [Person];
  await apply([receipt(dispatch, person, 'delivered', { providerId: 'SM9' })]);
  await settle(dispatch, person, 'sent', 'SM9');
  expect(await app.db.row(sql`select provider_id, billed_parts from message where dispatch_id = ${dispatch.id}`)).toEqual({
    provider_id: 'SM9',
    billed_parts: 3,
  });
});

test('of two that came together for two dispatches to one person, each is taken by itself', async () => {
  const [person] = (await makePeople(app, 1)) as [Person];
  const [delivered, fresh] = [await freezeDispatch(app, [person]), await freezeDispatch(app, [person])];
  for (const dispatch of [delivered, fresh]) await wave(dispatch, person);
  await apply([receipt(delivered, person, 'delivered')]);
  const [stale, news] = [receipt(delivered, person, 'undelivered', { providerId: 'SM1' }), receipt(fresh, person, 'delivered')];
  expect(await app.db.transaction(tx => messages.applyReceipts(tx, app.workspaceId, [stale, news]))).toEqual(new Set([news]));
  expect(await rowOf(app, delivered.id, person)).toMatchObject({ state: 'delivered', provider_id: 'SM1' });
  expect(await rowOf(app, fresh.id, person)).toMatchObject({ state: 'delivered', provider_id: null });
});

test('twice, and then late, is once', async () => {
  const { dispatch, people } = await onTheWire();
  const [person] = people as [Person];
  await settle(dispatch, person, 'sent', 'SM1');
  expect(await apply([receipt(dispatch, person, 'delivered')])).toEqual(new Set([person.id]));
  expect(await apply([receipt(dispatch, person, 'delivered')])).toEqual(new Set());
  expect(await apply([receipt(dispatch, person, 'sent'), receipt(dispatch, person, 'undelivered')])).toEqual(new Set());
  expect(await statesOf(app, dispatch.id)).toEqual({ delivered: 1 });
});

test.each([
  [['delivered', 'sent'], 'delivered'],
  [['sent', 'delivered'], 'delivered'],
  [['undelivered', 'delivered'], 'undelivered'],
  [['delivered', 'bounced'], 'bounced'],
  [['bounced', 'delivered'], 'bounced'],
  [['failed', 'delivered'], 'failed'],
  [['sent', 'sent', 'delivered', 'bounced', 'delivered'], 'bounced'],
] as const)('in the order %j, together or one by one, the message ends as %s', async (order, end) => {
  const { dispatch, people } = await onTheWire(2);
  const [together, apart] = people as [Person, Person];
  await apply(order.map(state => receipt(dispatch, together, state)));
  for (const state of order) await apply([receipt(dispatch, apart, state)]);
  expect(await statesOf(app, dispatch.id)).toEqual({ [end]: 2 });
});

test('of the try before an operator’s retry, it says nothing of the retry', async () => {
  const { dispatch, people } = await onTheWire();
  const [person] = people as [Person];
  const first = { providerId: 'SM1' };
  await settle(dispatch, person, 'sent', 'SM1');
  await apply([receipt(dispatch, person, 'failed', first)]);
  await messages.retryFailed(app.workspaceId, dispatch.id, null);
  await wave(dispatch, person);
  expect(await apply([receipt(dispatch, person, 'sent', first), receipt(dispatch, person, 'failed', first)])).toEqual(new Set());
  await settle(dispatch, person, 'sent', 'SM2');
  expect(await apply([receipt(dispatch, person, 'failed', first)])).toEqual(new Set());
  expect(await rowOf(app, dispatch.id, person)).toMatchObject({ state: 'sent', provider_id: 'SM2' });
  expect(await apply([receipt(dispatch, person, 'failed', { providerId: 'SM2' })])).toEqual(new Set([person.id]));
  await expectTallied(app, dispatch.id);
});

test('for an unknown message it is the evidence', async () => {
  const { dispatch, people } = await onTheWire();
  const [person] = people as [Person];
  await settle(dispatch, person, 'unknown');
  await apply([receipt(dispatch, person, 'delivered', { providerId: 'SM5' })]);
  expect(await rowOf(app, dispatch.id, person)).toMatchObject({ state: 'delivered', provider_id: 'SM5' });
  expect(await statesOf(app, dispatch.id)).toEqual({ delivered: 1 });
});

test('for a message that is to go out again it changes nothing', async () => {
  const { dispatch, people } = await onTheWire();
  const [person] = people as [Person];
  await settle(dispatch, person, 'planned');
  expect(await apply([receipt(dispatch, person, 'delivered', { providerId: 'SM5' })])).toEqual(new Set());
  expect(await rowOf(app, dispatch.id, person)).toMatchObject({ state: 'planned', provider_id: null });
});

test('from another workspace, for another step or contact, it changes nothing', async () => {
  const { dispatch, people } = await onTheWire();
  const [person] = people as [Person];
  const workspace = { name: 'Other', defaultCountry: 'US', timeZone: 'UTC', locale: 'en', currency: 'USD', isSandboxOnly: false };
  const other = await app.get(AccountsService).getOrCreateWorkspace(workspace);
  expect(await apply([receipt(dispatch, person, 'delivered')], other.id as WorkspaceId)).toEqual(new Set());
  expect(await apply([receipt(dispatch, person, 'delivered', { step: 1 })])).toEqual(new Set());
  expect(await apply([receipt(dispatch, person, 'delivered', { contactId: '999999' })])).toEqual(new Set());
  expect(await apply([receipt(dispatch, person, 'delivered', { dispatchId: '999999' })])).toEqual(new Set());
  expect(await statesOf(app, dispatch.id)).toEqual({ sending: 1 });
});

test('many of many slots at once, in batches that cross, all count once', async () => {
  const { dispatch, people } = await onTheWire(80);
  const receipts = people.flatMap(person => [receipt(dispatch, person, 'sent'), receipt(dispatch, person, 'delivered')]);
  const batches = [
    receipts,
    [...receipts].reverse(),
    receipts.filter((_, i) => i % 3 === 0),
    receipts.filter((_, i) => i % 2 === 0),
  ];
  await Promise.all([
    ...batches.map(batch => apply(batch)),
    ...people.map(person => settle(dispatch, person, 'sent', `SM${person.id}`)),
  ]);
  expect(await statesOf(app, dispatch.id)).toEqual({ delivered: 80 });
  expect((await messages.report(app.workspaceId, dispatch.id)).delivered).toBe(80);
});
