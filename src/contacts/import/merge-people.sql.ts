/** What a batch writes about its people: fields, identities, addresses. One statement each, over all rows of the batch. */
import type { ImportOptions } from '../../contract/imports.js';
import { type Channel, channels, type WorkspaceId } from '../../domain/ids.js';
import { identifier, joinSql, literal, type Sql, sql } from '../../domain/sql.js';
import { allowedTopics, isSuppressedAddress, upsertAddresses } from '../reach.sql.js';
import { type ConsentSpec, isToldByRow, topicsOfRow } from './merge-consents.sql.js';
import { type Batch, each, joined } from './merge-rows.sql.js';

type EmptyMeans = ImportOptions['emptyMeans'];

export type Columns = { plain: readonly string[]; hasAttributes: boolean };

/** One row per person: contact_id and what the file says, rows of the same person folded, later ones over earlier ones. */
function folded(batch: Batch, { plain, hasAttributes }: Columns, isNew: boolean, emptyMeans: EmptyMeans): Sql {
  const known = (column: Sql): Sql => (emptyMeans === 'keep' ? sql` filter (where s.${column} is not null)` : sql``);
  const latest = plain.map(name => sql`((array_agg(s order by s.n desc)${known(identifier(name))})[1]).${identifier(name)}`);
  const once = plain.map(name => sql`s.${identifier(name)}`);
  const merged = sql`(select jsonb_object_agg(key, value) from (
      select distinct on (key) key, value from merge_row o join ${batch.table} t on t.n = o.n, jsonb_each(t.attributes)
      where o.contact_id = m.contact_id order by key, t.n desc) entry)`;
  const select = (columns: Sql[], attributes: Sql): Sql =>
    joinSql([sql`m.contact_id`, ...columns, ...(hasAttributes ? [attributes] : [])], ', ');
  return sql`select ${select(once, sql`s.attributes`)} from ${joined(batch)} where m.is_new = ${isNew} and not m.is_repeated
    union all
    select ${select(latest, merged)} from ${joined(batch)} where m.is_new = ${isNew} and m.is_repeated group by m.contact_id`;
}

export function insertContacts(workspaceId: WorkspaceId, batch: Batch, columns: Columns, emptyMeans: EmptyMeans, now: Date): Sql {
  const names = columns.plain.map(name => sql`, ${identifier(name)}`);
  const attributes = columns.hasAttributes ? sql`, attributes` : sql``;
  const values = columns.hasAttributes ? sql`, jsonb_strip_nulls(coalesce(attributes, '{}'))` : sql``;
  return sql`insert into contact (workspace_id, id, created_at, updated_at${joinSql(names, '')}${attributes})
    select ${workspaceId}, contact_id, ${now}, ${now}${joinSql(names, '')}${values}
    from (${folded(batch, columns, true, emptyMeans)}) given`;
}

/** Writes only rows that change; counts them. */
export function updateContacts(workspaceId: WorkspaceId, batch: Batch, columns: Columns, emptyMeans: EmptyMeans, now: Date): Sql {
  const next = columns.plain.map(name => {
    const column = identifier(name);
    return { column, value: emptyMeans === 'keep' ? sql`coalesce(given.${column}, contact.${column})` : sql`given.${column}` };
  });
  if (columns.hasAttributes)
    next.push({ column: sql`attributes`, value: sql`jsonb_strip_nulls(contact.attributes || coalesce(given.attributes, '{}'))` });
  const sets = next.map(({ column, value }) => sql`${column} = ${value}`);
  const differs = next.map(({ column, value }) => sql`contact.${column} is distinct from ${value}`);
  return sql`with changed as (
      update contact set updated_at = ${now}, ${joinSql(sets, ', ')}
      from (${folded(batch, columns, false, emptyMeans)}) given
      where contact.workspace_id = ${workspaceId} and contact.id = given.contact_id and (${joinSql(differs, ' or ')})
      returning contact.id)
    insert into merge_changed select id from changed`;
}

export type Claims = { kinds: string[]; values: string[]; contactIds: string[] };

/**
 * All identities of plain rows, and the `claims` of tangled ones. In one order everywhere, against deadlocks. A duplicate key means
 * that somebody else took one since we looked: the batch is run again.
 */
export function insertIdentities(workspaceId: WorkspaceId, batch: Batch, { kinds, values, contactIds }: Claims): Sql {
  const plain = each(
    kind => sql`select ${literal(kind)} as kind, s.${identifier(kind)} as value, m.contact_id from ${joined(batch)}
      where m.sort = 'plain' and s.${identifier(kind)} is not null`,
    ' union all ',
  );
  return sql`insert into identity (workspace_id, kind, value, contact_id)
    select ${workspaceId}, kind, value, contact_id from (
      ${plain} union all select * from unnest(${kinds}::text[], ${values}::text[], ${contactIds}::bigint[])) claim
    order by value, kind`;
}

