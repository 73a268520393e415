/** What an export reads. `condition` is over `c` (table contact), as segments compile it. */
import type { WorkspaceId } from '../../domain/ids.js';
import { identifier, joinSql, type Sql, sql } from '../../domain/sql.js';

/** The keys of custom attributes among these contacts, with the types of their values; one pass over them. */
export function selectAttributeKeys(workspaceId: WorkspaceId, condition: Sql): Sql {
  return sql`select key, array_agg(distinct jsonb_typeof(value)) as types
    from contact c, jsonb_each(c.attributes)
    where c.workspace_id = ${workspaceId} and c.erased_at is null and ${condition} and jsonb_typeof(value) <> 'null'
    group by key order by key collate "C"`;
}

/** One row a contact, by id: its sources are called s0, s1, … */
export function selectExport(workspaceId: WorkspaceId, condition: Sql, sources: readonly Sql[]): Sql {
  const named = sources.map((source, i) => sql`${source} as ${identifier(`s${i}`)}`);
  return sql`select ${joinSql([...named, sql`c.attributes`], ', ')}
    from contact c where c.workspace_id = ${workspaceId} and c.erased_at is null and ${condition} order by c.id`;
}
