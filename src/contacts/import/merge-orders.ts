// One batch of an orders import: find (or make) the customers, write their orders, refresh what we keep of their value.
import { recordChange } from '../changes.js';
import { refreshContactValue, upsertPurchases } from '../purchases.sql.js';
import type { ContactId, WorkspaceId } from '../../domain/ids.js';
import { sql } from '../../domain/sql.js';
import type { Tx } from '../../platform/database/database.js';
import type { BatchOutcome, ImportRow } from './import.sql.js';
import { mergePeople } from './merge-people.js';
import type { Batch } from './merge.sql.js';
import { changedOrders, countRows, rejectOrders } from './orders.sql.js';
import { maxStoredRejects } from './stage-file.js';

export async function mergeOrders(
  tx: Tx,
  workspaceId: WorkspaceId,
  row: ImportRow,
  batch: Batch,
  now: Date,
): Promise<Omit<BatchOutcome, 'mergedTo'>> {
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
  const buyers = await writeOrders(tx, workspaceId, row, batch, now);
  const changed = [...new Set([...people.created, ...buyers])];
  if (changed.length > 0) await recordChange(tx, workspaceId, { kind: 'purchase', contactIds: changed, batch: { kind: 'import', id: row.id } });
  const rejected = await rejectUnknown(tx, workspaceId, row, batch, people.unknown);
  const all = (await tx.row<{ rows: number }>(countRows(batch)))?.rows ?? 0;
  return { merged: all - rejected, skipped: 0, rejected, created: people.created.length, updated: new Set(buyers).size };
}

async function writeOrders(tx: Tx, workspaceId: WorkspaceId, row: ImportRow, batch: Batch, now: Date): Promise<ContactId[]> {
  const written = sql`${upsertPurchases(workspaceId, changedOrders(workspaceId, batch, `import:${row.id}`))} returning contact_id`;
  const buyers = (await tx.rows<{ contact_id: ContactId }>(written)).map(purchase => purchase.contact_id);
  if (buyers.length > 0) await tx.run(refreshContactValue(workspaceId, sql`select unnest(${[...new Set(buyers)]}::bigint[]) as contact_id`, now));
  return buyers;
}

async function rejectUnknown(tx: Tx, workspaceId: WorkspaceId, row: ImportRow, batch: Batch, unknown: readonly string[]): Promise<number> {
  if (unknown.length === 0) return 0;
  const room = maxStoredRejects - Number(row.rows_rejected);
  return (await tx.row<{ rows: number }>(rejectOrders(workspaceId, row.id, batch, unknown, room)))?.rows ?? 0;
}
