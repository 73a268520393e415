/**
 * What a dead worker left behind. Claimed rows never left the house and are planned again; rows on the wire are unknown.
 * A worker is dead when its advisory lock is free, or when its lease is over (it hangs).
 */
import type { DispatchId, WorkspaceId } from '../domain/ids.js';
import type { MergeValues } from '../domain/template/render.js';
import { type Sql, sql } from '../domain/sql.js';
import { ofDispatch } from './move.sql.js';
import { isOwnerDead } from '../platform/jobs/worker-identity.js';

export type LeftRow = { contact_id: string; slot: number; step: number; state: 'claimed' | 'sending' };

/** Relies on message_held_idx. */
export function selectLeft(workspaceId: WorkspaceId, dispatchId: DispatchId, now: Date): Sql {
  return sql`
    with held as materialized (
      select contact_id, slot, step, state, claimed_by, lease_until from message
      where workspace_id = ${workspaceId} and dispatch_id = ${dispatchId} and state in ('claimed', 'sending')
    ), owner as (
      select claimed_by, ${isOwnerDead(sql`claimed_by`)} as is_dead from (select distinct claimed_by from held) o
    )
    select h.contact_id, h.slot, h.step, h.state from held h join owner o using (claimed_by)
    where o.is_dead or h.lease_until < ${now}`;
}

export type UnknownRow = { contact_id: string; address: string; merge_values: MergeValues };

/** Messages whose fate nobody told us for a while. Relies on message_unknown_idx. */
export function selectUnknown(workspaceId: WorkspaceId, dispatchId: DispatchId, before: Date, limit: number): Sql {
  return sql`select contact_id, address, coalesce(merge_values, '{}') as merge_values from message
    where workspace_id = ${workspaceId} and dispatch_id = ${dispatchId} and state = 'unknown' and updated_at <= ${before}
    order by updated_at limit ${limit}`;
}

/** Notes that these unknown messages go out once more, and returns those that had not yet: a second resend never happens. */
export function noteResends(workspaceId: WorkspaceId, dispatchId: DispatchId, step: number, contactIds: readonly string[]): Sql {
  return sql`
    with resent as (
      update message m set resends = m.resends + 1
      where ${ofDispatch(workspaceId, dispatchId, step)} and m.contact_id = any (${contactIds}::bigint[]) and m.state = 'unknown' and m.resends = 0
      returning m.contact_id, m.channel
    ), noted as (
      insert into message_event (workspace_id, contact_id, dispatch_id, channel, step, kind, at)
      select ${workspaceId}, contact_id, ${dispatchId}, channel, ${step}, 'resent', now() from resent
    )
    select contact_id from resent`;
}

/** Provider ids that the ledger knows of one contact: evidence for one message is not evidence for another. */
export function selectProviderIds(workspaceId: WorkspaceId, contactId: string): Sql {
  return sql`select provider_id from message where workspace_id = ${workspaceId} and contact_id = ${contactId} and provider_id is not null`;
}
