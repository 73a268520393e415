/** What dead and hanging workers leave behind comes back, at once or when the lease is over; the living keep what is theirs. */
import { slotOf } from '../../src/domain/hash.js';
import { sql } from '../../src/domain/sql.js';
import type { Dispatch, NewDispatch } from '../../src/messages/dispatch.js';
import { LedgerService } from '../../src/messages/ledger.service.js';
import { MessagesService } from '../../src/messages/messages.service.js';
import { isOwnerDead, WorkerIdentity } from '../../src/platform/jobs/worker-identity.js';
import { startTestApp, type TestApp } from '../support/app.js';
import {
  draftFor,
  freezeDispatch,
  makePeople,
  makeTemplate,
  type Person,
  rowOf,
  rowsOf,
  statesOf,
  withoutSweeps,
} from '../support/dispatches.js';
import { eventually } from '../support/eventually.js';

let app: TestApp;
let ledger: LedgerService;
const environment = { SWEEP_SECONDS: '3600' };
beforeAll(async () => {
  app = await startTestApp({ environment });
  await app.sweep();
  ledger = app.get(LedgerService);
});
afterAll(() => app.stop());

const startOther = (): Promise<TestApp> => withoutSweeps(startTestApp({ environment, database: app.database }));

const begin = (by: TestApp, dispatch: Dispatch, person: Person) =>
  by.get(LedgerService).claimWave(dispatch, slotOf(person.id), dispatch.gatewayId, [draftFor(person)]);

/** `by` puts the first `wired` of these people on the wire. */
async function hold(by: TestApp, people: readonly Person[], wired: number, change: Partial<NewDispatch> = {}): Promise<Dispatch> {
  const dispatch = await freezeDispatch(app, people, change);
  for (const person of people.slice(0, wired)) await begin(by, dispatch, person);
  return dispatch;
}

/** Leaves planned rows as a worker of an older version does: claimed, with nothing on the wire. */
async function claimAsBefore(by: TestApp, dispatch: Dispatch, people: readonly Person[]): Promise<void> {
  for (const { id } of people) await ledger.resolve(dispatch, slotOf(id), [{ contactId: id, to: 'claimed' }]);
  await app.db.run(sql`update message set claimed_by = ${by.get(WorkerIdentity).id}, lease_until = now() + interval '1 minute'
    where dispatch_id = ${dispatch.id} and state = 'claimed'`);
}

const endLeases = (dispatch: Dispatch) =>
  app.db.run(sql`update message set lease_until = now() - interval '1 s' where dispatch_id = ${dispatch.id}`);
const recover = (dispatch: Dispatch) => ledger.recover(app.workspaceId, dispatch.id);
const sent = (person: Person, providerId: string) => [{ contactId: person.id, to: 'sent' as const, providerId }];

/** Stops a worker and waits until PostgreSQL has seen its connection end: a moment later than the client. */
async function die(worker: TestApp): Promise<void> {
  const number = sql`${worker.get(WorkerIdentity).id}::int`;
  await worker.stop();
  await eventually(async () => (await app.db.row<{ gone: boolean }>(sql`select ${isOwnerDead(number)} as gone`))?.gone);
}

test('of a worker that lives, nothing is taken', async () => {
  const other = await startOther();
  const dispatch = await hold(other, await makePeople(app, 40), 10);
  expect(await recover(dispatch)).toEqual({ planned: 0, unknown: 0 });
  expect(await statesOf(app, dispatch.id)).toEqual({ planned: 30, sending: 10 });
  await other.stop();
});

test('of a worker that died, what was on the wire is unknown at once, and nothing else had left its place', async () => {
  const other = await startOther();
  const dispatch = await hold(other, await makePeople(app, 40), 10);
  await die(other);
  expect(await recover(dispatch)).toEqual({ planned: 0, unknown: 10 });
  expect(await statesOf(app, dispatch.id)).toEqual({ planned: 30, unknown: 10 });
  const rows = await rowsOf(app, dispatch.id);
  expect(rows.every(row => row.claimed_by === null)).toBe(true);
  expect(rows.find(row => row.state === 'unknown')?.error_detail).toContain('ended while this was on the wire');
});

test('of a worker of an older version that died, what it had claimed is planned again', async () => {
  const other = await startOther();
  const people = await makePeople(app, 40);
  const dispatch = await hold(other, people, 10);
  await claimAsBefore(other, dispatch, people.slice(10));
  expect(await recover(dispatch)).toEqual({ planned: 0, unknown: 0 });
  expect(await statesOf(app, dispatch.id)).toEqual({ claimed: 30, sending: 10 });
  await die(other);
  expect(await recover(dispatch)).toEqual({ planned: 30, unknown: 10 });
  expect(await statesOf(app, dispatch.id)).toEqual({ planned: 30, unknown: 10 });
});

test('of a worker that hangs, what was on the wire is unknown when its lease is over', async () => {
  const other = await startOther();
  const dispatch = await hold(other, await makePeople(app, 20), 5);
  await endLeases(dispatch);
  expect(await recover(dispatch)).toEqual({ planned: 0, unknown: 5 });
  expect(await statesOf(app, dispatch.id)).toEqual({ planned: 15, unknown: 5 });
  await other.stop();
});

test('two sweeps at once mend each row once', async () => {
  const other = await startOther();
  const people = await makePeople(app, 60);
  const dispatch = await hold(other, people, 20);
  await claimAsBefore(other, dispatch, people.slice(20));
  await die(other);
  const mended = await Promise.all([recover(dispatch), recover(dispatch), recover(dispatch)]);
  expect(mended.reduce((sum, { planned, unknown }) => sum + planned + unknown, 0)).toBe(60);
  expect(await statesOf(app, dispatch.id)).toEqual({ planned: 40, unknown: 20 });
});