/** Phone and email of rows: contact_id, channel, address, address_hash, what we know of it, n, is_more; and `further` columns. */
function mainAddresses(rows: Sql, further: (channel: Channel) => Sql = () => sql``): Sql {
  return sql`select m.contact_id, 'sms' as channel, s.phone as address, s.phone_hash as address_hash, s.phone_country as country,
      s.phone_area as area_code, s.phone_line as line_type, null as operator, null as domain, m.n, false as is_more${further('sms')}
    from ${rows} and s.phone is not null
    union all
    select m.contact_id, 'email', s.email, s.email_hash, null, null, null, null, s.email_domain, m.n, false${further('email')}
    from ${rows} and s.email is not null`;
}

/** Every address of the rows that meet `where`, once per person. */
function addresses(batch: Batch, where: Sql): Sql {
  return sql`select distinct on (contact_id, channel, address) * from (
      ${mainAddresses(sql`${joined(batch)} where ${where}`)}
      union all
      select m.contact_id, a.channel, a.address, decode(a.hash, 'hex'), a.country, a.area_code, a.line_type, null, a.domain, m.n, true
      from ${joined(batch)}, jsonb_to_recordset(s.more) as a (channel text, address text, hash text, country text, area_code text, line_type text, domain text)
      where ${where} and s.more is not null
    ) address order by contact_id, channel, address, is_more, n desc`;
}

/**
 * Addresses of new people, written once with everything they will say: topics (their consents are in already), suppression,
 * and the primary: a line that takes SMS before a landline, the main column before further ones, later rows before earlier.
 * The one address of a plain row is primary without a contest. In the order of the primary key, so that it grows at its end.
 */
export function insertAddresses(workspaceId: WorkspaceId, batch: Batch, consents: readonly ConsentSpec[], now: Date): Sql {
  const topics = (channel: Channel): Sql => sql`, ${topicsOfRow(consents, channel)} as topics`;
  // Evidence is read again only for people of several rows, or when the row alone does not tell.
  const unsure = channels.every(channel => isToldByRow(consents, channel)) ? sql`sort <> 'plain'` : sql`true`;
  const people = sql`select distinct contact_id from merge_row where is_new and ${unsure}`;
  return sql`with allowed as (${allowedTopics(workspaceId, people, now)})
    insert into reach (workspace_id, contact_id, channel, address, address_hash, country, area_code, line_type, domain, topics, is_suppressed, is_primary)
    select ${workspaceId}, g.contact_id, g.channel, g.address, g.address_hash, g.country, g.area_code, g.line_type, g.domain,
      coalesce(g.topics, allowed.topics, '{}'), ${isSuppressedAddress(workspaceId, sql`g`, now)}, g.is_primary
    from (
      select plain.*, true as is_primary from (${mainAddresses(sql`${joined(batch)} where m.sort = 'plain'`, topics)}) plain
      union all
      select tangled.*, null::text[], row_number() over (partition by contact_id, channel
        order by coalesce(line_type, '') = 'fixed', is_more, n desc, address) = 1
      from (${addresses(batch, sql`m.is_new and m.sort <> 'plain'`)}) tangled
    ) g left join allowed on allowed.contact_id = g.contact_id and allowed.channel = g.channel
    order by g.contact_id, g.channel`;
}

/** Addresses of people we knew; whoever got something new is marked touched. */
export function addAddresses(workspaceId: WorkspaceId, batch: Batch): Sql {
  return sql`with put as (${upsertAddresses(workspaceId, addresses(batch, sql`not m.is_new`))} returning reach.contact_id)
    insert into merge_touched select distinct contact_id from put`;
}

/** The file's phone and email of people we knew that are not their primary ones yet; landlines do not become it. */
export function findPreferred(batch: Batch): Sql {
  return sql`insert into merge_preferred
    select distinct on (contact_id, channel) g.contact_id, g.channel, g.address from (${addresses(batch, sql`not m.is_new`)}) g
    where not g.is_more and coalesce(g.line_type, '') <> 'fixed' order by contact_id, channel, n desc`;
}

export function dropPrimaryPreferred(workspaceId: WorkspaceId): Sql {
  return sql`delete from merge_preferred p using reach r where r.workspace_id = ${workspaceId} and r.contact_id = p.contact_id
    and r.channel = p.channel and r.address = p.address and r.is_primary`;
}
