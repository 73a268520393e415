/**
 * The plans of the ledger's hot statements over two dispatches of 40 000: they read table `message` through the indexes their comments
 * name, and no more rows than their batch. A statement that grows with the ledger fails here, long before anybody has a large one.
 */
import { escapeLiteral, type PoolClient } from 'pg';
import { identifier, joinSql, type Sql, sql } from '../../src/domain/sql.js';
import { claimWave, type DueRow, selectDue } from '../../src/messages/claim.sql.js';
import type { Dispatch } from '../../src/messages/dispatch.js';
import { finishWhenDrained, selectOpenDispatches, selectPlannedSlots } from '../../src/messages/dispatch.sql.js';
import { fillProviderIds, type Move, moveMessages, moveSlot } from '../../src/messages/move.sql.js';
import { selectLeft, selectLeftSlots, selectUnknown } from '../../src/messages/recovery.sql.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { draftFor, freezeDispatch, makePeople, withoutSweeps } from '../support/dispatches.js';

jest.setTimeout(180_000);

const people = 40_000;
const slot = 7;
const owner = 999;
const batch = 25;

let app: TestApp;
let open: Dispatch;
let over: Dispatch;
/** On the wire. */
let held: string[];
let next: DueRow[];
let now: Date;
let later: Date;
const ids = (moveTo: Move['to']): Move[] => held.map(contactId => ({ contactId, to: moveTo, providerId: `SM${contactId}` }));
const drafts = (due: readonly DueRow[]) => due.map(row => draftFor({ id: row.contact_id, address: row.address ?? '' }));

beforeAll(async () => {
  app = await withoutSweeps(startTestApp());
  const everybody = await makePeople(app, people);
  over = await freezeDispatch(app, everybody);
  open = await freezeDispatch(app, everybody);
  // A dispatch that went badly: thousands failed, and a few of them are the only ones the sweeper should see.
  await app.db
    .run(sql`update message set send_after = null, state = case when contact_id % 1000 = 0 then 'unknown' else 'failed' end
    where dispatch_id = ${over.id}`);
  await app.db.run(sql`vacuum analyze message`);
  for (const table of ['dispatch', 'contact', 'reach', 'tally']) await app.db.run(sql`analyze ${identifier(table)}`);
  now = app.clock.now(); // the audience is due since a minute before it was frozen
  later = new Date(now.getTime() + 60_000);
  const due = await app.db.rows<DueRow>(selectDue(app.workspaceId, open.id, slot, now, 2 * batch));
  held = due.slice(0, batch).map(row => row.contact_id);
  await app.db.rows(claimWave(app.workspaceId, open, slot, owner, '1', now, later, drafts(due.slice(0, batch))));
  next = due.slice(batch);
});
afterAll(() => app.stop());

type Plan = {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
};
type PlanRow = { 'QUERY PLAN': { Plan: Plan }[] };
type Access = { index: string; rows: number };

/** The one plan for all values that a prepared statement comes down to; its values stand in the text of `execute`. */
async function prepare(client: PoolClient, statement: Sql): Promise<{ text: string; values: unknown[] }> {
  const { text, values } = statement.render();
  await client.query(`set local plan_cache_mode = force_generic_plan; deallocate all; prepare hot as ${text}`);
  // The driver writes each value as text, and PostgreSQL gives it back.
  const texts = sql`select array[${joinSql(
    values.map(value => sql`${value}::text`),
    ', ',
  )}] as texts`.render();
  const [row] = (await client.query<{ texts: (string | null)[] }>(texts)).rows;
  const literals = row?.texts.map(one => (one === null ? 'null' : escapeLiteral(one))) ?? [];
  return { text: `execute hot (${literals.join(', ')})`, values: [] };
}

/** How table `message` was read: by which index, how many rows it gave or threw away. Rolled back. */
async function readsOf(statement: Sql): Promise<Access[]> {
  const client = await app.db.pool.connect();
  try {
    await client.query('begin');
    const explained = statement.isPrepared ? await prepare(client, statement) : statement.render();
    const rows = (await client.query<PlanRow>({ ...explained, text: `explain (analyze, format json) ${explained.text}` })).rows;
    return nodesOf(rows[0]?.['QUERY PLAN'][0]?.Plan).flatMap(toAccess);
  } finally {
    await client.query('rollback');
    client.release();
  }
}

