/**
 * Every change of state of ledger rows that exist. The guard is derived from the table in domain/message/states.ts, so late
 * and duplicate news changes nothing. Callers hold the slot's lock: it serialises all moves of one slot of a workspace,
 * which keeps row locks and tallies in one order.
 */
import type { Channel, DispatchId, WorkspaceId } from '../domain/ids.js';
import { type MessageState, messageStates, statesBefore } from '../domain/message/states.js';
import { emptySql, joinSql, literal, type Sql, sql } from '../domain/sql.js';
import { columnsOf } from './columns-of.js';
import { countedParts, tallyMoved } from './tally.sql.js';

/** One slot of one workspace, until the transaction ends. One-key advisory locks are the ledger's alone. */
export function lockSlot(workspaceId: WorkspaceId, slot: number): Sql {
  return sql`select pg_advisory_xact_lock(${workspaceId}::bigint * 64 + ${slot}::int)`.prepared();
}

/** `from` may become `to`, as SQL over two expressions. */
function canMoveSql(from: Sql, to: Sql): Sql {
  const cases = messageStates.all
    .filter(state => statesBefore(state).length > 0)
    .map(state => sql`(${to} = ${literal(state)} and ${from} in (${joinSql(statesBefore(state).map(literal), ', ')}))`);
  return sql`(${joinSql(cases, ' or ')})`;
}

/** Everything a move can say of one message; what is null keeps its value (`sendAfter` and errors are taken as they come). */
export type Move = {
  contactId: string;
  to: MessageState;
  /** Only while this is its latest try: what comes of an earlier one, taken for lost, says nothing of that which followed. */
  attempt?: number;
  sendAfter?: Date;
  /** The try does not count: the provider did not look at the message. */
  isFreeTry?: boolean;
  providerId?: string;
  billedParts?: number;
  errorKind?: string;
  errorCode?: string;
  errorDetail?: string;
  /** When it reached the provider, for moves to sent and beyond. */
  at?: Date;
};

export type Moved = {
  contact_id: string;
  old_state: MessageState;
  state: MessageState;
  attempt: number;
  send_after: Date | null;
};

/** Longest text of a provider that is kept. */
const providerTextLimit = 500;

const sentStates = sql`('sent', 'delivered', 'undelivered', 'bounced')`;

/**
 * Moves many messages of one dispatch and slot, each to its own state; returns those that moved. `owner` narrows it to rows
 * that this worker still holds (or that became unknown meanwhile): a worker that was taken for dead changes nothing.
 * Relies on the primary key (see keyOf).
 */
export function moveMessages(workspaceId: WorkspaceId, dispatch: DispatchKey, moves: readonly Move[], owner: number | null): Sql {
  const column = columnsOf(moves);
  const isOwned = owner === null ? sql`true` : sql`(m.claimed_by = ${owner} or m.state = 'unknown')`;
  return sql`
    with wanted as materialized (
      select ${keyOf(workspaceId, dispatch)}, w.* from unnest(${column(m => m.contactId)}::bigint[], ${column(m => m.to)}::text[],
        ${column(m => m.attempt)}::smallint[], ${column(m => m.sendAfter)}::timestamptz[], ${column(m => storable(m.providerId))}::text[], ${column(m => smallint(m.billedParts))}::smallint[],
        ${column(m => m.errorKind)}::text[], ${column(m => storable(m.errorCode))}::text[], ${column(m => storable(m.errorDetail))}::text[],
        ${column(m => m.at)}::timestamptz[], ${column(m => m.isFreeTry)}::boolean[])
        as w (contact_id, state, attempt, send_after, provider_id, billed_parts, error_kind, error_code, error_detail, at, is_free)
    ), found as (
      select w.*, m.state as old_state, m.sent_at is not null as old_was_sent,
        ${countedParts} as old_parts, coalesce(m.cost_micros, 0) as old_cost
      from wanted w join message m on ${isMessageOf(sql`w`)}
    ), moved as (
      update message m set
        state = w.state,
        send_after = case when w.state = 'planned' then coalesce(w.send_after, m.send_after) end,
        claimed_by = null, lease_until = null,
        attempt = m.attempt - coalesce(w.is_free, false)::int,
        provider_id = coalesce(w.provider_id, m.provider_id),
        billed_parts = coalesce(w.billed_parts, m.billed_parts),
        error_kind = w.error_kind, error_code = w.error_code, error_detail = w.error_detail,
        sent_at = case when w.state in ${sentStates} then coalesce(m.sent_at, w.at, now()) else m.sent_at end,
        updated_at = now()
      from found w
      where ${isMessageOf(sql`w`)}
        and m.state = w.old_state and m.attempt = coalesce(w.attempt, m.attempt) and ${canMoveSql(sql`m.state`, sql`w.state`)} and ${isOwned}
        ${owner === null ? sql`and ${isOfThisTry}` : emptySql}
      returning m.contact_id, m.slot, coalesce(m.variant, '') as variant, w.old_state, w.old_was_sent, '' as old_reason, w.old_parts, w.old_cost,
        m.state, m.sent_at is not null as was_sent, '' as reason, ${countedParts} as parts,
        coalesce(m.cost_micros, 0) as cost, m.attempt, m.send_after
    ), tallied as (${tallyMoved(workspaceId, dispatch.id)}
    ), followed as (
      insert into contact_change (workspace_id, kind, contact_ids, batch_kind, batch_id)
      select ${workspaceId}, 'ledger', array_agg(contact_id order by contact_id), 'dispatch', ${dispatch.id}::bigint
      from moved where state not in ('planned', 'claimed', 'sending') having count(*) > 0
    )
    select contact_id, old_state, state, attempt, send_after from moved`.prepared();
}