test('a row whose lease was renewed while the sweep waited for its slot stays on the wire', async () => {
  const [person] = (await makePeople(app, 1)) as [Person];
  const dispatch = await hold(app, [person], 1);
  await endLeases(dispatch);
  // The lease was over when the sweep looked; the next try has begun before it gets the slot's lock.
  const mending = app.db.transaction(async tx => {
    await tx.run(sql`select pg_advisory_xact_lock(${app.workspaceId}::bigint * 64 + ${slotOf(person.id)})`);
    const pending = recover(dispatch);
    await eventually(async () =>
      app.db.row(sql`select from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database
        where datname = current_database())`),
    );
    await tx.run(sql`update message set lease_until = now() + interval '1 minute' where dispatch_id = ${dispatch.id}`);
    return { pending };
  });
  expect(await (await mending).pending).toEqual({ planned: 0, unknown: 0 });
  expect((await rowOf(app, dispatch.id, person)).state).toBe('sending');
});

describe('a zombie, whose rows were taken from it while it hung,', () => {
  test('puts nothing on the wire that another has there', async () => {
    const zombie = await startOther();
    const [person] = (await makePeople(app, 1)) as [Person];
    const dispatch = await hold(app, [person], 1);
    expect((await begin(zombie, dispatch, person)).attempts.size).toBe(0);
    expect(await rowOf(app, dispatch.id, person)).toMatchObject({ state: 'sending', claimed_by: app.get(WorkerIdentity).id });
    await zombie.stop();
  });

  test('claims nothing without its lock: others would take what it has on the wire for lost', async () => {
    const zombie = await startOther();
    const [person] = (await makePeople(app, 1)) as [Person];
    const dispatch = await freezeDispatch(app, [person]);
    zombie.get(WorkerIdentity).giveUp();
    expect(await begin(zombie, dispatch, person)).toEqual({ attempts: new Map(), refused: 0 });
    expect(await statesOf(app, dispatch.id)).toEqual({ planned: 1 });
    await zombie.stop();
  });

  test('changes nothing of a row that another has claimed again', async () => {
    const zombie = await startOther();
    const [person] = (await makePeople(app, 1, 'email')) as [Person];
    const slot = slotOf(person.id);
    const dispatch = await hold(zombie, [person], 1, { channel: 'email' });
    await endLeases(dispatch);
    await recover(dispatch);
    expect(await ledger.resendOnce(dispatch, [person.id])).toBe(1);
    expect((await begin(app, dispatch, person)).attempts).toEqual(new Map([[person.id, 2]]));
    await zombie.get(LedgerService).settle(dispatch, slot, sent(person, 'SM-zombie'));
    expect(await rowOf(app, dispatch.id, person)).toMatchObject({ state: 'sending', provider_id: null });
    await ledger.settle(dispatch, slot, sent(person, 'SM-ours'));
    expect(await rowOf(app, dispatch.id, person)).toMatchObject({ state: 'sent', provider_id: 'SM-ours' });
    expect(await statesOf(app, dispatch.id)).toEqual({ sent: 1 });
    await zombie.stop();
  });

  test('changes nothing of its own next try', async () => {
    const [person] = (await makePeople(app, 1, 'email')) as [Person];
    const slot = slotOf(person.id);
    const dispatch = await hold(app, [person], 1, { channel: 'email' });
    await endLeases(dispatch);
    await recover(dispatch);
    await ledger.resendOnce(dispatch, [person.id]);
    await begin(app, dispatch, person);
    // The answer to the first try, after all: the second is on the wire, and must not go out a third time for it.
    expect(await ledger.settle(dispatch, slot, [{ contactId: person.id, attempt: 1, to: 'planned' }])).toEqual([]);
    expect(await rowOf(app, dispatch.id, person)).toMatchObject({ state: 'sending', attempt: 2 });
    await ledger.settle(dispatch, slot, [{ contactId: person.id, attempt: 2, to: 'sent', providerId: 'SM-second' }]);
    expect(await statesOf(app, dispatch.id)).toEqual({ sent: 1 });
  });

  test('still tells what became of a message that is unknown meanwhile', async () => {
    const zombie = await startOther();
    const [person] = (await makePeople(app, 1)) as [Person];
    const dispatch = await hold(zombie, [person], 1);
    await endLeases(dispatch);
    expect(await recover(dispatch)).toEqual({ planned: 0, unknown: 1 });
    await zombie.get(LedgerService).settle(dispatch, slotOf(person.id), sent(person, 'SM1'));
    expect(await rowOf(app, dispatch.id, person)).toMatchObject({ state: 'sent', provider_id: 'SM1' });
    expect(await statesOf(app, dispatch.id)).toEqual({ sent: 1 });
    await zombie.stop();
  });
});

test('what a dead worker left is sent by the next sweep, and only what had not left the house', async () => {
  const other = await startOther();
  const people = await makePeople(app, 60);
  const dispatch = await hold(other, people, 20, { templateId: await makeTemplate(app) });
  await claimAsBefore(other, dispatch, people.slice(20, 40));
  await die(other);
  await app.sweep();
  await eventually(async () => (await statesOf(app, dispatch.id))['delivered'] === 40);
  expect(await statesOf(app, dispatch.id)).toEqual({ delivered: 40, unknown: 20 });
  // The receipts may have come before the last wave was settled.
  await eventually(async () => (await app.get(MessagesService).getDispatch(app.workspaceId, dispatch.id)).state === 'done');
});
