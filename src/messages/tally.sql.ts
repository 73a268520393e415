/**
 * Tallies: how many messages of a dispatch and slot are in which state. They move in the transaction of the rows they
 * count, so a report is a sum over 64 × a few rows and never a scan of the ledger.
 */
import type { DispatchId, WorkspaceId } from '../domain/ids.js';
import { type Sql, sql } from '../domain/sql.js';

/**
 * A CTE body that adds what the CTE `moved` (slot, variant, old_state, old_was_sent, old_reason, old_parts, old_cost, state,
 * was_sent, reason, parts, cost) changed. Rows are touched in key order; the slot lock makes that order the only one.
 */
export function tallyMoved(workspaceId: WorkspaceId, dispatchId: DispatchId): Sql {
  return sql`
    insert into tally as t (workspace_id, dispatch_id, slot, state, was_sent, reason, variant, messages, parts, cost_micros)
    select ${workspaceId}, ${dispatchId}, slot, state, was_sent, reason, variant, sum(n), sum(n * parts), sum(n * cost)
    from (
      select slot, old_state as state, old_was_sent as was_sent, old_reason as reason, variant, -1 as n, old_parts as parts, old_cost as cost from moved
      union all
      select slot, state, was_sent, reason, variant, 1, parts, cost from moved
    ) change
    group by slot, state, was_sent, reason, variant
    order by slot, state, was_sent, reason, variant
    on conflict (workspace_id, dispatch_id, slot, state, was_sent, reason, variant) do update
      set messages = t.messages + excluded.messages, parts = t.parts + excluded.parts, cost_micros = t.cost_micros + excluded.cost_micros`;
}

/** Parts count once a message was sent (alias `m`); before that they are a forecast that a retry may change. */
export const countedParts = sql`(case when m.sent_at is null then 0 else coalesce(m.parts, 0) end)`;

export type TallyRow = {
  variant: string;
  state: string;
  was_sent: boolean;
  reason: string;
  messages: number;
  parts: number;
  cost_micros: number;
};

/** The counts of one dispatch (alias `d`) as a json list of TallyRow, slots added up; a scalar subquery. */
export const talliesOfDispatch = sql`(
  select coalesce(jsonb_agg(to_jsonb(x)), '[]') from (
    select variant, state, was_sent, reason, sum(messages) as messages, sum(parts) as parts, sum(cost_micros) as cost_micros
    from tally where workspace_id = d.workspace_id and dispatch_id = d.id
    group by variant, state, was_sent, reason having sum(messages) <> 0
  ) x)`;

export type ResponseTallyRow = { variant: string; kind: string; people: number };

/** How people answered one dispatch (alias `d`), as a json list of ResponseTallyRow; a scalar subquery. */
export const responsesOfDispatch = sql`(
  select coalesce(jsonb_agg(to_jsonb(x)), '[]') from (
    select variant, kind, sum(people) as people
    from response_tally where workspace_id = d.workspace_id and dispatch_id = d.id group by variant, kind
  ) x)`;

export type DispatchTallies = { tallies: TallyRow[]; responses: ResponseTallyRow[] };

export function selectTallies(workspaceId: WorkspaceId, dispatchId: DispatchId): Sql {
  return sql`select ${talliesOfDispatch} as tallies, ${responsesOfDispatch} as responses
    from dispatch d where d.workspace_id = ${workspaceId} and d.id = ${dispatchId}`;
}

/** Over the running dispatches of all workspaces, for /metrics. Relies on dispatch_open_idx. */
export function sumOpenTallies(): Sql {
  return sql`select d.channel, t.state, sum(t.messages)::float8 as messages
    from dispatch d join tally t on t.workspace_id = d.workspace_id and t.dispatch_id = d.id
    where d.state in ('freezing', 'sending', 'paused') group by 1, 2`;
}