const nodesOf = (plan: Plan | undefined): Plan[] => (plan ? [plan, ...(plan.Plans ?? []).flatMap(nodesOf)] : []);

function toAccess(node: Plan): Access[] {
  const index = node['Index Name'] ?? node['Node Type'];
  const isRead = node['Node Type'] !== 'ModifyTable' && (node['Relation Name'] === 'message' || index.startsWith('message_'));
  const rows = (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'];
  return isRead ? [{ index, rows }] : [];
}

type Case = [name: string, statement: () => Sql, indexes: string[], mostRows: number];

async function expectReads([, statement, indexes, mostRows]: Case): Promise<void> {
  const reads = await readsOf(statement());
  expect(indexes).toEqual(expect.arrayContaining(reads.map(({ index }) => index)));
  for (const { rows } of reads) expect(rows).toBeLessThanOrEqual(mostRows);
}

const sending: Case[] = [
  ['selectDue', () => selectDue(app.workspaceId, open.id, slot, now, 200), ['message_due_idx'], 200],
  ['claimWave', () => claimWave(app.workspaceId, open, slot, owner, '1', now, later, drafts(next)), ['message_pkey'], batch],
  ['moveMessages', () => moveMessages(app.workspaceId, open, ids('planned'), owner), ['message_pkey'], batch],
  ['fillProviderIds', () => fillProviderIds(app.workspaceId, open, ids('sent')), ['message_pkey'], batch],
];

test.each<Case>([
  ...sending,
  ['moveSlot', () => moveSlot(app.workspaceId, open.id, 9, 'planned', 'canceled'), ['message_due_idx'], (2 * people) / 64],
  ['selectPlannedSlots', () => selectPlannedSlots(app.workspaceId, open.id, now), ['message_due_idx'], 64],
  [
    'finishWhenDrained',
    () => finishWhenDrained(app.workspaceId, open.id, now),
    ['message_due_idx', 'message_held_idx', 'message_unknown_idx'],
    1,
  ],
  [
    'finishWhenDrained, when it is',
    () => finishWhenDrained(app.workspaceId, over.id, now),
    ['message_due_idx', 'message_held_idx', 'message_unknown_idx'],
    1,
  ],
  ['selectLeftSlots', () => selectLeftSlots(app.workspaceId, open.id, now), ['message_held_idx'], 200],
  ['selectLeft', () => selectLeft(app.workspaceId, open.id, slot, now), ['message_held_idx'], 200],
  ['selectUnknown', () => selectUnknown(app.workspaceId, over.id, 5_000, now, 200), ['message_unknown_idx'], people / 1000],
  ['selectOpenDispatches', () => selectOpenDispatches(later), ['message_unknown_idx'], 2 * (people / 1000)],
])('%s reads by its indexes and no more than its batch', (...one) => expectReads(one));

const rename = (from: string, to: string) =>
  app.db.run(sql`update message set state = ${to} where dispatch_id = ${open.id} and state = ${from}`);

async function takeStatisticsOfAQuietHour(): Promise<void> {
  await rename('planned', 'delivered');
  await app.db.run(sql`analyze message`);
  await rename('delivered', 'planned');
}

async function forgetStatistics(): Promise<void> {
  await app.db.run(sql`delete from pg_statistic where starelid = 'message'::regclass`);
  await app.db.run(sql`update pg_class set reltuples = -1, relpages = 0 where relname like 'message%'`);
}

// An audience was frozen and its statistics are not yet taken: the first waves leave all the same.
describe.each([
  ['of an hour in which nothing was planned', takeStatisticsOfAQuietHour],
  ['that nobody has taken yet', forgetStatistics],
])('with statistics %s', (_which, unsettle) => {
  beforeAll(unsettle);

  test.each(sending)('%s does so too', (...one) => expectReads(one));
});
