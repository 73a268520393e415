/** An operator's retry: what failed is planned again, with all its tries before it. The caller holds the dispatch row and the slot's lock. */
import type { DispatchId, WorkspaceId } from '../domain/ids.js';
import { messageStates } from '../domain/message/states.js';
import { emptySql, type Sql, sql } from '../domain/sql.js';
import { countedParts, tallyMoved } from './tally.sql.js';

/** Why a message failed: the gateway's kind of error, or a receipt that came after the provider had taken it. */
const reason = sql`coalesce(m.error_kind, 'receipt')`;

/** Failed rows of one dispatch over alias `m`; `reasons` null: all. Relies on message_settled_idx. */
function failed(workspaceId: WorkspaceId, dispatchId: DispatchId, reasons: readonly string[] | null): Sql {
  return sql`m.workspace_id = ${workspaceId} and m.dispatch_id = ${dispatchId} and m.state = 'failed' and coalesce(m.refusal, '') = ''
    ${reasons ? sql`and ${reason} = any (${reasons}::text[])` : emptySql}`;
}

/** Slots with something to retry. */
export function selectFailedSlots(workspaceId: WorkspaceId, dispatchId: DispatchId, reasons: readonly string[] | null): Sql {
  return sql`select s as slot from generate_series(0, 63) s
    where exists (select from message m where ${failed(workspaceId, dispatchId, reasons)} and m.slot = s)`;
}

export type Retried = { reason: string; messages: number };

/** Of one slot; counts by reason. The provider's id stays: its evidence for the first try is not evidence for the next. */
export function retrySlot(
  workspaceId: WorkspaceId,
  dispatchId: DispatchId,
  slot: number,
  reasons: readonly string[] | null,
  now: Date,
): Sql {
  if (!messageStates.canMove('failed', 'planned')) throw new Error('the table of states allows no retry');
  return sql`
    with failed as (
      select m.contact_id, m.channel, m.step, ${reason} as reason from message m
      where ${failed(workspaceId, dispatchId, reasons)} and m.slot = ${slot}
    ), moved as (
      update message m set state = 'planned', send_after = ${now}, attempt = 0, error_kind = null, error_code = null, error_detail = null,
        updated_at = now()
      from failed f
      where m.workspace_id = ${workspaceId} and m.contact_id = f.contact_id and m.dispatch_id = ${dispatchId} and m.channel = f.channel
        and m.step = f.step and m.state = 'failed'
      returning m.contact_id, m.slot, coalesce(m.variant, '') as variant, 'failed' as old_state, m.sent_at is not null as old_was_sent,
        '' as old_reason, ${countedParts} as old_parts, coalesce(m.cost_micros, 0) as old_cost, m.state, m.sent_at is not null as was_sent,
        '' as reason, ${countedParts} as parts, coalesce(m.cost_micros, 0) as cost, f.reason as failure
    ), tallied as (${tallyMoved(workspaceId, dispatchId)}
    ), followed as (
      insert into contact_change (workspace_id, kind, batch_kind, batch_id)
      select ${workspaceId}, 'ledger', 'dispatch', ${dispatchId}::bigint from moved having count(*) > 0
    )
    select failure as reason, count(*)::float8 as messages from moved group by failure`;
}
