/** From planned to the wire: who may still be sent to, who holds a row, and what pause, cancel and the end of a campaign stop. */
import { sql } from '../../src/domain/sql.js';
import { slotCount } from '../../src/domain/hash.js';
import type { Dispatch } from '../../src/messages/dispatch.js';
import { type Claimed, LedgerService } from '../../src/messages/ledger.service.js';
import { MessagesService } from '../../src/messages/messages.service.js';
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
let other: TestApp;
let ledger: LedgerService;
let messages: MessagesService;
beforeAll(async () => {
  const environment = { SWEEP_SECONDS: '3600' };
  app = await startTestApp({ environment });
  other = await withoutSweeps(startTestApp({ environment, database: app.database }));
  await app.sweep();
  ledger = app.get(LedgerService);
  messages = app.get(MessagesService);
});
afterAll(async () => {
  await other.stop();
  await app.stop();
});

type Held = Claimed & { slot: number };

async function claimAll(dispatch: Dispatch, by = ledger, limit = 500): Promise<Held[]> {
  const slots = Array.from({ length: slotCount }, async (_, slot) =>
    (await by.claim(dispatch, slot, limit)).claimed.map(claimed => ({ ...claimed, slot })),
  );
  return (await Promise.all(slots)).flat();
}

const wave = (held: readonly Held[]) =>
  held.map(({ contactId }) => ({ contactId, encoding: 'GSM-7', parts: 2, mergeValues: {} }));

/** Calls `work` with what is held, one slot at a time. */
async function bySlot<Result>(held: readonly Held[], work: (slot: number, group: Held[]) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (const slot of new Set(held.map(one => one.slot)))
    results.push(
      await work(
        slot,
        held.filter(one => one.slot === slot),
      ),
    );
  return results;
}

const begin = async (dispatch: Dispatch, held: readonly Held[]): Promise<string[]> =>
  (await bySlot(held, (slot, group) => ledger.beginWave(dispatch, slot, dispatch.gatewayId, wave(group)))).flatMap(map => [
    ...map.keys(),
  ]);

const settleSent = (dispatch: Dispatch, held: readonly Held[]) =>
  bySlot(held, (slot, group) =>
    ledger.settle(
      dispatch,
      slot,
      group.map(({ contactId }) => ({ contactId, to: 'sent' as const, providerId: `SM${contactId}` })),
    ),
  );

const putBack = (dispatch: Dispatch, held: readonly Held[]) =>
  bySlot(held, (slot, group) =>
    ledger.putBack(
      dispatch,
      slot,
      group.map(({ contactId }) => contactId),
    ),
  );

async function accountedFor(dispatch: Dispatch): Promise<void> {
  const { matched, refused, planned, inFlight, sent, failed, unknown, canceled, expired } = await messages.report(
    app.workspaceId,
    dispatch.id,
  );
  const refusals = Object.values(refused).reduce((sum, count) => sum + count, 0);
  expect(refusals + planned + inFlight + sent + failed + unknown + canceled + expired).toBe(matched);
}

describe('what happened since the freeze', () => {
  test.each([
    ['consent is withdrawn', 'no-consent', (p: Person) => consent(p, 'withdrawn')],
    [
      'the address is suppressed',
      'suppressed',
      (p: Person) => app.api('POST', '/v1/suppressions', { channel: 'sms', address: p.address }),
    ],
    ['the person is erased', 'erased', (p: Person) => app.api('DELETE', `/v1/contacts/${p.id}`)],
    [
      'the address is no longer theirs',
      'no-address',
      (p: Person) => app.db.run(sql`delete from reach where contact_id = ${p.id}`),
    ],
  ])('%s: refused at the claim (%s)', async (_what, refusal, change) => {
    const [person, witness] = (await makePeople(app, 2)) as [Person, Person];
    await consent(person, 'granted');
    const dispatch = await freezeDispatch(app, [person, witness]);
    await change(person);
    const claimed = await claimAll(dispatch);
    expect(claimed.map(({ contactId }) => contactId)).toEqual([witness.id]);
    expect(await rowOf(app, dispatch.id, person)).toMatchObject({ state: 'refused', refusal, claimed_by: null });
    expect(await statesOf(app, dispatch.id)).toEqual({ claimed: 1, refused: 1 });
  });

  async function consent(person: Person, state: string): Promise<void> {
    const body = { channel: 'sms', topic: 'news', state, source: 'test' };
    const { status } = await app.api('POST', `/v1/contacts/${person.id}/consents`, body);
    expect(status).toBeLessThan(300);
  }
});

