// Suppression is by hash of the address, so it holds for people we know, for people we will meet, and after erasure. Each reason is
// a row of its own: START lifts a STOP whatever else speaks against the address, and a dead number that lives again is still stopped.
import { sandboxSource, type SuppressionReason } from '../contract/contacts.js';
import type { Channel, ContactId, WorkspaceId } from '../domain/ids.js';
import { type Sql, sql } from '../domain/sql.js';

export type SuppressionRow = {
  channel: Channel;
  /** Canonical; the table keeps only its hash. */
  address: string;
  hash: Buffer;
  reason: SuppressionReason;
  source: string;
  details: object;
};

/** Changes a row when there is something new: not suppressed for this reason before, or not any more, or only in the sandbox. */
export function upsertSuppression(workspaceId: WorkspaceId, row: SuppressionRow, now: Date): Sql {
  return sql`insert into suppression as s (workspace_id, channel, address_hash, reason, source, details, created_at)
    values (${workspaceId}, ${row.channel}, ${row.hash}, ${row.reason}, ${row.source}, ${JSON.stringify(row.details)}::jsonb, ${now})
    on conflict (workspace_id, channel, address_hash, reason) do update set source = excluded.source,
      details = excluded.details, created_at = excluded.created_at, expires_at = null
    where s.expires_at <= ${now} or (s.source = ${sandboxSource} and excluded.source <> ${sandboxSource})`;
}

/** `reason` null: all there are; `source` null: whoever said so. */
export function deleteSuppressions(
  workspaceId: WorkspaceId,
  { channel, hash }: Pick<SuppressionRow, 'channel' | 'hash'>,
  { reason = null, source = null }: { reason?: SuppressionReason | null; source?: string | null },
): Sql {
  return sql`delete from suppression where workspace_id = ${workspaceId} and channel = ${channel} and address_hash = ${hash}
    and (${reason}::text is null or reason = ${reason}) and (${source}::text is null or source = ${source}) returning reason`;
}

/** Locks, in id order, everybody who has the address now, and `also`. Reads reach_address_idx. */
export function lockHolders(workspaceId: WorkspaceId, channel: Channel, address: string, also: ContactId | null): Sql {
  return sql`select id from contact where workspace_id = ${workspaceId} and id = any (array(
      select contact_id from reach where workspace_id = ${workspaceId} and channel = ${channel} and address = ${address}
      union all select ${also}::bigint where ${also}::bigint is not null))
      and erased_at is null
    order by id for no key update`;
}

/** Has the sweep look at the address again, see mend-suppression.ts. */
export function insertRecent(workspaceId: WorkspaceId, { channel, address }: SuppressionRow, now: Date): Sql {
  return sql`insert into recent_suppression (workspace_id, channel, address, at) values (${workspaceId}, ${channel}, ${address}, ${now})
    on conflict (workspace_id, channel, address) do update set at = excluded.at`;
}

export const listRecent = sql`select workspace_id as "workspaceId", channel, array_agg(address) as addresses
  from recent_suppression group by workspace_id, channel`;

export function deleteRecent(before: Date): Sql {
  return sql`delete from recent_suppression where at < ${before}`;
}

/** A refusal as evidence tells it; `hash` null when nobody knows the address any more. */
export type Refusal = Pick<SuppressionRow, 'channel' | 'reason' | 'source' | 'details'> & { hash: Buffer | null };

/**
 * One row of evidence for each topic that these people allow on the channel, and for each that only a STOP withdrew, when this says
 * more: a reason that no START takes back, another address, or a real phone after the sandbox. Returns whose consent changed.
 */
export function withdrawAll(
  workspaceId: WorkspaceId,
  ids: readonly ContactId[],
  refusal: Refusal,
  actor: string,
  now: Date,
): Sql {
  const saysMore =
    refusal.reason === 'stop'
      ? sql`(latest.address_hash is distinct from ${refusal.hash} or (latest.source = ${sandboxSource} and ${refusal.source}::text <> ${sandboxSource}))`
      : sql`true`;
  const topics = sql`select contact_id, topic from (
      select distinct on (contact_id, topic) contact_id, topic, state, source, proof, address_hash, expires_at from consent
      where workspace_id = ${workspaceId} and contact_id = any(${ids}::bigint[]) and channel = ${refusal.channel}
      order by contact_id, topic, occurred_at desc, id desc) latest
    where ${isAllowed(sql`latest`, now)} or (${isWithdrawnByStop(sql`latest`)} and ${saysMore})`;
  return insertEvidence(
    workspaceId,
    topics,
    'withdrawn',
    refusal,
    { ...refusal.details, suppression: refusal.reason },
    actor,
    now,
  );
}

