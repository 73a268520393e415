/**
 * One batch of an import: merges the next rows after `merged_to` and moves it, all in one transaction, also while the rest of
 * the file still comes. A crash anywhere loses at most the batches under way, and running them again is the same as once.
 */
import { ensureGroups } from '../groups.sql.js';
import type { ImportOptions } from '../../contract/imports.js';
import type { WorkspaceId } from '../../domain/ids.js';
import { sql } from '../../domain/sql.js';
import type { Tx } from '../../platform/database/database.js';
import { type BatchOutcome, type ImportRow, recordBatch, selectOpen } from './import.sql.js';
import { counter } from '../../platform/metrics.js';
import type { LaneOrder } from './batch-turn.js';
import { mergeOrders } from './merge-orders.js';
import { mergePeople } from './merge-people.js';
import type { ConsentSpec } from './merge-consents.sql.js';
import { joinGroups, recordChanged, selectGroupNames } from './merge-groups.sql.js';
import type { Columns } from './merge-people.sql.js';
import type { Batch } from './merge-rows.sql.js';
import { planColumns, type PlannedColumn } from './plan.js';
import { consentColumn, stagingColumns } from './row-reader.js';
import { stagingTable } from './staging.sql.js';

const importRows = counter('muster_import_rows_total', 'Rows of imports merged, skipped or rejected by the merge.', [
  'kind',
  'outcome',
]);

/**
 * `waiting`: the next batch is not staged whole, the upload will ring. `merged`: nothing is left. `over`: the import is not
 * open any more (canceled, failed, or another worker finished it).
 */
export type BatchState = 'more' | 'waiting' | 'merged' | 'over';
export type BatchResult = {
  state: BatchState;
  mergedTo: number;
  /** Whether every row was a person of its own that nobody knew: the next rows probably are, too. */
  isAllNew: boolean;
};

export type BatchOrder = { workspaceId: WorkspaceId; importId: string; rows: number; now: Date; lane: LaneOrder };

export async function mergeBatch(tx: Tx, { workspaceId, importId, rows, now, lane }: BatchOrder): Promise<BatchResult> {
  // Run again after a deadlock, it could wait for the batch behind it, which waits for this one: both start anew.
  if (lane.isBet && lane.turn.isNamed) throw new ImportMovedOn();
  const row = await tx.row<ImportRow>(selectOpen(workspaceId, importId));
  const isAllNew = lane.isBet;
  if (!row) return { state: 'over', mergedTo: 0, isAllNew };
  const staged = Number(row.rows_staged);
  const from = lane.behind?.to ?? Number(row.merged_to);
  if (row.state === 'uploading' && staged - from < rows) return { state: 'waiting', mergedTo: from, isAllNew };
  if (from >= staged) return { state: 'merged', mergedTo: from, isAllNew };
  const batch = { table: stagingTable(importId), from, to: Math.min(from + rows, staged) };
  await checkStaging(tx, batch);
  const outcome =
    row.kind === 'contacts'
      ? await mergeContacts(tx, workspaceId, row, batch, now, lane)
      : await mergeOrders(tx, workspaceId, row, batch, now);
  const isRecorded = (await tx.run(recordBatch(workspaceId, importId, { ...outcome, from, mergedTo: batch.to }, now))) > 0;
  if (!isRecorded) throw new ImportMovedOn();
  const { merged, skipped, rejected } = outcome;
  for (const [result, count] of Object.entries({ merged, skipped, rejected }))
    importRows.inc({ kind: row.kind, outcome: result }, count);
  return {
    state: row.state === 'merging' && batch.to >= staged ? 'merged' : 'more',
    mergedTo: batch.to,
    isAllNew: outcome.created === batch.to - from,
  };
}

/** The import was ended, or the batch merged by somebody else, while it was under way: roll it back and look again. */
export class ImportMovedOn extends Error {
  override readonly name = 'ImportMovedOn';
}

/** The rows of an upload are gone for good: the import fails, no retry helps. */
export class StagingLost extends Error {
  override readonly name = 'StagingLost';
}

