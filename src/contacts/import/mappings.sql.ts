// Table import_mapping: what people saved of their imports, by name.
import type { ImportKind, ImportMapping, ImportOptions } from '../../contract/imports.js';
import type { WorkspaceId } from '../../domain/ids.js';
import { type Sql, sql } from '../../domain/sql.js';

export type SavedMapping = {
  id: string;
  name: string;
  kind: ImportKind;
  headers: string[];
  mapping: ImportMapping;
  options: ImportOptions;
  createdAt: Date;
  updatedAt: Date;
  lastUsedAt: Date | null;
};

const columns = sql`id, name, kind, headers, mapping, options, created_at as "createdAt", updated_at as "updatedAt",
  last_used_at as "lastUsedAt"`;

export function selectMapping(workspaceId: WorkspaceId, id: string): Sql {
  return sql`select ${columns} from import_mapping where workspace_id = ${workspaceId} and id = ${id}`;
}

/** Held until commit, for what is about to change. */
export function lockMapping(workspaceId: WorkspaceId, id: string): Sql {
  return sql`${selectMapping(workspaceId, id)} for update`;
}

export function listMappings(workspaceId: WorkspaceId, before: string | null, limit: number): Sql {
  return sql`select ${columns} from import_mapping
    where workspace_id = ${workspaceId} and (${before}::bigint is null or id < ${before}::bigint) order by id desc limit ${limit}`;
}

type Written = Pick<SavedMapping, 'name' | 'headers' | 'mapping' | 'options'>;

export function insertMapping(
  workspaceId: WorkspaceId,
  { name, kind, headers, mapping, options }: Written & Pick<SavedMapping, 'kind'>,
  now: Date,
): Sql {
  return sql`insert into import_mapping (workspace_id, name, kind, headers, mapping, options, created_at, updated_at)
    values (${workspaceId}, ${name}, ${kind}, ${headers}, ${JSON.stringify(mapping)}::jsonb, ${JSON.stringify(options)}::jsonb,
      ${now}, ${now})
    returning ${columns}`;
}

export function updateMapping(workspaceId: WorkspaceId, id: string, written: Written, now: Date): Sql {
  const { name, headers, mapping, options } = written;
  return sql`update import_mapping set name = ${name}, headers = ${headers}, mapping = ${JSON.stringify(mapping)}::jsonb,
      options = ${JSON.stringify(options)}::jsonb, updated_at = ${now}
    where workspace_id = ${workspaceId} and id = ${id} returning ${columns}`;
}

export function touchMapping(workspaceId: WorkspaceId, id: string, now: Date): Sql {
  return sql`update import_mapping set last_used_at = ${now} where workspace_id = ${workspaceId} and id = ${id}`;
}

export function deleteMapping(workspaceId: WorkspaceId, id: string): Sql {
  return sql`delete from import_mapping where workspace_id = ${workspaceId} and id = ${id}`;
}

/** The one with the largest share of its headers among these; of equals the newest. */
export function selectBestMapping(workspaceId: WorkspaceId, kind: ImportKind, headers: readonly string[]): Sql {
  return sql`select ${columns}, share
    from import_mapping m cross join lateral (
      select avg((h = any(${headers}::text[]))::int)::float8 as share from unnest(m.headers) h
    ) measured
    where workspace_id = ${workspaceId} and kind = ${kind} and share > 0
    order by share desc, id desc limit 1`;
}