test('two workers that claim at once never get the same row', async () => {
  const dispatch = await freezeDispatch(app, await makePeople(app, 400));
  const rival = other.get(LedgerService);
  const claims = await Promise.all([1, 2, 3].flatMap(() => [claimAll(dispatch, ledger, 3), claimAll(dispatch, rival, 3)]));
  const ids = claims.flat().map(({ contactId }) => contactId);
  expect(new Set(ids).size).toBe(ids.length);
  const rest = await claimAll(dispatch);
  expect(ids.length + rest.length).toBe(400);
  expect(await statesOf(app, dispatch.id)).toEqual({ claimed: 400 });
  const owners = new Set((await rowsOf(app, dispatch.id)).map(row => row.claimed_by));
  expect(owners.size).toBe(2);
});

test('a claim takes no more than it is asked for, the earliest due first, and nothing that is not due', async () => {
  const dispatch = await freezeDispatch(app, await makePeople(app, 60));
  await app.db.run(
    sql`update message set send_after = send_after + contact_id % 7 * interval '1 s' where dispatch_id = ${dispatch.id}`,
  );
  await app.db.run(
    sql`update message set send_after = now() + interval '1 hour' where dispatch_id = ${dispatch.id} and contact_id % 7 = 6`,
  );
  const rows = await rowsOf(app, dispatch.id);
  for (let slot = 0; slot < slotCount; slot++) {
    const due = rows.filter(row => row.slot === slot && Number(row.contact_id) % 7 !== 6);
    due.sort((a, b) => Number(a.send_after) - Number(b.send_after));
    const { claimed } = await ledger.claim(dispatch, slot, 1);
    const earliest = due.filter(row => Number(row.send_after) === Number(due[0]?.send_after)).map(row => row.contact_id);
    if (due.length > 0) expect(earliest).toContain(claimed[0]?.contactId);
    expect(claimed).toHaveLength(Math.min(1, due.length));
  }
});

describe('the end of a campaign', () => {
  test('has come: nothing is claimed, and the sweep lets what is planned expire', async () => {
    const endsAt = new Date(app.clock.now().getTime() - 1000);
    const dispatch = await freezeDispatch(app, await makePeople(app, 100), { endsAt });
    expect(await claimAll(dispatch)).toEqual([]);
    await app.sweep();
    expect(await statesOf(app, dispatch.id)).toEqual({ expired: 100 });
    expect((await messages.getDispatch(app.workspaceId, dispatch.id)).state).toBe('done');
    await accountedFor(dispatch);
  });

  test('comes while messages are on the wire: those end, the rest expires', async () => {
    const endsAt = new Date(app.clock.now().getTime() + 3_600_000);
    const dispatch = await freezeDispatch(app, await makePeople(app, 100), { endsAt });
    const held = await claimAll(dispatch, ledger, 1);
    expect(await begin(dispatch, held)).toHaveLength(held.length);
    await app.db.run(sql`update dispatch set ends_at = now() - interval '1 s' where id = ${dispatch.id}`);
    await app.sweep();
    expect(await statesOf(app, dispatch.id)).toEqual({ sending: held.length, expired: 100 - held.length });
    expect((await messages.getDispatch(app.workspaceId, dispatch.id)).state).toBe('sending');
    await settleSent(dispatch, held);
    await app.sweep();
    expect(await statesOf(app, dispatch.id)).toEqual({ sent: held.length, expired: 100 - held.length });
    expect((await messages.getDispatch(app.workspaceId, dispatch.id)).state).toBe('done');
    await accountedFor(dispatch);
  });
});

