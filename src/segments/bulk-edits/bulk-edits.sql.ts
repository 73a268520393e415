/**
 * Edits of many: whom a rule picked is written down once (bulk_edit_target), and each batch takes its people out of it in the
 * transaction that edits them. What is left there is exactly what is left to do.
 */
import type { BulkEditView, ContactEdit } from '../../contract/bulk-edits.js';
import type { ContactId, WorkspaceId } from '../../domain/ids.js';
import type { Rule } from '../../domain/segment/rule.js';
import { type Sql, sql } from '../../domain/sql.js';

export type BulkEditRow = Omit<BulkEditView, 'createdAt' | 'finishedAt'> & { createdAt: Date; finishedAt: Date | null };
export type NewBulkEdit = { rule: Rule; segmentId: string | null; edit: ContactEdit; actor: string };

const columns = sql`id, state, segment_id as "segmentId", edit, matched::int as matched, edited::int as edited, gone::int as gone, error,
  actor as "createdBy", created_at as "createdAt", finished_at as "finishedAt"`;

export function countPeople(workspaceId: WorkspaceId, condition: Sql): Sql {
  return sql`select count(*)::int as matched from contact c where c.workspace_id = ${workspaceId} and c.erased_at is null and ${condition}`;
}

export function insertBulkEdit(workspaceId: WorkspaceId, { rule, segmentId, edit, actor }: NewBulkEdit, now: Date): Sql {
  return sql`insert into bulk_edit (workspace_id, rule, segment_id, edit, actor, matched, created_at)
    values (${workspaceId}, ${JSON.stringify(rule)}::jsonb, ${segmentId}, ${JSON.stringify(edit)}::jsonb, ${actor}, 0, ${now}) returning id`;
}

export function freezeTargets(workspaceId: WorkspaceId, id: string, condition: Sql): Sql {
  return sql`with frozen as (
      insert into bulk_edit_target (workspace_id, bulk_edit_id, contact_id)
      select c.workspace_id, ${id}::bigint, c.id from contact c
      where c.workspace_id = ${workspaceId} and c.erased_at is null and ${condition} returning 1)
    update bulk_edit set matched = (select count(*) from frozen) where workspace_id = ${workspaceId} and id = ${id}`;
}

export function selectBulkEdits(workspaceId: WorkspaceId, where: Sql, limit: number): Sql {
  return sql`select ${columns} from bulk_edit where workspace_id = ${workspaceId} and ${where} order by id desc limit ${limit}`;
}

/** Held until commit: two workers that were rung for one edit take turns. */
export function lockRunning(workspaceId: WorkspaceId, id: string): Sql {
  return sql`select edit, actor, created_at as "createdAt" from bulk_edit
    where workspace_id = ${workspaceId} and id = ${id} and state = 'running' for update`;
}

/** In id order, as every batch of contacts is locked. */
export function takeTargets(workspaceId: WorkspaceId, id: string, limit: number): Sql {
  return sql`delete from bulk_edit_target where workspace_id = ${workspaceId} and bulk_edit_id = ${id} and contact_id = any (array(
      select contact_id from bulk_edit_target where workspace_id = ${workspaceId} and bulk_edit_id = ${id} order by contact_id limit ${limit}))
    returning contact_id as id`;
}

export function noteProgress(workspaceId: WorkspaceId, id: string, taken: readonly ContactId[], edited: number): Sql {
  return sql`update bulk_edit set edited = edited + ${edited}, gone = gone + ${taken.length - edited}, failures = 0, error = null
    where workspace_id = ${workspaceId} and id = ${id}`;
}

export function endBulkEdit(workspaceId: WorkspaceId, id: string, state: 'done' | 'canceled', now: Date): Sql {
  return sql`update bulk_edit set state = ${state}, finished_at = ${now} where workspace_id = ${workspaceId} and id = ${id} and state = 'running'`;
}

/** What is left of one that was canceled or failed. */
export function dropTargets(workspaceId: WorkspaceId, id: string): Sql {
  return sql`delete from bulk_edit_target where workspace_id = ${workspaceId} and bulk_edit_id = ${id}`;
}

/** Tried again until `limit` batches in a row have failed; returns the state it is in then. */
export function noteFailure(workspaceId: WorkspaceId, id: string, error: string, limit: number, now: Date): Sql {
  return sql`update bulk_edit set failures = failures + 1, error = ${error},
      state = case when failures + 1 >= ${limit} then 'failed' else state end,
      finished_at = case when failures + 1 >= ${limit} then ${now}::timestamptz end
    where workspace_id = ${workspaceId} and id = ${id} and state = 'running' returning state`;
}

/** Those of all workspaces; bulk_edit_running_idx. Only the sweeper crosses workspaces. */
export const selectRunning = sql`select workspace_id as "workspaceId", id as "bulkEditId" from bulk_edit where state = 'running' order by id limit 100`;
