// Statements of partials. Templates hold copies: what names a partial is asked of their current versions.
import type { WorkspaceId } from '../domain/ids.js';
import { type Sql, sql } from '../domain/sql.js';
import type { PartialBodies } from './partial-expansion.js';

export type PartialRow = PartialBodies & { id: string; name: string; created_at: Date; updated_at: Date };

const columns = sql`id, name, text, html, mjml, created_at, updated_at`;

export function selectPartialBodies(workspaceId: WorkspaceId): Sql {
  return sql`select ${columns} from template_partial where workspace_id = ${workspaceId}`;
}

/** Newest first. */
export function selectPartials(workspaceId: WorkspaceId, before: string | null, limit: number): Sql {
  return sql`select ${columns} from template_partial where workspace_id = ${workspaceId} and (${before}::bigint is null or id < ${before}::bigint)
    order by id desc limit ${limit}`;
}

export function selectPartial(workspaceId: WorkspaceId, id: string): Sql {
  return sql`select ${columns} from template_partial where workspace_id = ${workspaceId} and id = ${id}`;
}

/** One change of partials at a time in a workspace: two at once could close a circle that neither sees. */
export function lockPartials(workspaceId: WorkspaceId): Sql {
  return sql`select pg_advisory_xact_lock(hashtextextended(${`template-partials:${workspaceId}`}, 0))`;
}

export function insertPartial(workspaceId: WorkspaceId, name: string, { text, html, mjml }: PartialBodies, now: Date): Sql {
  return sql`insert into template_partial (workspace_id, name, text, html, mjml, created_at, updated_at)
    values (${workspaceId}, ${name}, ${text}, ${html}, ${mjml}, ${now}, ${now}) returning id`;
}

export function updatePartial(workspaceId: WorkspaceId, id: string, { text, html, mjml }: PartialBodies, now: Date): Sql {
  return sql`update template_partial set text = ${text}, html = ${html}, mjml = ${mjml}, updated_at = ${now}
    where workspace_id = ${workspaceId} and id = ${id}`;
}

export function deletePartial(workspaceId: WorkspaceId, id: string): Sql {
  return sql`delete from template_partial where workspace_id = ${workspaceId} and id = ${id}`;
}

export type PartialUseRow = { id: string; name: string; is_behind: boolean };

/** Templates in use whose current version holds it, in any language, by id from the newest. */
export function selectPartialUses(workspaceId: WorkspaceId, partial: PartialRow, before: string | null, limit: number): Sql {
  return sql`select t.id, t.name, bool_or(v.written_at < ${partial.updated_at}) as is_behind
    from template t join template_version v
      on v.workspace_id = t.workspace_id and v.template_id = t.id and v.version = t.current_version
    where t.workspace_id = ${workspaceId} and t.archived_at is null and ${partial.name} = any(v.partials)
      and (${before}::bigint is null or t.id < ${before}::bigint)
    group by t.id, t.name order by t.id desc limit ${limit}`;
}
