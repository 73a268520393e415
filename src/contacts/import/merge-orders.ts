// One batch of an orders import: find (or make) the customers, write their orders, refresh what we keep of their value.
import { refreshContactValue, upsertPurchases } from '../purchases.sql.js';
import type { WorkspaceId } from '../../domain/ids.js';
import { sql } from '../../domain/sql.js';
import type { Tx } from '../../platform/database/database.js';
import type { BatchOutcome, ImportRow } from './import.sql.js';
import { mergePeople } from './merge-people.js';
import { recordChanged } from './merge-groups.sql.js';
import type { Batch } from './merge-rows.sql.js';
import { changedOrders, countRows, rejectOrders } from './orders.sql.js';
import { maxStoredRejects } from './stage-file.js';

export async function mergeOrders(
  tx: Tx,
  workspaceId: WorkspaceId,
  row: ImportRow,
  batch: Batch,
  now: Date,
): Promise<Omit<BatchOutcome, 'from' | 'mergedTo'>> {
  const people = await mergePeople(tx, batch, {
    workspaceId,
    actor: row.actor,
    mode: row.options.createContacts ? 'create-missing' : 'find',
    columns: { plain: [], hasAttributes: false },
    emptyMeans: 'keep',
    consents: [],
    importedAt: row.created_at,
    now,
  });
  const written = await writeOrders(tx, workspaceId, row, batch, now);
  await tx.run(recordChanged(workspaceId, 'purchase', row.id));
  const rejected = await rejectUnknown(tx, workspaceId, row, batch, people.unknown);
  const all = (await tx.row<{ rows: number }>(countRows(batch)))?.rows ?? 0;
  return { merged: all - rejected, skipped: 0, rejected, created: people.created, updated: written };
}

/** The number of customers whose orders changed. */
async function writeOrders(tx: Tx, workspaceId: WorkspaceId, row: ImportRow, batch: Batch, now: Date): Promise<number> {
  const orders = upsertPurchases(workspaceId, changedOrders(workspaceId, batch, `import:${row.id}`));
  const buyers = await tx.run(
    sql`with written as (${orders} returning contact_id) insert into merge_changed select distinct contact_id from written`,
  );
  if (buyers > 0) await tx.run(refreshContactValue(workspaceId, sql`select contact_id from merge_changed`, now));
  return buyers;
}

async function rejectUnknown(
  tx: Tx,
  workspaceId: WorkspaceId,
  row: ImportRow,
  batch: Batch,
  unknown: readonly string[],
): Promise<number> {
  if (unknown.length === 0) return 0;
  const room = maxStoredRejects - Number(row.rows_rejected);
  return (await tx.row<{ rows: number }>(rejectOrders(workspaceId, row.id, batch, unknown, room)))?.rows ?? 0;
}
