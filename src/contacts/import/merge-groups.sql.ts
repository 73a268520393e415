// Lists and tags of a batch, and the row that tells the followers whom the batch changed.
import type { WorkspaceId } from '../../domain/ids.js';
import { identifier, type Sql, sql } from '../../domain/sql.js';
import { groupKinds, type GroupKind } from '../groups.sql.js';
import { type Batch, joined } from './merge-rows.sql.js';

/** Names of lists or tags in a column of the batch. */
export function selectGroupNames(batch: Batch, column: 'lists' | 'tags'): Sql {
  return sql`select distinct said.name from ${joined(batch)}, unnest(s.${identifier(column)}) as said (name)`;
}

/** Puts the batch into lists or tags: those of all rows, and those of a column. */
export function joinGroups(
  workspaceId: WorkspaceId,
  batch: Batch,
  kind: GroupKind,
  names: readonly string[],
  column: 'lists' | 'tags' | null,
): Sql {
  const { table, members, key } = groupKinds[kind];
  const all = column === null ? sql`${names}::text[]` : sql`${names}::text[] || coalesce(s.${identifier(column)}, '{}')`;
  return sql`with joined as (
    insert into ${members} (workspace_id, contact_id, ${key})
    select distinct ${workspaceId}::bigint, m.contact_id, g.id
    from ${joined(batch)} cross join lateral unnest(${all}) as said (name) join ${table} g on g.workspace_id = ${workspaceId} and g.name = said.name
    on conflict do nothing returning contact_id)
    insert into merge_changed select contact_id from joined`;
}

/** One row for the followers: everybody who was made or changed. No row when there was nobody. */
export function recordChanged(workspaceId: WorkspaceId, kind: 'contact' | 'purchase', importId: string): Sql {
  return sql`insert into contact_change (workspace_id, kind, contact_ids, batch_kind, batch_id)
    select ${workspaceId}, ${kind}, array_agg(contact_id), 'import', ${importId}::bigint
    from (select contact_id from merge_row where is_new union select contact_id from merge_changed
      union select contact_id from merge_touched union select contact_id from merge_preferred) changed
    having count(*) > 0`;
}
