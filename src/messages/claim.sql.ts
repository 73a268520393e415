/**
 * Taking due messages of one slot to the wire: a look at what is due, which changes nothing, and the claim of a wave, the one write
 * before its first byte leaves the house. Consent and suppression are asked again in the claim's own transaction: a STOP that came
 * after the freeze, or after the look, still holds.
 */
import { isSuppressedAddress } from '../contacts/reach.sql.js';
import type { DispatchId, WorkspaceId } from '../domain/ids.js';
import type { Refusal } from '../domain/message/refusals.js';
import { type Sql, sql } from '../domain/sql.js';
import { refusalOf, type Audience } from './freeze.sql.js';
import { columnsOf } from './columns-of.js';
import { type DispatchKey, isMessageOf, keyOf } from './move.sql.js';
import { countedParts, tallyMoved } from './tally.sql.js';

export type DueRow = { contact_id: string; address: string | null; variant: string };

/** Up to `limit` due rows of a slot, the earliest first. Two looks may see the same row: only one claim gets it. Relies on message_due_idx. */
export function selectDue(workspaceId: WorkspaceId, dispatchId: DispatchId, slot: number, now: Date, limit: number): Sql {
  return sql`
    select contact_id, address, coalesce(variant, '') as variant from message
    where workspace_id = ${workspaceId} and dispatch_id = ${dispatchId} and slot = ${slot} and state = 'planned' and send_after <= ${now}
    order by send_after limit ${limit}`.prepared();
}

/**
 * What is known of a message just before it leaves: stored with it, so that version + values = the text, provable later. `address` is
 * where it is going; `refusal` is why it could not be made.
 */
export type WaveItem = {
  contactId: string;
  address: string;
  encoding: string | null;
  parts: number | null;
  mergeValues: object | null;
  refusal: Refusal | null;
};

export type ClaimedRow = { contact_id: string; attempt: number; state: 'sending' | 'refused' };

/**
 * Writes one wave as `sending` before the first byte of it leaves the house, and as refused what may no longer be sent or could not be made. Only
 * while the dispatch sends and its time is not over, and only rows that are still planned and due; returns what it took. The caller holds the slot's lock. An erasure
 * takes a contact's addresses with it. Suppressions are asked themselves: an address that was being added while its STOP came shows in reach only after
 * the next sweep. Relies on the keys of reach and on the primary key (see keyOf); message_due_idx, read whole for each message, is
 * out of reach for the same reason: the state is a column of the wave.
 */
export function claimWave(
  workspaceId: WorkspaceId,
  dispatch: Audience & DispatchKey,
  slot: number,
  owner: number,
  gatewayId: string,
  now: Date,
  leaseUntil: Date,
  wave: readonly WaveItem[],
): Sql {
  const column = columnsOf(wave);
  const erased = sql`select 'erased' from contact c where c.workspace_id = ${workspaceId} and c.id = w.contact_id and c.erased_at is not null`;
  return sql`
    with moved as (
      update message m set
        state = case when w.refusal is null then 'sending' else 'refused' end, refusal = w.refusal, send_after = null,
        claimed_by = case when w.refusal is null then ${owner}::int end,
        lease_until = case when w.refusal is null then ${leaseUntil}::timestamptz end,
        gateway_id = case when w.refusal is null then ${gatewayId}::bigint else m.gateway_id end,
        attempt = m.attempt + (w.refusal is null)::int,
        encoding = case when w.refusal is null then w.encoding else m.encoding end,
        parts = case when w.refusal is null and m.sent_at is null then w.parts else m.parts end,
        merge_values = case when w.refusal is null then w.merge_values else m.merge_values end, updated_at = now()
      from (
        select ${keyOf(workspaceId, dispatch)}, w.contact_id, 'planned' as state, w.encoding, w.parts, w.merge_values,
          coalesce(case when r.address is null then (${erased}) end, ${refusalOf(dispatch)},
            case when ${isSuppressedAddress(workspaceId, sql`r`, now)} then 'suppressed' end, w.refusal) as refusal
        from unnest(${column(w => w.contactId)}::bigint[], ${column(w => w.address)}::text[], ${column(w => w.encoding)}::text[],
          ${column(w => w.parts)}::smallint[], ${column(w => w.mergeValues && JSON.stringify(w.mergeValues))}::jsonb[], ${column(w => w.refusal)}::text[])
          as w (contact_id, address, encoding, parts, merge_values, refusal)
        left join reach r on r.workspace_id = ${workspaceId} and r.contact_id = w.contact_id and r.channel = ${dispatch.channel} and r.address = w.address
        where exists (select from dispatch d where d.workspace_id = ${workspaceId} and d.id = ${dispatch.id} and d.state = 'sending'
          and (d.ends_at is null or d.ends_at > ${now}))
        offset 0 -- decided once for each message, not again wherever it is asked
      ) w
      where ${isMessageOf(sql`w`)} and m.slot = ${slot} and m.state = w.state and m.send_after <= ${now}
      returning m.contact_id, m.slot, coalesce(m.variant, '') as variant, w.state as old_state, m.sent_at is not null as old_was_sent, '' as old_reason,
        ${countedParts} as old_parts, coalesce(m.cost_micros, 0) as old_cost, m.state, m.sent_at is not null as was_sent,
        coalesce(m.refusal, '') as reason, ${countedParts} as parts, coalesce(m.cost_micros, 0) as cost, m.attempt
    ), tallied as (${tallyMoved(workspaceId, dispatch.id)})
    select contact_id, attempt, state from moved`.prepared();
}
