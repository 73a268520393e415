/**
 * The statements of a contact upsert, each for a whole batch: rows come as one JSON array, so that a batch of a thousand
 * costs the same ten round trips as one contact.
 */
import type { ContactId, WorkspaceId } from '../domain/ids.js';
import { type Sql, sql } from '../domain/sql.js';
import { columnList } from './columns.js';
import { deleteIdentitiesOf } from './identities.sql.js';
import type { IdentityKind } from './normalize-contact.js';
import { keyed } from './reach.sql.js';

export type IdentityRow = { contact_id: ContactId; kind: IdentityKind; value: string };
/** `columns` holds only what was sent, under column names; a null in it or in `attributes` clears. */
export type ContactRow = { id: ContactId; columns: Record<string, unknown>; attributes: Record<string, unknown> };

/** Who owns these identities, with every external id of those owners. Reads identity_pkey and identity_contact_id_idx. */
export function findIdentities(workspaceId: WorkspaceId, wanted: readonly { kind: IdentityKind; value: string }[]): Sql {
  const named = sql`select kind, value from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as w (kind text, value text)`;
  return sql`with hit as materialized (
      select i.kind, i.value, i.contact_id from ${keyed(workspaceId, named)} w
        join identity i on i.workspace_id = w.workspace_id and i.kind = w.kind and i.value = w.value)
    select kind, value, contact_id as "contactId" from hit
    union
    select kind, value, contact_id from identity
    where workspace_id = ${workspaceId} and contact_id = any (array(select contact_id from hit)) and kind = 'external_id'`;
}

export function findExternalIds(workspaceId: WorkspaceId, contactId: ContactId): Sql {
  return sql`select kind, value, contact_id as "contactId" from identity
    where workspace_id = ${workspaceId} and contact_id = ${contactId} and kind = 'external_id'`;
}

export function findAddresses(workspaceId: WorkspaceId, ids: readonly ContactId[]): Sql {
  return sql`select contact_id as "contactId", channel, address from reach
    where workspace_id = ${workspaceId} and contact_id = any(${ids}::bigint[])`;
}

/** Locks contacts until commit, in id order so that two batches do not cross, and returns those that are still there. */
export function lockContacts(workspaceId: WorkspaceId, ids: readonly ContactId[]): Sql {
  return sql`select id from contact where workspace_id = ${workspaceId} and id = any(${ids}::bigint[]) and erased_at is null
    order by id for no key update`;
}

/** How many of these identities are still theirs. Reads identity_pkey. */
export function countOwned(workspaceId: WorkspaceId, owned: readonly IdentityRow[]): Sql {
  const given = sql`select * from jsonb_to_recordset(${JSON.stringify(owned)}::jsonb) as g (contact_id bigint, kind text, value text)`;
  return sql`select count(*)::int as count from ${keyed(workspaceId, given)} g
    join identity i on i.workspace_id = g.workspace_id and i.kind = g.kind and i.value = g.value and i.contact_id = g.contact_id`;
}

export function nextContactIds(count: number): Sql {
  return sql`select nextval('contact_id_seq')::text as id from generate_series(1, ${count}::int)`;
}

const sentRows = (rows: readonly ContactRow[]): Sql =>
  sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row (id bigint, columns jsonb, attributes jsonb)`;

export function insertContacts(workspaceId: WorkspaceId, rows: readonly ContactRow[], now: Date): Sql {
  return sql`insert into contact (workspace_id, id, created_at, updated_at, attributes, ${columnList()})
    select ${workspaceId}, row.id, ${now}, ${now}, jsonb_strip_nulls(row.attributes), ${columnList('sent')}
    from ${sentRows(rows)}, jsonb_populate_record(null::contact, row.columns) sent`;
}

/** jsonb_populate_record keeps what the row has where a column was not sent: nothing is ever wiped by silence. */
export function updateContacts(workspaceId: WorkspaceId, rows: readonly ContactRow[], now: Date): Sql {
  return sql`update contact c set updated_at = ${now}, attributes = jsonb_strip_nulls(c.attributes || row.attributes),
      (${columnList()}) = (select ${columnList('sent')} from jsonb_populate_record(c, row.columns) sent)
    from ${keyed(workspaceId, sql`select * from ${sentRows(rows)}`)} row where c.workspace_id = row.workspace_id and c.id = row.id`;
}

type Cleared = readonly { contact_id: ContactId; kind: IdentityKind }[];

const clearedRows = (cleared: Cleared): Sql =>
  sql`select contact_id, kind, case kind when 'email' then 'email' when 'phone' then 'sms' end as channel
    from jsonb_to_recordset(${JSON.stringify(cleared)}::jsonb) as w (contact_id bigint, kind text)`;

/** Comes before `deleteAddresses`: emails and phones are found by them. */
export function deleteIdentities(workspaceId: WorkspaceId, cleared: Cleared): Sql {
  const gone = clearedRows(cleared);
  const people = sql`select distinct contact_id from (${gone}) gone`;
  return deleteIdentitiesOf(
    workspaceId,
    people,
    sql`((own.contact_id, own.kind) in (select contact_id, kind from (${gone}) gone)) is true`,
  );
}

/** The addresses that go with cleared emails and phones. */
export function deleteAddresses(workspaceId: WorkspaceId, cleared: Cleared): Sql {
  return sql`delete from reach r using ${keyed(workspaceId, clearedRows(cleared))} gone
    where r.workspace_id = gone.workspace_id and r.contact_id = gone.contact_id and r.channel = gone.channel`;
}

/** Returns nothing for an identity that somebody else took since we looked; in one order everywhere so that two batches do not cross. */
export function insertIdentities(workspaceId: WorkspaceId, rows: readonly IdentityRow[]): Sql {
  return sql`insert into identity (workspace_id, kind, value, contact_id)
    select ${workspaceId}, kind, value, contact_id
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as w (contact_id bigint, kind text, value text) order by value, kind
    on conflict (workspace_id, kind, value) do nothing returning contact_id`;
}

export type AddressRow = {
  contact_id: ContactId;
  channel: string;
  address: string;
  /** Hexadecimal. */
  address_hash: string;
  country: string | null;
  area_code: string | null;
  line_type: string | null;
  domain: string | null;
  is_preferred: boolean;
};

/** Address rows as the select that `upsertAddresses` of reach.sql.ts takes. */
export function givenAddresses(rows: readonly AddressRow[]): Sql {
  return sql`select contact_id, channel, address, decode(address_hash, 'hex') as address_hash, country, area_code, line_type,
      null as operator, domain
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as a
      (contact_id bigint, channel text, address text, address_hash text, country text, area_code text, line_type text, domain text)`;
}

/** Those of them that were sent as *the* phone or email. */
export function preferredAddresses(rows: readonly AddressRow[]): Sql {
  const preferred = rows
    .filter(row => row.is_preferred)
    .map(({ contact_id, channel, address }) => ({ contact_id, channel, address }));
  return sql`select contact_id, channel, address
    from jsonb_to_recordset(${JSON.stringify(preferred)}::jsonb) as a (contact_id bigint, channel text, address text)`;
}