/** True of evidence `row` (with state and proof) by which a STOP, and not the person topic by topic, withdrew. */
export function isWithdrawnByStop(row: Sql): Sql {
  return sql`(${row}.state = 'withdrawn' and (${row}.proof ->> 'suppression') is not distinct from 'stop')`;
}

function isAllowed(row: Sql, now: Date): Sql {
  return sql`(${row}.state = 'granted' and (${row}.expires_at is null or ${row}.expires_at > ${now}::timestamptz))`;
}

/**
 * Grants again what only STOPs have withdrawn since these people's own last word, a yes: one of them from this address, and none
 * from an address where it still stands (a STOP that an operator lifted stands no more). What was typed into the sandbox gives back only
 * what nobody but the sandbox took, and keeps nothing back from a real phone. Returns whose consent changed.
 */
export function restoreStopped(
  workspaceId: WorkspaceId,
  ids: readonly ContactId[],
  row: SuppressionRow,
  actor: string,
  now: Date,
): Sql {
  const said = sql`k.workspace_id = ${workspaceId} and k.contact_id = t.contact_id and k.channel = ${row.channel} and k.topic = t.topic`;
  const isSandbox = row.source === sandboxSource;
  const stillStands = sql`exists (select from suppression s where s.workspace_id = ${workspaceId} and s.channel = ${row.channel}
    and s.address_hash = k.address_hash and s.reason = 'stop' and (s.expires_at is null or s.expires_at > ${now}::timestamptz)
    and (${isSandbox} or s.source <> ${sandboxSource}))`;
  const stopped = sql`select t.contact_id, t.topic
    from (select distinct contact_id, topic from consent
        where workspace_id = ${workspaceId} and contact_id = any(${ids}::bigint[]) and channel = ${row.channel}) t
      cross join lateral (select k.state, k.expires_at, k.occurred_at, k.id from consent k
        where ${said} and not ${isWithdrawnByStop(sql`k`)} order by k.occurred_at desc, k.id desc limit 1) word
      cross join lateral (select bool_or(k.address_hash = ${row.hash}) as is_from_here, bool_or(${stillStands}) as still_stand,
          bool_and(k.source = ${sandboxSource}) as are_sandbox
        from consent k where ${said} and ${isWithdrawnByStop(sql`k`)} and (k.occurred_at, k.id) > (word.occurred_at, word.id)) stops
    where ${isAllowed(sql`word`, now)} and stops.is_from_here and not stops.still_stand
      and (stops.are_sandbox or not ${isSandbox})`;
  return insertEvidence(workspaceId, stopped, 'granted', row, row.details, actor, now);
}

/** occurred_at is never before the person's latest word on the topic, so that this one counts even if a clock ran ahead. */
function insertEvidence(
  workspaceId: WorkspaceId,
  topics: Sql,
  state: 'granted' | 'withdrawn',
  { channel, hash, source }: Pick<Refusal, 'channel' | 'hash' | 'source'>,
  proof: object,
  actor: string,
  now: Date,
): Sql {
  return sql`insert into consent (workspace_id, contact_id, channel, topic, state, source, proof, address_hash, actor, occurred_at)
    select ${workspaceId}, t.contact_id, ${channel}, t.topic, ${state}, ${source}, ${JSON.stringify(proof)}::jsonb, ${hash}, ${actor},
      greatest(${now}::timestamptz, (select max(occurred_at) from consent k where k.workspace_id = ${workspaceId}
        and k.contact_id = t.contact_id and k.channel = ${channel} and k.topic = t.topic))
    from (${topics}) t returning contact_id`;
}

/** A page, newest first; the address is known as long as some contact has it. Reads reach_suppressed_idx. */
export function selectSuppressions(workspaceId: WorkspaceId, where: Sql, limit: number): Sql {
  return sql`select s.channel, s.reason, s.source, s.details, s.created_at as "createdAt", s.expires_at as "expiresAt",
      encode(s.address_hash, 'hex') as hash, s.created_at::text as "createdKey",
      (select r.address from reach r where r.workspace_id = s.workspace_id and r.channel = s.channel
        and r.address_hash = s.address_hash and r.is_suppressed limit 1) as address
    from suppression s where s.workspace_id = ${workspaceId} and ${where}
    order by s.created_at desc, s.channel desc, s.address_hash desc, s.reason desc limit ${limit}`;
}
