/** What dead and hanging workers leave behind comes back, at once or when the lease is over; the living keep what is theirs. */
import { slotOf } from '../../src/domain/hash.js';
import { sql } from '../../src/domain/sql.js';
import type { Dispatch, NewDispatch } from '../../src/messages/dispatch.js';
import { LedgerService } from '../../src/messages/ledger.service.js';
import { MessagesService } from '../../src/messages/messages.service.js';
import { isOwnerDead, WorkerIdentity } from '../../src/platform/jobs/worker-identity.js';
import { startTestApp, type TestApp } from '../support/app.js';
import {
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

const item = ({ id }: Person) => ({ contactId: id, encoding: 'GSM-7', parts: 1, mergeValues: {} });

/** `by` claims everybody and puts the first `wired` of them on the wire. */
async function hold(by: TestApp, people: readonly Person[], wired: number, change: Partial<NewDispatch> = {}): Promise<Dispatch> {
  const dispatch = await freezeDispatch(app, people, change);
  const theirs = by.get(LedgerService);
  for (const slot of new Set(people.map(({ id }) => slotOf(id)))) await theirs.claim(dispatch, slot, 500);
  for (const person of people.slice(0, wired))
    await theirs.beginWave(dispatch, slotOf(person.id), dispatch.gatewayId, [item(person)]);
  return dispatch;
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
  expect(await statesOf(app, dispatch.id)).toEqual({ claimed: 30, sending: 10 });
  await other.stop();
});

test('of a worker that died, everything comes back at once: claimed is planned again, on the wire is unknown', async () => {
  const other = await startOther();
  const dispatch = await hold(other, await makePeople(app, 40), 10);
  await die(other);
  expect(await recover(dispatch)).toEqual({ planned: 30, unknown: 10 });
  expect(await statesOf(app, dispatch.id)).toEqual({ planned: 30, unknown: 10 });
  const rows = await rowsOf(app, dispatch.id);
  expect(rows.every(row => row.claimed_by === null)).toBe(true);
  expect(rows.find(row => row.state === 'unknown')?.error_detail).toContain('ended while this was on the wire');
});

test('of a worker that hangs, everything comes back when its lease is over', async () => {
  const other = await startOther();
  const dispatch = await hold(other, await makePeople(app, 20), 5);
  await endLeases(dispatch);
  expect(await recover(dispatch)).toEqual({ planned: 15, unknown: 5 });
  expect(await statesOf(app, dispatch.id)).toEqual({ planned: 15, unknown: 5 });
  await other.stop();
});

test('two sweeps at once mend each row once', async () => {
  const other = await startOther();
  const dispatch = await hold(other, await makePeople(app, 60), 20);
  await die(other);
  const mended = await Promise.all([recover(dispatch), recover(dispatch), recover(dispatch)]);
  expect(mended.reduce((sum, { planned, unknown }) => sum + planned + unknown, 0)).toBe(60);
  expect(await statesOf(app, dispatch.id)).toEqual({ planned: 40, unknown: 20 });
});

test('a row that went on the wire after its lease was over is unknown, never planned: it may have been sent', async () => {
  const [person] = (await makePeople(app, 1)) as [Person];
  const dispatch = await hold(app, [person], 0);
  await endLeases(dispatch);
  // The lease was over when the sweep looked; the wave begins before it gets the slot's lock.
  const mending = app.db.transaction(async tx => {
    await tx.run(sql`select pg_advisory_xact_lock(${app.workspaceId}::bigint * 64 + ${slotOf(person.id)})`);
    const pending = recover(dispatch);
    await new Promise(resolve => setTimeout(resolve, 100));
    await tx.run(
      sql`update message set state = 'sending', attempt = 1, lease_until = now() + interval '1 minute' where dispatch_id = ${dispatch.id}`,
    );
    return { pending };
  });
  expect(await (await mending).pending).toEqual({ planned: 0, unknown: 0 });
  expect((await rowOf(app, dispatch.id, person)).state).toBe('sending');
});

describe('a zombie, whose rows were taken from it while it hung,', () => {
  test('puts nothing on the wire', async () => {
    const zombie = await startOther();
    const [person] = (await makePeople(app, 1)) as [Person];
    const dispatch = await hold(zombie, [person], 0);
    await endLeases(dispatch);
    await recover(dispatch);
    const begin = () => zombie.get(LedgerService).beginWave(dispatch, slotOf(person.id), dispatch.gatewayId, [item(person)]);
    expect((await begin()).size).toBe(0);
    await ledger.claim(dispatch, slotOf(person.id), 500);
    expect((await begin()).size).toBe(0);
    expect(await statesOf(app, dispatch.id)).toEqual({ claimed: 1 });
    await zombie.stop();
  });

  test('changes nothing of a row that another has claimed again, by settling or by putting back', async () => {
    const zombie = await startOther();
    const [person] = (await makePeople(app, 1)) as [Person];
    const slot = slotOf(person.id);
    const dispatch = await hold(zombie, [person], 0);
    await endLeases(dispatch);
    await recover(dispatch);
    await ledger.claim(dispatch, slot, 500);
    const theirs = zombie.get(LedgerService);
    const before = await rowOf(app, dispatch.id, person);
    await theirs.putBack(dispatch, slot, [person.id]);
    await theirs.settle(dispatch, slot, sent(person, 'SM-zombie'));
    expect(await rowOf(app, dispatch.id, person)).toEqual(before);
    await ledger.beginWave(dispatch, slot, dispatch.gatewayId, [item(person)]);
    await theirs.settle(dispatch, slot, sent(person, 'SM-zombie'));
    expect(await rowOf(app, dispatch.id, person)).toMatchObject({ state: 'sending', provider_id: null });
    await ledger.settle(dispatch, slot, sent(person, 'SM-ours'));
    expect(await rowOf(app, dispatch.id, person)).toMatchObject({ state: 'sent', provider_id: 'SM-ours' });
    expect(await statesOf(app, dispatch.id)).toEqual({ sent: 1 });
    await zombie.stop();
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
  await die(other);
  await app.sweep();
  await eventually(async () => (await statesOf(app, dispatch.id))['delivered'] === 40);
  expect(await statesOf(app, dispatch.id)).toEqual({ delivered: 40, unknown: 20 });
  expect((await app.get(MessagesService).getDispatch(app.workspaceId, dispatch.id)).state).toBe('done');
});
