/** From planned to the wire: who may still be sent to, who holds a row, and what pause, cancel and the end of a campaign stop. */
import { sql } from '../../src/domain/sql.js';
import { slotCount } from '../../src/domain/hash.js';
import type { Dispatch } from '../../src/messages/dispatch.js';
import { type Due, LedgerService } from '../../src/messages/ledger.service.js';
import { MessagesService } from '../../src/messages/messages.service.js';
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

type Held = Due & { slot: number };

/** What is due in each slot, at most `limit` of each. */
async function look(dispatch: Dispatch, by = ledger, limit = 500): Promise<Held[]> {
  const slots = Array.from({ length: slotCount }, async (_, slot) =>
    (await by.listDue(dispatch, slot, limit)).map(due => ({ ...due, slot })),
  );
  return (await Promise.all(slots)).flat();
}

const wave = (held: readonly Held[]) => held.map(({ contactId: id, address }) => draftFor({ id, address }));

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

/** The contacts whose message may go. */
const begin = async (dispatch: Dispatch, held: readonly Held[], by = ledger): Promise<string[]> =>
  (await bySlot(held, (slot, group) => by.claimWave(dispatch, slot, dispatch.gatewayId, wave(group)))).flatMap(({ attempts }) => [
    ...attempts.keys(),
  ]);

