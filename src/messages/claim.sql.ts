/**
 * Taking due messages of one slot, and putting them on the wire in waves. Consent and suppression are asked again here, in
 * the claim's own transaction: a STOP that came after the freeze still holds.
 */
import type { DispatchId, WorkspaceId } from '../domain/ids.js';
import { type Sql, sql } from '../domain/sql.js';
import { refusalOf, type Audience } from './freeze.sql.js';
import { ofDispatch } from './move.sql.js';
import { countedParts, tallyMoved } from './tally.sql.js';

export type ClaimedRow = { contact_id: string; address: string; attempt: number; variant: string; state: 'claimed' | 'refused' };

/**
 * Claims up to `limit` due rows for a worker, refusing those that may no longer be sent to. Relies on message_due_idx. The caller holds the slot's
 * lock; the state stands again in the outer where.
 */
export function claimDue(
  workspaceId: WorkspaceId,
  dispatch: Audience & { id: DispatchId },
  slot: number,
  owner: number,
  now: Date,
  leaseUntil: Date,
  limit: number,
): Sql {
  return sql`
    with due as (
      select m.contact_id, m.step, m.channel, case when c.erased_at is not null then 'erased' else ${refusalOf(dispatch)} end as refusal
      from (
        select * from message
        where workspace_id = ${workspaceId} and dispatch_id = ${dispatch.id} and slot = ${slot} and state = 'planned' and send_after <= ${now}
        order by send_after limit ${limit}
      ) m
      join contact c on c.workspace_id = m.workspace_id and c.id = m.contact_id
      left join reach r on r.workspace_id = m.workspace_id and r.contact_id = m.contact_id and r.channel = m.channel and r.address = m.address
    ), moved as (
      update message m set
        state = case when d.refusal is null then 'claimed' else 'refused' end,
        refusal = d.refusal,
        send_after = case when d.refusal is null then m.send_after end,
        claimed_by = case when d.refusal is null then ${owner}::int end,
        lease_until = case when d.refusal is null then ${leaseUntil}::timestamptz end,
        updated_at = now()
      from due d
      where m.workspace_id = ${workspaceId} and m.contact_id = d.contact_id and m.dispatch_id = ${dispatch.id} and m.channel = d.channel
        and m.step = d.step and m.state = 'planned'
      returning m.contact_id, m.slot, coalesce(m.variant, '') as variant, 'planned' as old_state, m.sent_at is not null as old_was_sent, '' as old_reason,
        ${countedParts} as old_parts, coalesce(m.cost_micros, 0) as old_cost, m.state, m.sent_at is not null as was_sent,
        coalesce(m.refusal, '') as reason, ${countedParts} as parts, coalesce(m.cost_micros, 0) as cost, m.address, m.attempt
    ), tallied as (${tallyMoved(workspaceId, dispatch.id)})
    select contact_id, address, attempt, variant, state from moved`;
}

/** What is known of a message just before it leaves: stored with it, so that version + values = the text, provable later. */
export type WaveItem = { contactId: string; encoding: string | null; parts: number | null; mergeValues: object };

/**
 * Writes one wave as `sending` before the first byte of it leaves the house. Only while the dispatch sends and this worker
 * still holds the rows; returns those that may go. Relies on message_held_idx: what is claimed in one slot is little.
 */
export function markSending(
  workspaceId: WorkspaceId,
  dispatchId: DispatchId,
  step: number,
  slot: number,
  owner: number,
  gatewayId: string,
  leaseUntil: Date,
  wave: readonly WaveItem[],
): Sql {
  return sql`
    with moved as (
      update message m set state = 'sending', attempt = m.attempt + 1, gateway_id = ${gatewayId}, lease_until = ${leaseUntil}, send_after = null,
        encoding = w.encoding, parts = case when m.sent_at is null then w.parts else m.parts end, merge_values = w.merge_values, updated_at = now()
      from unnest(${wave.map(w => w.contactId)}::bigint[], ${wave.map(w => w.encoding)}::text[], ${wave.map(w => w.parts)}::smallint[],
        ${wave.map(w => JSON.stringify(w.mergeValues))}::jsonb[]) as w (contact_id, encoding, parts, merge_values)
      where ${ofDispatch(workspaceId, dispatchId, step)} and m.slot = ${slot} and m.contact_id = w.contact_id and m.state = 'claimed' and m.claimed_by = ${owner}
        and exists (select from dispatch d where d.workspace_id = ${workspaceId} and d.id = ${dispatchId} and d.state = 'sending')
      returning m.contact_id, m.slot, coalesce(m.variant, '') as variant, 'claimed' as old_state, m.sent_at is not null as old_was_sent, '' as old_reason,
        ${countedParts} as old_parts, coalesce(m.cost_micros, 0) as old_cost, m.state, m.sent_at is not null as was_sent, '' as reason, ${countedParts} as parts, coalesce(m.cost_micros, 0) as cost, m.attempt
    ), tallied as (${tallyMoved(workspaceId, dispatchId)})
    select contact_id, attempt from moved`;
}
