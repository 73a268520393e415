/** Statements over table dispatch: one row a run. State changes are guarded by the table in domain/campaign/states.ts. */
import { dispatchStates, type DispatchState } from '../domain/campaign/states.js';
import type { DispatchId, WorkspaceId } from '../domain/ids.js';
import { joinSql, literal, type Sql, sql } from '../domain/sql.js';
import type { NewDispatch } from './dispatch.js';

const columns = sql`workspace_id as "workspaceId", id, name, source_kind as "sourceKind", source_id as "sourceId", step, channel, class, topic, state,
  state_reason as "stateReason", template_id as "templateId", template_version as "templateVersion", variants, gateway_id as "gatewayId", sender,
  resend_policy as "resendPolicy", audience, matched::float8 as matched, error_streak as "errorStreak", send_after as "sendAfter", ends_at as "endsAt",
  created_at as "createdAt", frozen_at as "frozenAt", finished_at as "finishedAt"`;

export function insertDispatch(workspaceId: WorkspaceId, d: NewDispatch): Sql {
  return sql`insert into dispatch (workspace_id, name, source_kind, source_id, step, channel, class, topic, template_id, template_version, variants, gateway_id, sender,
      resend_policy, audience, send_after, ends_at)
    values (${workspaceId}, ${d.name}, ${d.sourceKind}, ${d.sourceId}, ${d.step ?? 0}, ${d.channel}, ${d.class}, ${d.topic}, ${d.templateId}, ${d.templateVersion}, ${JSON.stringify(d.variants ?? [])}::jsonb,
      ${d.gatewayId}, ${JSON.stringify(d.sender)}::jsonb, ${d.resendPolicy}, ${JSON.stringify(d.audience)}::jsonb, ${d.sendAfter}, ${d.endsAt})
    returning id`;
}

export function selectDispatch(workspaceId: WorkspaceId, id: DispatchId): Sql {
  return sql`select ${columns} from dispatch where workspace_id = ${workspaceId} and id = ${id}`;
}

export function selectDispatchesOf(workspaceId: WorkspaceId, sourceKind: string, sourceId: string): Sql {
  return sql`select ${columns} from dispatch where workspace_id = ${workspaceId} and source_kind = ${sourceKind} and source_id = ${sourceId} order by id`;
}

/** Moves one dispatch if the table allows it; no row when it was elsewhere. */
export function moveDispatch(workspaceId: WorkspaceId, id: DispatchId, to: DispatchState, reason: string | null, now: Date): Sql {
  const before = joinSql(dispatchStates.before(to).map(literal), ', ');
  return sql`update dispatch set state = ${to}, state_reason = ${reason}, error_streak = 0,
      finished_at = case when ${to} in ('done', 'canceled', 'failed') then ${now}::timestamptz end
    where workspace_id = ${workspaceId} and id = ${id} and state in (${before})
    returning id`;
}

/** The freeze is over: audience size known, sending begins (or everything is done at once). */
export function finishFreeze(workspaceId: WorkspaceId, id: DispatchId, matched: number, planned: number, now: Date): Sql {
  return sql`update dispatch set matched = ${matched}, frozen_at = ${now}, state = ${planned > 0 ? 'sending' : 'done'},
      finished_at = ${planned > 0 ? null : now}
    where workspace_id = ${workspaceId} and id = ${id} and state = 'freezing' returning id`;
}

/**
 * Done when nothing is planned, claimed, on the wire or waiting for a resend for which there is time. Relies on message_due_idx,
 * message_held_idx and message_unknown_idx.
 */
export function finishWhenDrained(workspaceId: WorkspaceId, id: DispatchId, now: Date): Sql {
  const none = (state: Sql) =>
    sql`not exists (select from message m where m.workspace_id = d.workspace_id and m.dispatch_id = d.id and ${state})`;
  // From the last slot down: slots are drained from the first up, and leave dead entries of the index behind.
  const planned = sql`select m.slot from message m where m.workspace_id = ${workspaceId} and m.dispatch_id = ${id} and m.state = 'planned'
    order by m.slot desc, m.send_after desc limit 1`;
  return sql`update dispatch d set state = 'done', finished_at = ${now}
    where d.workspace_id = ${workspaceId} and d.id = ${id} and d.state = 'sending'
      and (${planned}) is null and ${none(sql`m.state in ('claimed', 'sending')`)}
      and (d.resend_policy = 'never' or d.ends_at <= ${now} or ${none(sql`m.state = 'unknown' and m.resends = 0`)})
    returning id`;
}

/** Errors in a row, reset by a success; returns the new length. Writes nothing when nothing changed. */
export function countErrors(workspaceId: WorkspaceId, id: DispatchId, errors: number, hadSuccess: boolean): Sql {
  return sql`update dispatch set error_streak = ${hadSuccess ? sql`${errors}::int` : sql`error_streak + ${errors}::int`}
    where workspace_id = ${workspaceId} and id = ${id} and (${errors}::int > 0 or error_streak > 0)
    returning error_streak as "errorStreak"`;
}

/** Slots of one dispatch with something planned, due by `dueBy` where that is given. Relies on message_due_idx. */
export function selectPlannedSlots(workspaceId: WorkspaceId, id: DispatchId, dueBy: Date | null): Sql {
  return sql`select s as slot from generate_series(0, 63) s
    where exists (select from message m where m.workspace_id = ${workspaceId} and m.dispatch_id = ${id} and m.slot = s and m.state = 'planned'
      ${dueBy ? sql`and m.send_after <= ${dueBy}` : sql``})`;
}

export type OpenDispatch = {
  workspaceId: WorkspaceId;
  id: DispatchId;
  state: DispatchState;
  endsAt: Date | null;
  hasUnknown: boolean;
};

/**
 * Dispatches of all workspaces that may still have work: open ones, and those that ended since `endedSince` (a canceled one
 * may have rows on the wire, a done one unknown rows). Relies on dispatch_open_idx and dispatch_finished_at_idx; only the sweeper crosses workspaces.
 */
export function selectOpenDispatches(endedSince: Date): Sql {
  return sql`select workspace_id as "workspaceId", id, state, ends_at as "endsAt",
      exists (select from message m where m.workspace_id = d.workspace_id and m.dispatch_id = d.id and m.state = 'unknown') as "hasUnknown"
    from dispatch d
    where state in ('sending', 'paused') or (state in ('done', 'canceled') and finished_at > ${endedSince})
    order by workspace_id, id`;
}

/** The same row, held until the transaction ends: a freeze, a pause and a cancel of one dispatch wait for each other. */
export function lockDispatch(workspaceId: WorkspaceId, id: DispatchId): Sql {
  return sql`${selectDispatch(workspaceId, id)} for update`;
}
