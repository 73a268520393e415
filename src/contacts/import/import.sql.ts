// Table import: what was asked, how far it is, how it ended. Every state change names the state it comes from.
import type { ImportKind, ImportMapping, ImportOptions, ImportState } from '../../contract/imports.js';
import type { WorkspaceId } from '../../domain/ids.js';
import { type Sql, sql } from '../../domain/sql.js';

export type ImportRow = {
  id: string;
  kind: ImportKind;
  state: ImportState;
  file_name: string | null;
  headers: string[];
  mapping: ImportMapping;
  options: ImportOptions;
  rows_read: string;
  rows_staged: string;
  merged_to: string;
  rows_merged: string;
  rows_skipped: string;
  rows_rejected: string;
  contacts_created: string;
  contacts_updated: string;
  error: string | null;
  actor: string;
  created_at: Date;
  merge_started_at: Date | null;
  updated_at: Date;
  finished_at: Date | null;
};

const columns = sql`id, kind, state, file_name, headers, mapping, options, rows_read, rows_staged, merged_to, rows_merged, rows_skipped,
  rows_rejected, contacts_created, contacts_updated, error, actor, created_at, merge_started_at, updated_at, finished_at`;

type NewImport = {
  kind: ImportKind;
  fileName: string | null;
  mapping: ImportMapping;
  options: ImportOptions;
  actor: string;
  now: Date;
};

export function insertImport(workspaceId: WorkspaceId, { kind, fileName, mapping, options, actor, now }: NewImport): Sql {
  return sql`insert into import (workspace_id, kind, state, file_name, mapping, options, actor, created_at, updated_at)
    values (${workspaceId}, ${kind}, 'uploading', ${fileName}, ${JSON.stringify(mapping)}::jsonb, ${JSON.stringify(options)}::jsonb,
      ${actor}, ${now}, ${now}) returning id`;
}

/** The header is known now: what each column turned out to mean. */
export function updatePlan(workspaceId: WorkspaceId, id: string, headers: readonly string[], mapping: ImportMapping): Sql {
  return sql`update import set headers = ${headers}, mapping = ${JSON.stringify(mapping)}::jsonb
    where workspace_id = ${workspaceId} and id = ${id} and state = 'uploading'`;
}

export type UploadProgress = { read: number; rejected: number; staged: number; now: Date };

export function updateUpload(workspaceId: WorkspaceId, id: string, { read, rejected, staged, now }: UploadProgress): Sql {
  return sql`update import set rows_read = ${read}, rows_rejected = ${rejected}, rows_staged = ${staged}, updated_at = ${now}
    where workspace_id = ${workspaceId} and id = ${id} and state = 'uploading'`;
}

export function startMerge(workspaceId: WorkspaceId, id: string, now: Date): Sql {
  return sql`update import set state = 'merging', merge_started_at = coalesce(merge_started_at, ${now}), updated_at = ${now}
    where workspace_id = ${workspaceId} and id = ${id} and state = 'uploading'`;
}

/** `from`: the states that may end so; no row changes when the import is over already. */
export function endImport(
  workspaceId: WorkspaceId,
  id: string,
  from: readonly ImportState[],
  to: 'done' | 'failed' | 'canceled',
  error: string | null,
  now: Date,
): Sql {
  return sql`update import set state = ${to}, error = ${error}, updated_at = ${now}, finished_at = ${now}
    where workspace_id = ${workspaceId} and id = ${id} and state = any(${from})`;
}

/** An upload that cannot go on. What a large file had merged by then stays, and is told. */
export function failUpload(workspaceId: WorkspaceId, id: string, error: string, now: Date): Sql {
  return sql`update import set state = 'failed', updated_at = ${now}, finished_at = ${now},
      error = ${error}::text || case when rows_merged > 0 then format(' (%s rows before it are merged and stay)', rows_merged) else '' end
    where workspace_id = ${workspaceId} and id = ${id} and state = 'uploading'`;
}

export function selectImport(workspaceId: WorkspaceId, id: string): Sql {
  return sql`select ${columns} from import where workspace_id = ${workspaceId} and id = ${id}`;
}

/** Not locked: an upload that goes on tells its progress in the same row. `recordBatch` finds out whether it still holds. */
export function selectOpen(workspaceId: WorkspaceId, id: string): Sql {
  return sql`select ${columns} from import where workspace_id = ${workspaceId} and id = ${id} and state in ('uploading', 'merging')`;
}

export function listImports(workspaceId: WorkspaceId, before: string | null, limit: number): Sql {
  return sql`select ${columns} from import where workspace_id = ${workspaceId} and (${before}::bigint is null or id < ${before}::bigint)
    order by id desc limit ${limit}`;
}

export type BatchOutcome = {
  from: number;
  mergedTo: number;
  merged: number;
  skipped: number;
  rejected: number;
  created: number;
  updated: number;
};

/** No row changes when the import is over meanwhile, or when somebody else merged the batch: then it must be rolled back. */
export function recordBatch(workspaceId: WorkspaceId, id: string, batch: BatchOutcome, now: Date): Sql {
  return sql`update import set merged_to = ${batch.mergedTo}, rows_merged = rows_merged + ${batch.merged},
      rows_skipped = rows_skipped + ${batch.skipped}, rows_rejected = rows_rejected + ${batch.rejected},
      contacts_created = contacts_created + ${batch.created}, contacts_updated = contacts_updated + ${batch.updated},
      merge_failures = 0, error = null, merge_started_at = coalesce(merge_started_at, ${now}), updated_at = ${now}
    where workspace_id = ${workspaceId} and id = ${id} and merged_to = ${batch.from} and state in ('uploading', 'merging')`;
}

/** A batch that fails again and again must not be tried for ever: the import fails after `limit` in a row. */
export function recordFailure(workspaceId: WorkspaceId, id: string, error: string, limit: number, now: Date): Sql {
  return sql`update import set merge_failures = merge_failures + 1, error = ${error}, updated_at = ${now},
      state = case when merge_failures + 1 >= ${limit} then 'failed' else state end,
      finished_at = case when merge_failures + 1 >= ${limit} then ${now}::timestamptz end
    where workspace_id = ${workspaceId} and id = ${id} and state in ('uploading', 'merging') returning state`;
}

/** A page of rejected rows in the order of the file. */
export function selectRejects(workspaceId: WorkspaceId, id: string, after: string, limit: number): Sql {
  return sql`select row_number, column_name, reason, raw from import_reject
    where workspace_id = ${workspaceId} and import_id = ${id} and row_number > ${after} order by row_number limit ${limit}`;
}

export const copyIntoRejects = 'copy import_reject (workspace_id, import_id, row_number, column_name, reason, raw) from stdin';

/** Of all workspaces, for /metrics. Relies on import_open_idx, which holds open imports only. */
export function countOpenImports(): Sql {
  return sql`select count(*) filter (where state = 'uploading')::int as uploading, count(*) filter (where state = 'merging')::int as merging
    from import where state in ('uploading', 'merging')`;
}
