/** Statements of segments: counts and samples of a compiled condition over `c`, and names for what rules refer to. */
import type { Channel, WorkspaceId } from '../domain/ids.js';
import { locks } from '../platform/database/locks.js';
import { anyOf, type Sql, sql } from '../domain/sql.js';
import { compileReachable } from '../domain/segment/kinds/reachable.js';
import { asCondition } from '../domain/segment/clause.js';

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

/**
 * These segments and all that they lead to, archived ones too; a circle ends where it began. The rules are read by path, so that no
 * list of references has to be kept equal to them.
 */
export function selectReachableSegments(workspaceId: WorkspaceId, ids: string[]): Sql {
  return sql`with recursive reached as (
      select id from segment where workspace_id = ${workspaceId} and ${anyOf(sql`id`, ids, 'bigint')}
      union
      select s.id from reached
        join segment namer on namer.workspace_id = ${workspaceId} and namer.id = reached.id
        cross join lateral jsonb_path_query(namer.rule, ${namedSegments}::jsonpath) as named
        join segment s on s.workspace_id = ${workspaceId} and s.id = (named #>> '{}')::bigint
    )
    select id, name, rule, archived_at is not null as "isArchived"
    from segment where workspace_id = ${workspaceId} and id in (select id from reached)`;
}

/** Ids of the segments that a stored rule names. */
const namedSegments = 'strict $.** ? (@.kind == "segment").segmentId';

/** Segments whose rules name this one; those in the archive do not keep it from following them. */
export function selectSegmentsNaming(workspaceId: WorkspaceId, id: string): Sql {
  return sql`select 'segment' as kind, id, name, case when archived_at is null then 'saved' else 'archived' end as state,
      archived_at is null as "keepsFromArchiving"
    from segment
    where workspace_id = ${workspaceId}
      and jsonb_path_exists(rule, 'strict $.** ? (@.kind == "segment" && @.segmentId == $id)', jsonb_build_object('id', ${id}::text))
    order by id`;
}

/** Segments that lead to this one, directly or through others, with their rules; none from the archive. */
export function selectSegmentsAbove(workspaceId: WorkspaceId, id: string): Sql {
  const names = (named: Sql): Sql =>
    sql`jsonb_path_exists(s.rule, 'strict $.** ? (@.kind == "segment" && @.segmentId == $id)', jsonb_build_object('id', ${named}::text))`;
  return sql`with recursive above as (
      select s.id from segment s where s.workspace_id = ${workspaceId} and s.archived_at is null and ${names(sql`${id}`)}
      union
      select s.id from above join segment s on s.workspace_id = ${workspaceId} and s.archived_at is null and ${names(sql`above.id`)}
    )
    select id, name, rule from segment where workspace_id = ${workspaceId} and id in (select id from above) order by id`;
}

/** Segments that are not archived and whose rules ask about this custom attribute, as a test or as an anniversary. */
export function selectSegmentsAsking(workspaceId: WorkspaceId, attributeId: string): Sql {
  return sql`select 'segment' as kind, id, name from segment
    where workspace_id = ${workspaceId} and archived_at is null
      and jsonb_path_exists(rule, 'strict $.** ? (@.attributeId == $id)', jsonb_build_object('id', ${attributeId}::text))
    order by id`;
}

/** Until the transaction ends. Rules name each other by jsonb, so no foreign key could hold what a check saw. */
export function lockSegments(workspaceId: WorkspaceId): Sql {
  return sql`select pg_advisory_xact_lock(${locks.segments}, hashint8(${workspaceId}))`;
}

/** Names that begin like this one, to find a free one; archived segments keep theirs. */
export function selectNamesLike(workspaceId: WorkspaceId, name: string): Sql {
  return sql`select name from segment where workspace_id = ${workspaceId} and starts_with(name, left(${name}::text, 190))`;
}

export function selectFolders(workspaceId: WorkspaceId): Sql {
  return sql`select folder as name, count(*) filter (where archived_at is null)::int as segments,
      count(*) filter (where archived_at is not null)::int as archived
    from segment where workspace_id = ${workspaceId} group by folder order by folder nulls last`;
}

export function renameFolder(workspaceId: WorkspaceId, from: string, to: string | null, now: Date): Sql {
  return sql`update segment set folder = ${to}, updated_at = ${now} where workspace_id = ${workspaceId} and folder = ${from}`;
}

/** Ids by name of lists, tags and segments that are not archived (list_name_key, tag_name_key, segment_name_key). */
export function selectIdsByName(workspaceId: WorkspaceId, lists: string[], tags: string[], segments: string[]): Sql {
  return sql`select 'list' as kind, id, name from list where workspace_id = ${workspaceId} and ${anyOf(sql`name`, lists, 'text')}
    union all select 'tag', id, name from tag where workspace_id = ${workspaceId} and ${anyOf(sql`name`, tags, 'text')}
    union all select 'segment', id, name from segment
      where workspace_id = ${workspaceId} and archived_at is null and ${anyOf(sql`name`, segments, 'text')}`;
}
