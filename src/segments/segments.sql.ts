/** Read-only statements of segments: counts and samples of a compiled condition over `c`, and names for what rules refer to. */
import type { Channel, WorkspaceId } from '../domain/ids.js';
import { anyOf, type Sql, sql } from '../domain/sql.js';
import { compileReachable } from '../domain/segment/kinds/reachable.js';
import { asCondition } from '../domain/segment/clause.js';

/**
 * For one transaction: read only, bounded in time, and room for the hashes of large semi-joins (a subplan that does not
 * fit is run once per contact: minutes instead of a second).
 */
export function previewSettings(timeoutMs: number): Sql {
  return sql`select set_config('transaction_read_only', 'on', true), set_config('work_mem', '64MB', true),
    set_config('statement_timeout', ${String(timeoutMs)}, true)`;
}

export type PreviewRow = { count: string; sms: string; email: string; sample_ids: string[] };

/** One pass over the contacts; the sample is ordered by the stable hash, so it is spread and repeatable. */
export function previewAudience(workspaceId: WorkspaceId, condition: Sql, sampleSize: number, topic?: string): Sql {
  const reachable = (channel: Channel): Sql =>
    sql`(select count(*) from matched c where ${asCondition(compileReachable(workspaceId, { kind: 'reachable', channel, topic }))})`;
  return sql`with matched as materialized (
      select c.id from contact c where c.workspace_id = ${workspaceId} and c.erased_at is null and ${condition}
    )
    select (select count(*) from matched) as count, ${reachable('sms')} as sms, ${reachable('email')} as email,
      array(select id from matched order by hashint8extended(id, 0), id limit ${sampleSize}) as sample_ids`;
}

/** By the primary key, in the order of the ids. */
export function sampleContacts(workspaceId: WorkspaceId, ids: string[]): Sql {
  return sql`select id, first_name, last_name, city, country from contact
    where workspace_id = ${workspaceId} and ${anyOf(sql`id`, ids, 'bigint')} order by array_position(${ids}::bigint[], id)`;
}

/** Names of lists and tags by id, by their primary keys. */
export function nameReferences(workspaceId: WorkspaceId, listIds: string[], tagIds: string[]): Sql {
  return sql`select 'list' as kind, id, name from list where workspace_id = ${workspaceId} and ${anyOf(sql`id`, listIds, 'bigint')}
    union all select 'tag', id, name from tag where workspace_id = ${workspaceId} and ${anyOf(sql`id`, tagIds, 'bigint')}`;
}
