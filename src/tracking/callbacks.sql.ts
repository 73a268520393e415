/** Statements over table gateway_callback: what providers said, raw, and what came of it. */
import type { WorkspaceId } from '../domain/ids.js';
import { type Sql, sql } from '../domain/sql.js';
import type { FormParams } from '../gateways/twilio-signature.js';

/** What became of a raw row: `moved` and `no-change` for receipts, the kind of reply for inbound messages, `repeated` when posted again. */
export type CallbackOutcome = 'moved' | 'no-change' | 'ignored' | 'stop' | 'start' | 'help' | 'reply' | 'repeated' | 'no-sender';

export type NewReceipt = { workspaceId: WorkspaceId; gatewayId: string; token: string; payload: FormParams };
export type OpenReceipt = { id: string; gatewayId: string; token: string; payload: FormParams; receivedAt: Date };

export function insertReceipts(rows: readonly NewReceipt[]): Sql {
  return sql`insert into gateway_callback (workspace_id, gateway_id, kind, token, payload)
    select t.workspace_id, t.gateway_id, 'receipt', t.token, t.payload
    from unnest(${rows.map(row => row.workspaceId)}::bigint[], ${rows.map(row => row.gatewayId)}::bigint[], ${rows.map(row => row.token)}::text[],
      ${rows.map(row => JSON.stringify(row.payload))}::jsonb[]) with ordinality as t (workspace_id, gateway_id, token, payload, place)
    order by t.place`;
}

/** An inbound message is applied in the transaction that stores it. */
export function insertInbound(
  workspaceId: WorkspaceId,
  gatewayId: string,
  payload: FormParams,
  outcome: CallbackOutcome,
  now: Date,
): Sql {
  return sql`insert into gateway_callback (workspace_id, gateway_id, kind, payload, received_at, applied_at, outcome)
    values (${workspaceId}, ${gatewayId}, 'inbound', ${JSON.stringify(payload)}::jsonb, ${now}, ${now}, ${outcome})`;
}

/** Oldest first. Relies on gateway_callback_open_idx. */
export function selectOpenReceipts(workspaceId: WorkspaceId, limit: number): Sql {
  return sql`select id, gateway_id as "gatewayId", token, payload, received_at as "receivedAt" from gateway_callback
    where workspace_id = ${workspaceId} and applied_at is null order by id limit ${limit}`;
}

/** Takes rows for this transaction; returns those that nobody else had applied. */
export function markApplied(workspaceId: WorkspaceId, ids: readonly string[], outcome: CallbackOutcome): Sql {
  return sql`update gateway_callback set applied_at = now(), outcome = ${outcome}
    where workspace_id = ${workspaceId} and id = any(${ids}::bigint[]) and applied_at is null returning id`;
}

export function correctOutcome(workspaceId: WorkspaceId, ids: readonly string[], outcome: CallbackOutcome): Sql {
  return sql`update gateway_callback set outcome = ${outcome} where workspace_id = ${workspaceId} and id = any(${ids}::bigint[])`;
}

/** Workspaces with something to apply. */
export function selectWorkspacesWithOpen(): Sql {
  return sql`select id as "workspaceId" from workspace w
    where exists (select from gateway_callback c where c.workspace_id = w.id and c.applied_at is null)`;
}

/** Of all workspaces, for /metrics. Relies on gateway_callback_open_idx, which holds open rows only. */
export function measureOpen(): Sql {
  return sql`select count(*)::int as waiting, min(received_at) as since from gateway_callback where applied_at is null`;
}