const settleSent = (dispatch: Dispatch, held: readonly Held[]) =>
  bySlot(held, (slot, group) =>
    ledger.settle(
      dispatch,
      slot,
      group.map(({ contactId }) => ({ contactId, to: 'sent' as const, providerId: `SM${contactId}` })),
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

describe('what happened since the look at what is due', () => {
  test.each([
    ['consent is withdrawn', 'no-consent', (p: Person) => consent(p, 'withdrawn')],
    [
      'the address is suppressed',
      'suppressed',
      (p: Person) => app.api('POST', '/v1/suppressions', { channel: 'sms', address: p.address }),
    ],
    [
      'the address was being added while it was suppressed',
      'suppressed',
      async (p: Person) => {
        await app.api('POST', '/v1/suppressions', { channel: 'sms', address: p.address });
        await app.db.run(sql`update reach set is_suppressed = false where contact_id = ${p.id}`);
      },
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
    const held = await look(dispatch);
    expect(held).toHaveLength(2);
    await change(person);
    expect(await begin(dispatch, held)).toEqual([witness.id]);
    expect(await rowOf(app, dispatch.id, person)).toMatchObject({ state: 'refused', refusal, claimed_by: null, attempt: 0 });
    expect(
      await app.db.row(sql`select merge_values from message where dispatch_id = ${dispatch.id} and contact_id = ${person.id}`),
    ).toEqual({
      merge_values: null,
    });
    expect(await statesOf(app, dispatch.id)).toEqual({ sending: 1, refused: 1 });
  });

  test('the message could not be made: refused with that reason, unless there is a graver one', async () => {
    const [person, stopped] = (await makePeople(app, 2)) as [Person, Person];
    const dispatch = await freezeDispatch(app, [person, stopped]);
    await app.api('POST', '/v1/suppressions', { channel: 'sms', address: stopped.address });
    for (const { slot, ...due } of await look(dispatch)) {
      const unmade = { ...draftFor({ id: due.contactId, address: due.address }), refusal: 'empty-message' as const };
      expect(await ledger.claimWave(dispatch, slot, dispatch.gatewayId, [unmade])).toEqual({ attempts: new Map(), refused: 1 });
    }
    expect(await rowOf(app, dispatch.id, person)).toMatchObject({ state: 'refused', refusal: 'empty-message' });
    expect(await rowOf(app, dispatch.id, stopped)).toMatchObject({ state: 'refused', refusal: 'suppressed' });
  });

  test('the time of the dispatch is over: nothing of it goes', async () => {
    const people = await makePeople(app, 2);
    const dispatch = await freezeDispatch(app, people);
    const held = await look(dispatch);
    await app.db.run(sql`update dispatch set ends_at = ${new Date(app.clock.now().getTime() - 1)} where id = ${dispatch.id}`);
    expect(await begin(dispatch, held)).toEqual([]);
    expect(await statesOf(app, dispatch.id)).toEqual({ planned: 2 });
  });

  test('its last try ended and the next one is for later: it waits for its hour', async () => {
    const dispatch = await freezeDispatch(app, await makePeople(app, 5));
    const held = await look(dispatch);
    expect(await begin(dispatch, held, other.get(LedgerService))).toHaveLength(5);
    const sendAfter = new Date(app.clock.now().getTime() + 60_000);
    await bySlot(held, (slot, group) =>
      other.get(LedgerService).settle(
        dispatch,
        slot,
        group.map(({ contactId }) => ({ contactId, to: 'planned' as const, sendAfter })),
      ),
    );
    expect(await begin(dispatch, held)).toEqual([]);
    expect(await statesOf(app, dispatch.id)).toEqual({ planned: 5 });
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
  // All look before any claims, and the rivals begin at the two ends.
  const turns = await Promise.all([1, 2, 3].flatMap(() => [look(dispatch, ledger, 3), look(dispatch, rival, 3)]));
  const claims = await Promise.all(
    turns.map((held, i) => (i % 2 === 0 ? begin(dispatch, held, ledger) : begin(dispatch, [...held].reverse(), rival))),
  );
  const ids = claims.flat();
  expect(new Set(ids).size).toBe(ids.length);
  const rest = await begin(dispatch, await look(dispatch));
  expect(ids.length + rest.length).toBe(400);
  expect(await statesOf(app, dispatch.id)).toEqual({ sending: 400 });
  const owners = new Set((await rowsOf(app, dispatch.id)).map(row => row.claimed_by));
  expect(owners.size).toBe(2);
});

test('a look sees no more than it is asked for, the earliest due first, and nothing that is not due', async () => {
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
    const seen = await ledger.listDue(dispatch, slot, 1);
    const earliest = due.filter(row => Number(row.send_after) === Number(due[0]?.send_after)).map(row => row.contact_id);
    if (due.length > 0) expect(earliest).toContain(seen[0]?.contactId);
    expect(seen).toHaveLength(Math.min(1, due.length));
  }
});

describe('the end of a campaign', () => {
  test('has come: nothing is claimed, and the sweep lets what is planned expire', async () => {
    const endsAt = new Date(app.clock.now().getTime() - 1000);
    const dispatch = await freezeDispatch(app, await makePeople(app, 100), { endsAt });
    expect(await look(dispatch)).toEqual([]);
    await app.sweep();
    expect(await statesOf(app, dispatch.id)).toEqual({ expired: 100 });
    expect((await messages.getDispatch(app.workspaceId, dispatch.id)).state).toBe('done');
    await accountedFor(dispatch);
  });

  test('comes while messages are on the wire: those end, the rest expires', async () => {
    const endsAt = new Date(app.clock.now().getTime() + 3_600_000);
    const dispatch = await freezeDispatch(app, await makePeople(app, 100), { endsAt });
    const held = await look(dispatch, ledger, 1);
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
  test('stops what was about to go at the door; what is on the wire ends', async () => {
    const dispatch = await freezeDispatch(app, await makePeople(app, 100));
    const gone = await look(dispatch, ledger, 1);
    await begin(dispatch, gone);
    const held = await look(dispatch, ledger, 1);
    await app.db.transaction(tx => messages.pauseDispatch(tx, app.workspaceId, dispatch.id, null));
    expect(await begin(dispatch, held)).toEqual([]);
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
  test('cancels what is planned and what was about to go; what is on the wire ends; the totals add up', async () => {
    const dispatch = await freezeDispatch(app, await makePeople(app, 200));
    const sent = await look(dispatch, ledger, 1);
    await begin(dispatch, sent);
    await settleSent(dispatch, sent);
    const gone = await look(dispatch, ledger, 1);
    await begin(dispatch, gone);
    const held = await look(dispatch, ledger, 1);
    await messages.cancelDispatch(app.workspaceId, dispatch.id);
    expect(await begin(dispatch, held)).toEqual([]);
    await settleSent(dispatch, gone);
    const taken = sent.length + gone.length;
    expect(await statesOf(app, dispatch.id)).toEqual({ sent: taken, canceled: 200 - taken });
    await accountedFor(dispatch);
    expect((await messages.report(app.workspaceId, dispatch.id)).parts).toBe(2 * taken);
  });

  test('also cancels what comes back from the wire to be tried again', async () => {
    const dispatch = await freezeDispatch(app, await makePeople(app, 5));
    const gone = await look(dispatch);
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
    const gone = await look(dispatch);
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

test('text of a provider that PostgreSQL cannot store, and a count beyond reason, do not lose the news of a wave', async () => {
  const dispatch = await freezeDispatch(app, await makePeople(app, 2));
  const held = await look(dispatch);
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
