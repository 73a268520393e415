// Statements of the campaigns room. State changes are guarded by the table in domain/campaign/states.ts.
import { campaignStates, type CampaignState } from '../domain/campaign/states.js';
import type { Channel, WorkspaceId } from '../domain/ids.js';
import type { WallTime } from '../domain/schedule/wall-time.js';
import { emptySql, type Sql, sql } from '../domain/sql.js';
import type { CampaignContent } from './campaign.js';

const columns = sql`workspace_id as "workspaceId", id, name, channel, class, topic, state, state_reason as "stateReason", sender,
  template_id as "templateId", variants, gateway_id as "gatewayId", include_segment_ids::text[] as "includeSegmentIds",
  exclude_segment_ids::text[] as "excludeSegmentIds", next_run_at as "launchAt",
  case when launch_local is not null then jsonb_build_object('local', launch_local, 'timeZone', launch_time_zone) end as "launchWall", ends_at as "endsAt", created_at as "createdAt",
  updated_at as "updatedAt", archived_at as "archivedAt"`;

export function selectCampaign(workspaceId: WorkspaceId, id: string): Sql {
  return sql`select ${columns} from campaign where workspace_id = ${workspaceId} and id = ${id}`;
}

/** Held until the transaction ends: two changes of one campaign wait for each other. */
export function lockCampaign(workspaceId: WorkspaceId, id: string): Sql {
  return sql`${selectCampaign(workspaceId, id)} for update`;
}

export type CampaignFilter = { state?: string; channel?: string; isArchived: boolean; before: string | null; limit: number };

/** Newest first, by primary key. */
export function selectCampaigns(workspaceId: WorkspaceId, { state, channel, isArchived, before, limit }: CampaignFilter): Sql {
  return sql`select ${columns} from campaign
    where workspace_id = ${workspaceId} and (archived_at is not null) = ${isArchived}
      and (${before}::bigint is null or id < ${before}::bigint)
      ${state ? sql`and state = ${state}` : emptySql} ${channel ? sql`and channel = ${channel}` : emptySql}
    order by id desc limit ${limit}`;
}

export function insertCampaign(workspaceId: WorkspaceId, channel: Channel, c: CampaignContent, now: Date): Sql {
  return sql`insert into campaign (workspace_id, channel, name, class, topic, sender, template_id, variants, gateway_id, include_segment_ids,
      exclude_segment_ids, ends_at, created_at, updated_at)
    values (${workspaceId}, ${channel}, ${c.name}, ${c.class}, ${c.topic}, ${JSON.stringify(c.sender)}::jsonb, ${c.templateId}, ${JSON.stringify(c.variants)}::jsonb, ${c.gatewayId},
      ${c.includeSegmentIds}::bigint[], ${c.excludeSegmentIds}::bigint[], ${c.endsAt}, ${now}, ${now})
    returning ${columns}`;
}

export function updateCampaign(workspaceId: WorkspaceId, id: string, c: CampaignContent, now: Date): Sql {
  return sql`update campaign set name = ${c.name}, class = ${c.class}, topic = ${c.topic}, sender = ${JSON.stringify(c.sender)}::jsonb,
      template_id = ${c.templateId}, variants = ${JSON.stringify(c.variants)}::jsonb, gateway_id = ${c.gatewayId}, include_segment_ids = ${c.includeSegmentIds}::bigint[],
      exclude_segment_ids = ${c.excludeSegmentIds}::bigint[], ends_at = ${c.endsAt}, updated_at = ${now}
    where workspace_id = ${workspaceId} and id = ${id}
    returning ${columns}`;
}

export function archiveCampaign(workspaceId: WorkspaceId, id: string, now: Date): Sql {
  return sql`update campaign set archived_at = ${now} where workspace_id = ${workspaceId} and id = ${id} and archived_at is null`;
}

export function unarchiveCampaign(workspaceId: WorkspaceId, id: string, now: Date): Sql {
  return sql`update campaign set archived_at = null, updated_at = ${now} where workspace_id = ${workspaceId} and id = ${id} returning ${columns}`;
}

/** Which of these names are taken. Relies on campaign_name_idx. */
export function selectTakenNames(workspaceId: WorkspaceId, names: readonly string[]): Sql {
  return sql`select name from campaign where workspace_id = ${workspaceId} and archived_at is null and name = any(${names}::text[])`;
}

export type CampaignMove = {
  to: CampaignState;
  /** Fewer states than the table allows, for a mover that knows more than the table. */
  from?: readonly CampaignState[];
  reason?: string | null;
  launchAt?: Date | null;
  launchWall?: WallTime | null;
  /** Only while it is as it was read then: what was checked is what moves. */
  readAt?: Date;
  /** Only while this is its latest dispatch: a late word of an older run says nothing of the one that runs now. */
  dispatchId?: string;
};