/**
 * News of a message that went out more than once may be of an earlier try: while it is on the wire, or unknown, the id in its row is that of the try
 * before; once it was taken, that of the last one. An earlier try that arrived after all is good news of any.
 */
const isOfThisTry = sql`coalesce(case when m.state in ('sending', 'unknown') then w.provider_id <> m.provider_id
  when w.state <> 'delivered' then w.provider_id = m.provider_id end, true)`;

/** What a provider says is stored whatever it holds: one text that PostgreSQL refuses would lose the news of a whole wave. */
function storable(text: string | undefined): string | undefined {
  return text?.replaceAll('\0', '\uFFFD').toWellFormed().slice(0, providerTextLimit);
}

function smallint(value: number | undefined): number | undefined {
  return Number.isInteger(value) && Math.abs(value ?? 0) <= 32_767 ? value : undefined;
}

/** What the messages of one dispatch have in common of the ledger's primary key. */
export type DispatchKey = { id: DispatchId; channel: Channel; step: number };

/**
 * The same as columns, for a list of contacts behind a fence (`materialized` or `offset 0`). A key that is compared with columns can only be
 * looked up whole. Compared with values, statistics of another hour make one row of the dispatch look like all, and each look-up reads a million.
 */
export function keyOf(workspaceId: WorkspaceId, { id, channel, step }: DispatchKey): Sql {
  return sql`${workspaceId}::bigint as workspace_id, ${id}::bigint as dispatch_id, ${channel}::text as channel, ${step}::smallint as step`;
}

/** Alias `m` is the message of this row with the columns of keyOf and a contact. */
export function isMessageOf(row: Sql): Sql {
  return sql`(m.workspace_id, m.contact_id, m.dispatch_id, m.channel, m.step)
    = (${row}.workspace_id, ${row}.contact_id, ${row}.dispatch_id, ${row}.channel, ${row}.step)`;
}

/** The rows of one dispatch, over alias `m`; the contact completes the primary key. */
export function ofDispatch(workspaceId: WorkspaceId, { id, channel, step }: DispatchKey): Sql {
  return sql`m.workspace_id = ${workspaceId} and m.dispatch_id = ${id} and m.channel = ${channel} and m.step = ${step}`;
}

/**
 * Fills in what a settle knows of rows that a faster receipt already moved on: the provider's id and billed parts. Rows that are
 * to go out again, or are on the wire again, are another try's. A receipt brings an id and no parts. Touches no state, so no tally.
 */
export function fillProviderIds(workspaceId: WorkspaceId, dispatch: DispatchKey, moves: readonly Move[]): Sql {
  const known = moves.filter(move => move.providerId !== undefined);
  return sql`
    update message m set provider_id = coalesce(m.provider_id, w.provider_id), billed_parts = coalesce(m.billed_parts, w.billed_parts)
    from (
      select ${keyOf(workspaceId, dispatch)}, w.*
      from unnest(${known.map(m => m.contactId)}::bigint[], ${known.map(m => storable(m.providerId))}::text[], ${known.map(m => smallint(m.billedParts) ?? null)}::smallint[])
        as w (contact_id, provider_id, billed_parts)
      offset 0
    ) w
    where ${isMessageOf(sql`w`)} and (m.provider_id is null or (m.provider_id = w.provider_id and m.billed_parts is null))
      and m.state not in ('planned', 'claimed', 'sending')`;
}

/** Moves everything of one slot that is in `from` to `to` (cancel, expire); the lock and the guard as above. */
export function moveSlot(
  workspaceId: WorkspaceId,
  dispatchId: DispatchId,
  slot: number,
  from: MessageState,
  to: MessageState,
  where: Sql = sql`true`,
): Sql {
  return sql`
    with moved as (
      update message m set state = ${to}, send_after = null, claimed_by = null, lease_until = null, updated_at = now()
      where m.workspace_id = ${workspaceId} and m.dispatch_id = ${dispatchId} and m.slot = ${slot} and m.state = ${literal(from)}
        and ${canMoveSql(literal(from), literal(to))} and (${where})
      returning m.contact_id, m.slot, coalesce(m.variant, '') as variant, ${from} as old_state, m.sent_at is not null as old_was_sent, '' as old_reason,
        ${countedParts} as old_parts, coalesce(m.cost_micros, 0) as old_cost, m.state, m.sent_at is not null as was_sent, '' as reason,
        ${countedParts} as parts, coalesce(m.cost_micros, 0) as cost
    ), tallied as (${tallyMoved(workspaceId, dispatchId)}
    ), followed as (
      insert into contact_change (workspace_id, kind, batch_kind, batch_id)
      select ${workspaceId}, 'ledger', 'dispatch', ${dispatchId}::bigint from moved having count(*) > 0
    )
    select contact_id from moved`;
}
