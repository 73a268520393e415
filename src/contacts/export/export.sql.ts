/** What an export reads. `condition` is over `c` (table contact), as segments compile it. */
import type { WorkspaceId } from '../../domain/ids.js';
import { identifier, joinSql, type Sql, sql } from '../../domain/sql.js';

/** The ids of the custom attributes that occur among these contacts; one pass over them. */
export function selectAttributeIds(workspaceId: WorkspaceId, condition: Sql): Sql {
  return sql`select distinct held.id from contact c, jsonb_object_keys(c.attributes) as held (id)
    where c.workspace_id = ${workspaceId} and c.erased_at is null and ${condition}`;
}

/** One row a contact, by id: its sources are called s0, s1, … */
export function selectExport(workspaceId: WorkspaceId, condition: Sql, sources: readonly Sql[]): Sql {
  const named = sources.map((source, i) => sql`${source} as ${identifier(`s${i}`)}`);
  return sql`select ${joinSql([...named, sql`c.attributes`], ', ')}
    from contact c where c.workspace_id = ${workspaceId} and c.erased_at is null and ${condition} order by c.id`;
}
