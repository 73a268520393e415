/**
 * The change feed: every statement that changes people appends one row here, in the transaction of the change. Followers
 * (membership, webhooks, erasure) read it with their own cursor, so a lower floor never calls upward.
 */
import type { ContactId, WorkspaceId } from '../domain/ids.js';
import { type Sql, sql } from '../domain/sql.js';
import type { Queryable } from '../platform/database/database.js';

export type ChangeKind =
  'contact' | 'consent' | 'suppression' | 'list' | 'tag' | 'event' | 'purchase' | 'ledger' | 'erase' | 'merge';

/** Name the people when they are few (up to some thousands), the batch (`{ kind: 'import', id }`) when they are many. */
export type Change = {
  kind: ChangeKind;
  contactIds?: readonly ContactId[];
  batch?: { kind: string; id: string };
};

/** A change of nobody (an empty list and no batch) leaves no row. */
export async function recordChange(tx: Queryable, workspaceId: WorkspaceId, change: Change): Promise<void> {
  if (!change.batch && (change.contactIds ?? []).length === 0) return;
  await tx.run(insertChange(workspaceId, change));
}

function insertChange(workspaceId: WorkspaceId, { kind, contactIds, batch }: Change): Sql {
  return sql`insert into contact_change (workspace_id, kind, contact_ids, batch_kind, batch_id)
    values (${workspaceId}, ${kind}, ${contactIds ?? null}::bigint[], ${batch?.kind ?? null}, ${batch?.id ?? null}::bigint)`;
}
