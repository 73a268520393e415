/**
 * From audience to rows. `audience` is a condition over alias `c` (table contact) that someone else compiled: the ledger does
 * not know what a segment is. The same verdict serves the plan (counts, nothing written) and the freeze.
 */
import type { Channel, DispatchId, WorkspaceId } from '../domain/ids.js';
import { type Sql, sql } from '../domain/sql.js';

export type Audience = { channel: Channel; class: 'marketing' | 'transactional'; topic: string };

/**
 * Every matched person with the primary address of the channel and why they would not get it, or null. Marketing needs
 * consent to the topic; suppression and dead addresses stop transactional messages too. Of several people behind one
 * address the lowest contact id gets the message.
 */
function verdicts(workspaceId: WorkspaceId, to: Audience, audience: Sql): Sql {
  return sql`
    select id as contact_id, slot, address, address_hash,
      case when refusal is null and row_number() over (partition by address_hash, refusal order by id) > 1 then 'duplicate-address' else refusal end as refusal
    from (
      select c.id, c.slot, r.address, r.address_hash, ${refusalOf(to)} as refusal
      from contact c
      left join reach r on r.workspace_id = c.workspace_id and r.contact_id = c.id and r.channel = ${to.channel} and r.is_primary
      where c.workspace_id = ${workspaceId} and c.erased_at is null and (${audience})
    ) person`;
}

/** The reason over aliases `r` (reach) and what may have changed since the freeze; also asked again at claim. */
export function refusalOf(to: Audience): Sql {
  const consent = to.class === 'marketing' ? sql`when not (${to.topic} = any (r.topics)) then 'no-consent'` : sql``;
  return sql`case
    when r.address is null then 'no-address'
    when r.is_suppressed then 'suppressed'
    when r.state <> 'ok' then 'invalid-address'
    when r.channel = 'sms' and r.line_type = 'fixed' then 'landline'
    ${consent}
  end`;
}

export type PlanRow = { refusal: string | null; variant: string | null; messages: number };

/** `variant` is an expression over `v.contact_id`. */
export function selectPlan(workspaceId: WorkspaceId, to: Audience, audience: Sql, variant: Sql): Sql {
  return sql`select refusal, variant, count(*)::float8 as messages
    from (select refusal, ${variant} as variant from (${verdicts(workspaceId, to, audience)}) v) told group by refusal, variant`;
}

/**
 * Writes the whole audience of a dispatch and its tallies in one statement; returns the counts by slot and refusal. One row
 * a person (the primary key); `variant` is an expression over `v.contact_id`.
 */
export function insertAudience(
  workspaceId: WorkspaceId,
  dispatchId: DispatchId,
  to: Audience & { step: number },
  audience: Sql,
  sendAfter: Date,
  variant: Sql,
): Sql {
  return sql`
    with frozen as (
      insert into message (workspace_id, contact_id, dispatch_id, channel, step, slot, state, refusal, address, address_hash, send_after, variant)
      select ${workspaceId}, contact_id, ${dispatchId}, ${to.channel}, ${to.step}, slot, case when refusal is null then 'planned' else 'refused' end,
        refusal, address, address_hash, case when refusal is null then ${sendAfter}::timestamptz end, ${variant}
      from (${verdicts(workspaceId, to, audience)}) v
      returning slot, state, coalesce(refusal, '') as reason, coalesce(variant, '') as variant
    ), counted as (
      select slot, state, reason, variant, count(*) as messages from frozen group by slot, state, reason, variant
    ), tallied as (
      insert into tally (workspace_id, dispatch_id, slot, state, was_sent, reason, variant, messages)
      select ${workspaceId}, ${dispatchId}, slot, state, false, reason, variant, messages from counted order by slot, state, reason, variant
    )
    select state, reason, sum(messages)::float8 as messages from counted group by state, reason`;
}