describe('a pause', () => {
  test('stops claimed rows at the door; what is on the wire ends', async () => {
    const dispatch = await freezeDispatch(app, await makePeople(app, 100));
    const gone = await claimAll(dispatch, ledger, 1);
    await begin(dispatch, gone);
    const held = await claimAll(dispatch, ledger, 1);
    await app.db.transaction(tx => messages.pauseDispatch(tx, app.workspaceId, dispatch.id, null));
    expect(await begin(dispatch, held)).toEqual([]);
    await putBack(dispatch, held);
    await settleSent(dispatch, gone);
    expect(await statesOf(app, dispatch.id)).toEqual({ sent: gone.length, planned: 100 - gone.length });
    await app.sweep();
    await new Promise(resolve => setTimeout(resolve, 300));
    expect(await statesOf(app, dispatch.id)).toEqual({ sent: gone.length, planned: 100 - gone.length });
    expect((await messages.getDispatch(app.workspaceId, dispatch.id)).state).toBe('paused');
  });

  test('ends with a resume, and everybody who waited is sent to', async () => {
    const dispatch = await freezeDispatch(app, await makePeople(app, 100), { templateId: await makeTemplate(app) });
    await app.db.transaction(tx => messages.pauseDispatch(tx, app.workspaceId, dispatch.id, null));
    await messages.ringDrains(app.workspaceId, dispatch.id);
    await new Promise(resolve => setTimeout(resolve, 300));
    expect(await statesOf(app, dispatch.id)).toEqual({ planned: 100 });
    await app.db.transaction(tx => messages.resumeDispatch(tx, app.workspaceId, dispatch.id));
    await messages.ringDrains(app.workspaceId, dispatch.id);
    await eventually(async () => (await messages.getDispatch(app.workspaceId, dispatch.id)).state === 'done');
    await eventually(async () => (await statesOf(app, dispatch.id))['delivered'] === 100);
    await accountedFor(dispatch);
  });
});

describe('a cancel in the middle', () => {
  test('cancels what is planned and claimed; what is on the wire ends; the totals add up', async () => {
    const dispatch = await freezeDispatch(app, await makePeople(app, 200));
    const sent = await claimAll(dispatch, ledger, 1);
    await begin(dispatch, sent);
    await settleSent(dispatch, sent);
    const gone = await claimAll(dispatch, ledger, 1);
    await begin(dispatch, gone);
    const held = await claimAll(dispatch, ledger, 1);
    await messages.cancelDispatch(app.workspaceId, dispatch.id);
    expect(await begin(dispatch, held)).toEqual([]);
    await putBack(dispatch, held);
    await settleSent(dispatch, gone);
    const taken = sent.length + gone.length;
    expect(await statesOf(app, dispatch.id)).toEqual({ sent: taken, canceled: 200 - taken });
    await accountedFor(dispatch);
    expect((await messages.report(app.workspaceId, dispatch.id)).parts).toBe(2 * taken);
  });

  test('also cancels what comes back from the wire to be tried again', async () => {
    const dispatch = await freezeDispatch(app, await makePeople(app, 5));
    const gone = await claimAll(dispatch);
    await begin(dispatch, gone);
    await messages.cancelDispatch(app.workspaceId, dispatch.id);
    await bySlot(gone, (slot, group) =>
      ledger.settle(
        dispatch,
        slot,
        group.map(({ contactId }) => ({ contactId, to: 'planned', sendAfter: app.clock.now() })),
      ),
    );
    await app.sweep();
    expect(await statesOf(app, dispatch.id)).toEqual({ canceled: 5 });
  });

  test('leaves unknown mail unknown: nobody can say that it was never sent', async () => {
    const dispatch = await freezeDispatch(app, await makePeople(app, 5, 'email'), { channel: 'email' });
    const gone = await claimAll(dispatch);
    await begin(dispatch, gone);
    await bySlot(gone, (slot, group) =>
      ledger.settle(
        dispatch,
        slot,
        group.map(({ contactId }) => ({ contactId, to: 'unknown' })),
      ),
    );
    await messages.cancelDispatch(app.workspaceId, dispatch.id);
    await app.db.run(sql`update message set updated_at = now() - interval '1 minute' where dispatch_id = ${dispatch.id}`);
    await app.sweep();
    await new Promise(resolve => setTimeout(resolve, 500));
    expect(await statesOf(app, dispatch.id)).toEqual({ unknown: 5 });
  });
});

test('what one drain puts back never calls back what another has on the wire', async () => {
  const dispatch = await freezeDispatch(app, await makePeople(app, 20));
  const held = await claimAll(dispatch);
  await begin(dispatch, held);
  await putBack(dispatch, held);
  expect(await statesOf(app, dispatch.id)).toEqual({ sending: 20 });
});

test('text of a provider that PostgreSQL cannot store, and a count beyond reason, do not lose the news of a wave', async () => {
  const dispatch = await freezeDispatch(app, await makePeople(app, 2));
  const held = await claimAll(dispatch);
  await begin(dispatch, held);
  const hostile = { errorCode: 'a\0b', errorDetail: `\ud800${'x'.repeat(5000)}\0`, errorKind: 'rejected' };
  await bySlot(held, (slot, group) =>
    ledger.settle(
      dispatch,
      slot,
      group.map(({ contactId }) => ({ contactId, to: 'failed' as const, ...hostile, billedParts: 1e9 })),
    ),
  );
  expect(await statesOf(app, dispatch.id)).toEqual({ failed: 2 });
});