/** Numbers have no gaps: a batch without its ends proves that the unlogged table was emptied by a crash of the database. */
async function checkStaging(tx: Tx, { table, from, to }: Batch): Promise<void> {
  const ends = [...new Set([from + 1, to])];
  const there = await tx.rows(sql`select from ${table} s where s.n = any(${ends}::bigint[])`);
  if (there.length !== ends.length)
    throw new StagingLost('The uploaded rows were lost when the database crashed; upload the file again');
}

async function mergeContacts(
  tx: Tx,
  workspaceId: WorkspaceId,
  row: ImportRow,
  batch: Batch,
  now: Date,
  { turn, behind, isBet }: LaneOrder,
): Promise<Omit<BatchOutcome, 'from' | 'mergedTo'>> {
  const { options } = row;
  const plan = planColumns('contacts', row.headers, row.mapping);
  const people = await mergePeople(tx, batch, {
    workspaceId,
    actor: row.actor,
    mode: options.onExisting === 'skip' ? 'skip' : 'upsert',
    columns: contactColumnsOf(plan),
    emptyMeans: options.emptyMeans,
    consents: consentSpecs(plan, options),
    importedAt: row.created_at,
    now,
    isBet,
    onNamed: () => turn.setNamed(batch.to),
  });
  // Lists and tags are shared with the batch before this one, which must not wait for us.
  if (behind && !(await behind.turn.isCommitted())) throw new ImportMovedOn();
  await mergeGroups(tx, workspaceId, batch, 'list', options.list === undefined ? [] : [options.list], plan);
  await mergeGroups(tx, workspaceId, batch, 'tag', options.tags, plan);
  await tx.run(recordChanged(workspaceId, 'contact', row.id));
  const { created, updated, skipped } = people;
  return { merged: batch.to - batch.from - skipped, skipped, rejected: 0, created, updated };
}

const notColumns = new Set(['tags', 'lists', 'attributes', 'consent_source', 'consent_at', 'more', 'raw']);

/** Staging columns that are columns of table contact. */
function contactColumnsOf(plan: readonly PlannedColumn[]): Columns {
  const names = stagingColumns('contacts', plan).map(({ name }) => name);
  const plain = plan.flatMap(({ meaning }) =>
    meaning.kind === 'column' ? [meaning.field.column] : meaning.kind === 'fullName' ? ['first_name', 'last_name'] : [],
  );
  return { plain: [...new Set(plain)].filter(name => !notColumns.has(name)), hasAttributes: names.includes('attributes') };
}

function consentSpecs(plan: readonly PlannedColumn[], options: ImportOptions): ConsentSpec[] {
  const has = (kind: 'consentSource' | 'consentAt'): boolean => plan.some(({ meaning }) => meaning.kind === kind);
  const otherwise = options.consentSource ?? null;
  const fixed = options.consent.map(({ channel, topic, state, source, legalBasis, proof, occurredAt }): ConsentSpec => ({
    channel,
    topic,
    state: { fixed: state },
    source: { fixed: source },
    legalBasis: legalBasis ?? null,
    proof: proof ?? {},
    occurredAt: occurredAt === undefined ? null : { fixed: occurredAt },
  }));
  const columns = plan.flatMap(({ meaning, header }): ConsentSpec[] => {
    if (meaning.kind !== 'consent') return [];
    const { channel, topic } = meaning;
    return [
      {
        channel,
        topic,
        state: { column: consentColumn(channel, topic) },
        source: has('consentSource') ? { column: 'consent_source', otherwise } : { fixed: otherwise ?? '' },
        legalBasis: null,
        proof: { column: header },
        occurredAt: has('consentAt') ? { column: 'consent_at' } : null,
      },
    ];
  });
  return [...fixed, ...columns];
}

async function mergeGroups(
  tx: Tx,
  workspaceId: WorkspaceId,
  batch: Batch,
  kind: 'list' | 'tag',
  forAll: readonly string[],
  plan: readonly PlannedColumn[],
): Promise<void> {
  const meaning = kind === 'list' ? 'lists' : 'tags';
  const column = plan.some(planned => planned.meaning.kind === meaning) ? meaning : null;
  if (forAll.length === 0 && column === null) return;
  const said = column === null ? [] : await tx.rows<{ name: string }>(selectGroupNames(batch, column));
  await tx.run(ensureGroups(workspaceId, kind, [...forAll, ...said.map(({ name }) => name)]));
  await tx.run(joinGroups(workspaceId, batch, kind, forAll, column));
}
