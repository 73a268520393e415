// The history of contacts, by month. event_seen holds the message ids of 7 days, written in the same statement as the events.
import type { ContactId, WorkspaceId } from '../domain/ids.js';
import { type Sql, sql } from '../domain/sql.js';

export type EventRow = {
  contact_id: ContactId;
  name: string;
  at: Date;
  properties: object;
  source: string;
  message_id: string | null;
};

const given = (rows: readonly EventRow[]): Sql => sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as e
  (contact_id bigint, name text, at timestamptz, properties jsonb, source text, message_id text)`;

/** The partitions of the months that occur; not of those between them, for a caller may send 1971 and today in one batch. */
export function ensureMonths(rows: readonly EventRow[]): Sql {
  return sql`select ensure_contact_event_months(at, at) from (
    select distinct date_trunc('month', at, 'UTC') as at from unnest(${rows.map(row => row.at)}::timestamptz[]) as at) months
    order by at`;
}

/** Only rows whose message id is new (or absent) come in. Two rows of one call never have the same source and message id. */
export function insertEvents(workspaceId: WorkspaceId, rows: readonly EventRow[]): Sql {
  return sql`with given as (select * from ${given(rows)}),
    seen as (
      insert into event_seen (workspace_id, source, message_id)
      select ${workspaceId}, source, message_id from given where message_id is not null order by source, message_id
      on conflict (workspace_id, source, message_id) do nothing returning source, message_id)
    insert into contact_event (workspace_id, contact_id, at, name, properties, source)
    select ${workspaceId}, contact_id, at, name, properties, source from given
    where message_id is null or (source, message_id) in (select source, message_id from seen)
    returning contact_id`;
}

/** Changes a row when the message id is new within the source. */
export function insertSeen(workspaceId: WorkspaceId, source: string, messageId: string): Sql {
  return sql`insert into event_seen (workspace_id, source, message_id) values (${workspaceId}, ${source}, ${messageId})
    on conflict (workspace_id, source, message_id) do nothing`;
}

/** A page of one contact's history, latest first, by primary key; `before` is the key of the last row shown. */
export function listEvents(
  workspaceId: WorkspaceId,
  contactId: ContactId,
  name: string | null,
  before: { at: string; id: string } | null,
  limit: number,
): Sql {
  const from = before ? sql`and (at, id) < (${before.at}::timestamptz, ${before.id}::bigint)` : sql``;
  const named = name === null ? sql`` : sql`and name = ${name}`;
  return sql`select id, name, at, properties, source, received_at as "receivedAt",
      to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as key
    from contact_event where workspace_id = ${workspaceId} and contact_id = ${contactId} ${named} ${from}
    order by at desc, id desc limit ${limit}`;
}

/** By the database's clock, which also stamped them. */
export function forgetSeenEvents(): Sql {
  return sql`delete from event_seen where seen_at < now() - interval '7 days'`;
}
