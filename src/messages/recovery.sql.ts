/**
 * What a dead worker left behind. Claimed rows never left the house and are planned again; rows on the wire are unknown.
 * A worker is dead when its advisory lock is free, or when its lease is over (it hangs).
 */
import type { Channel, DispatchId, WorkspaceId } from '../domain/ids.js';
import type { MergeValues } from '../domain/template/render.js';
import { type Sql, sql } from '../domain/sql.js';
import { type DispatchKey, ofDispatch } from './move.sql.js';
import { isOwnerDead } from '../platform/jobs/worker-identity.js';

export type LeftRow = { contact_id: string; channel: Channel; step: number; state: 'claimed' | 'sending' };

/** Slots in which a dead worker left something. Relies on message_held_idx. */
export function selectLeftSlots(workspaceId: WorkspaceId, dispatchId: DispatchId, now: Date): Sql {
  return sql`select distinct slot from (${left(workspaceId, dispatchId, now, sql`true`)}) l order by slot`;
}

/** What they left in one slot; asked under its lock, so that nothing of it moves before it is mended. Relies on message_held_idx. */
export function selectLeft(workspaceId: WorkspaceId, dispatchId: DispatchId, slot: number, now: Date): Sql {
  return left(workspaceId, dispatchId, now, sql`slot = ${slot}`);
}

function left(workspaceId: WorkspaceId, dispatchId: DispatchId, now: Date, where: Sql): Sql {
  return sql`
    with held as materialized (
      select contact_id, slot, channel, step, state, claimed_by, lease_until from message
      where workspace_id = ${workspaceId} and dispatch_id = ${dispatchId} and ${where} and state in ('claimed', 'sending')
    ), owner as (
      select claimed_by, ${isOwnerDead(sql`claimed_by`)} as is_dead from (select distinct claimed_by from held) o
    )
    select h.contact_id, h.slot, h.channel, h.step, h.state from held h join owner o using (claimed_by)
    where o.is_dead or h.lease_until < ${now}`;
}

export type UnknownRow = { contact_id: string; address: string; variant: string | null; merge_values: MergeValues };

/** Doublings of the wait between two looks for evidence: from `waitMs` up to a thousand times that. */
const longestWait = 10;

/**
 * Messages whose fate nobody told us: not yet sent again (a second resend never happens), and not asked for lately; each time nothing was
 * found the wait doubles. Relies on message_unknown_idx.
 */
export function selectUnknown(workspaceId: WorkspaceId, dispatchId: DispatchId, waitMs: number, now: Date, limit: number): Sql {
  return sql`select contact_id, address, variant, coalesce(merge_values, '{}') as merge_values from message
    where workspace_id = ${workspaceId} and dispatch_id = ${dispatchId} and state = 'unknown' and resends = 0
      and updated_at + ${waitMs} * (1 << least(asked, ${longestWait})) * interval '1 ms' <= ${now}
    order by updated_at limit ${limit}`;
}

/** The provider knew nothing of this message yet. One row, so that no lock order matters. */
export function noteAsked(workspaceId: WorkspaceId, dispatch: DispatchKey, contactId: string, now: Date): Sql {
  return sql`update message m set asked = m.asked + 1, updated_at = ${now}
    where ${ofDispatch(workspaceId, dispatch)} and m.contact_id = ${contactId} and m.state = 'unknown'`;
}

/** Notes that these unknown messages go out once more, and returns those that had not yet: a second resend never happens. */
export function noteResends(workspaceId: WorkspaceId, dispatch: DispatchKey, contactIds: readonly string[]): Sql {
  return sql`
    with resent as (
      update message m set resends = m.resends + 1
      where ${ofDispatch(workspaceId, dispatch)} and m.contact_id = any (${contactIds}::bigint[]) and m.state = 'unknown' and m.resends = 0
      returning m.contact_id
    ), noted as (
      insert into message_event (workspace_id, contact_id, dispatch_id, channel, step, kind, at)
      select ${workspaceId}, contact_id, ${dispatch.id}, ${dispatch.channel}, ${dispatch.step}, 'resent', now() from resent
    )
    select contact_id from resent`;
}

/** Provider ids that the ledger knows of one contact: evidence for one message is not evidence for another. */
export function selectProviderIds(workspaceId: WorkspaceId, contactId: string): Sql {
  return sql`select provider_id from message where workspace_id = ${workspaceId} and contact_id = ${contactId} and provider_id is not null`;
}