/** Moves a campaign if the table allows it; no row when it was elsewhere. */
export function moveCampaign(
  workspaceId: WorkspaceId,
  id: string,
  { to, from, reason, launchAt, launchWall, readAt, dispatchId }: CampaignMove,
  now: Date,
): Sql {
  const before = campaignStates.before(to).filter(state => from?.includes(state) ?? true);
  return sql`update campaign set state = ${to}, state_reason = ${reason ?? null}, next_run_at = ${launchAt ?? null},
      launch_local = ${launchWall?.local ?? null}, launch_time_zone = ${launchWall?.timeZone ?? null}, updated_at = ${now}
    where workspace_id = ${workspaceId} and id = ${id} and archived_at is null and state = any(${before}::text[])
      ${readAt ? sql`and updated_at = ${readAt}` : emptySql} ${dispatchId ? isLatest(dispatchId) : emptySql}
    returning ${columns}`;
}

/** Relies on dispatch_source_idx. */
function isLatest(dispatchId: string): Sql {
  return sql`and not exists (select from dispatch d where d.workspace_id = campaign.workspace_id and d.source_kind = 'campaign'
    and d.source_id = campaign.id and d.id > ${dispatchId})`;
}

export type References = {
  templates: { id: string; channel: Channel; version: number }[];
  gatewayChannel: Channel | null;
  segmentIds: string[];
};

/** What of the things a campaign names is there and not archived. */
export function selectReferences(
  workspaceId: WorkspaceId,
  templateIds: readonly string[],
  gatewayId: string | null,
  segmentIds: readonly string[],
): Sql {
  return sql`select g.channel as "gatewayChannel",
      (select coalesce(jsonb_agg(jsonb_build_object('id', t.id::text, 'channel', t.channel, 'version', t.current_version)), '[]') from template t
        where t.workspace_id = ${workspaceId} and t.id = any(${templateIds}::bigint[]) and t.archived_at is null) as templates,
      array(select s.id::text from segment s
        where s.workspace_id = ${workspaceId} and s.id = any(${segmentIds}::bigint[]) and s.archived_at is null) as "segmentIds"
    from (select) one
    left join gateway g on g.workspace_id = ${workspaceId} and g.id = ${gatewayId} and g.archived_at is null`;
}

/** Hashes of these addresses that may not be written to, a test send included. */
export function selectSuppressed(workspaceId: WorkspaceId, channel: Channel, hashes: readonly Buffer[], now: Date): Sql {
  return sql`select address_hash as hash from suppression
    where workspace_id = ${workspaceId} and channel = ${channel} and address_hash = any(${hashes}::bytea[])
      and (expires_at is null or expires_at > ${now})`;
}

/** Scheduled campaigns of all workspaces whose time has come. Relies on campaign_next_run_at_idx; only the sweeper crosses workspaces. */
export function selectDueCampaigns(now: Date): Sql {
  return sql`select ${columns} from campaign where state = 'scheduled' and next_run_at <= ${now} order by next_run_at limit 100`;
}

export type Stray = { workspaceId: WorkspaceId; campaignId: string; dispatchId: string; isLaunching: boolean };

/**
 * Campaigns that stand where their dispatch no longer does: a launch, an end or a pause whose job was lost. Launches younger than
 * `launchedBefore` are still being worked on. Relies on campaign_running_idx and dispatch_source_idx.
 */
export function selectStrays(launchedBefore: Date): Sql {
  return sql`select c.workspace_id as "workspaceId", c.id as "campaignId", d.id as "dispatchId", c.state = 'launching' as "isLaunching"
    from campaign c
    join lateral (
      select d.id, d.state from dispatch d
      where d.workspace_id = c.workspace_id and d.source_kind = 'campaign' and d.source_id = c.id order by d.id desc limit 1
    ) d on true
    where c.state in ('launching', 'sending')
      and case c.state when 'launching' then c.updated_at <= ${launchedBefore} else d.state <> 'sending' end`;
}

export type Orphan = { workspaceId: WorkspaceId; dispatchId: string; isRetried: boolean };

/**
 * Open dispatches whose campaign was stopped by a process that died before it could stop the dispatch, or that a retry opened again before
 * its campaign. Relies on dispatch_open_idx.
 */
export function selectOrphans(): Sql {
  return sql`select d.workspace_id as "workspaceId", d.id as "dispatchId", c.state = 'done' as "isRetried" from dispatch d
    join campaign c on c.workspace_id = d.workspace_id and c.id = d.source_id
    where d.source_kind = 'campaign' and d.state in ('freezing', 'sending', 'paused') and (c.state in ('canceled', 'failed') or c.state = 'done' and d.state = 'sending')`;
}

/** Campaigns that include or exclude a segment, the latest first. */
export function selectCampaignsUsing(workspaceId: WorkspaceId, segmentId: string, unfrozen: readonly CampaignState[]): Sql {
  return sql`select 'campaign' as kind, id, name, state,
      archived_at is null and state = any(${unfrozen}::text[]) as "keepsFromArchiving"
    from campaign
    where workspace_id = ${workspaceId}
      and (${segmentId}::bigint = any(include_segment_ids) or ${segmentId}::bigint = any(exclude_segment_ids))
    order by id desc`;
}

/** Of all workspaces, for /metrics. */
export function countByState(): Sql {
  return sql`select state, count(*)::int as campaigns from campaign group by state`;
}
