/**
 * One batch of a contacts import, set-based. `merge_row` (temporary, gone at commit) says which staged row is which
 * person; every statement joins the staging table to it. `now` and the workspace go through all of them as values.
 */
import type { ImportOptions } from '../../contract/imports.js';
import type { Channel, WorkspaceId } from '../../domain/ids.js';
import { identifier, joinSql, literal, type Sql, sql } from '../../domain/sql.js';
import { groupKinds, type GroupKind } from '../groups.sql.js';
import { allowedTopics, isSuppressedAddress, upsertAddresses } from '../reach.sql.js';

type EmptyMeans = ImportOptions['emptyMeans'];

/** Where the batch reads from. */
export type Batch = { table: Sql; from: number; to: number };

const inBatch = ({ from, to }: Batch): Sql => sql`s.n > ${from} and s.n <= ${to}`;
const joined = (batch: Batch): Sql => sql`merge_row m join ${batch.table} s on s.n = m.n and ${inBatch(batch)}`;

/** Rows of the batch with the owner of each of their identities. Reads identity_pkey. */
export function selectRows(workspaceId: WorkspaceId, batch: Batch): Sql {
  const owner = (alias: string, kind: string): Sql => sql`left join identity ${identifier(alias)} on ${identifier(alias)}.workspace_id = ${workspaceId}
      and ${identifier(alias)}.kind = ${literal(kind)} and ${identifier(alias)}.value = s.${identifier(kind)}`;
  return sql`select s.n, s.external_id, s.email, s.phone, s.anonymous_id, s.more,
      e.contact_id as external_id_owner, m.contact_id as email_owner, p.contact_id as phone_owner, a.contact_id as anonymous_id_owner
    from ${batch.table} s ${owner('e', 'external_id')} ${owner('m', 'email')} ${owner('p', 'phone')} ${owner('a', 'anonymous_id')}
    where ${inBatch(batch)} order by s.n`;
}

export function selectOwners(workspaceId: WorkspaceId, kinds: readonly string[], values: readonly string[]): Sql {
  return sql`select i.kind, i.value, i.contact_id from unnest(${kinds}::text[], ${values}::text[]) as wanted (kind, value)
    join identity i on i.workspace_id = ${workspaceId} and i.kind = wanted.kind and i.value = wanted.value`;
}

/** Who of these has an external id. Reads identity_contact_id_idx. */
export function selectWithExternalId(workspaceId: WorkspaceId, contactIds: readonly string[]): Sql {
  return sql`select distinct contact_id from identity
    where workspace_id = ${workspaceId} and contact_id = any(${contactIds}::bigint[]) and kind = 'external_id'`;
}

export function drawContactIds(count: number): Sql {
  return sql`select nextval('contact_id_seq') as id from generate_series(1, ${count}::int)`;
}

/** Which row is which person; `is_repeated` when several rows are the same one. `merge_touched`: whose reach must be looked at. */
export const createMergeTables = [
  sql`create temporary table merge_row (n bigint not null, contact_id bigint not null, is_new boolean not null, is_repeated boolean not null)
    on commit drop`,
  sql`create temporary table merge_touched (contact_id bigint not null) on commit drop`,
  sql`create temporary table merge_preferred (contact_id bigint not null, channel text not null, address text not null) on commit drop`,
];

export type MergeRows = { n: string[]; contactIds: string[]; isNew: boolean[]; isRepeated: boolean[] };

export function fillMergeRows({ n, contactIds, isNew, isRepeated }: MergeRows): Sql {
  return sql`insert into merge_row select * from unnest(${n}::bigint[], ${contactIds}::bigint[], ${isNew}::boolean[], ${isRepeated}::boolean[])`;
}

/** In id order, so that two writers of the same people do not cross. */
export function lockContacts(workspaceId: WorkspaceId): Sql {
  return sql`select count(*) from (
    select from contact where workspace_id = ${workspaceId} and id in (select contact_id from merge_row where not is_new)
    order by id for no key update) locked`;
}

export type Columns = { plain: readonly string[]; hasAttributes: boolean };

/** One row per person: contact_id and what the file says, rows of the same person folded, later ones over earlier ones. */
function folded(batch: Batch, { plain, hasAttributes }: Columns, isNew: boolean, emptyMeans: EmptyMeans): Sql {
  const known = (column: Sql): Sql => (emptyMeans === 'keep' ? sql` filter (where s.${column} is not null)` : sql``);
  const latest = plain.map(name => sql`((array_agg(s order by s.n desc)${known(identifier(name))})[1]).${identifier(name)}`);
  const once = plain.map(name => sql`s.${identifier(name)}`);
  const merged = sql`(select jsonb_object_agg(key, value) from (
      select distinct on (key) key, value from merge_row o join ${batch.table} t on t.n = o.n, jsonb_each(t.attributes)
      where o.contact_id = m.contact_id order by key, t.n desc) entry)`;
  const select = (columns: Sql[], attributes: Sql): Sql => joinSql([sql`m.contact_id`, ...columns, ...(hasAttributes ? [attributes] : [])], ', ');
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

/** Writes only rows that change; returns who did. */
export function updateContacts(workspaceId: WorkspaceId, batch: Batch, columns: Columns, emptyMeans: EmptyMeans, now: Date): Sql {
  const next = columns.plain.map(name => {
    const column = identifier(name);
    return { column, value: emptyMeans === 'keep' ? sql`coalesce(given.${column}, contact.${column})` : sql`given.${column}` };
  });
  if (columns.hasAttributes)
    next.push({ column: sql`attributes`, value: sql`jsonb_strip_nulls(contact.attributes || coalesce(given.attributes, '{}'))` });
  const sets = next.map(({ column, value }) => sql`${column} = ${value}`);
  const differs = next.map(({ column, value }) => sql`contact.${column} is distinct from ${value}`);
  return sql`update contact set updated_at = ${now}, ${joinSql(sets, ', ')}
    from (${folded(batch, columns, false, emptyMeans)}) given
    where contact.workspace_id = ${workspaceId} and contact.id = given.contact_id and (${joinSql(differs, ' or ')})
    returning contact.id`;
}

/** In key order against deadlocks. Fewer rows than claims: somebody else took one in the meantime. */
export function insertIdentities(workspaceId: WorkspaceId, kinds: string[], values: string[], contactIds: string[]): Sql {
  return sql`insert into identity (workspace_id, kind, value, contact_id)
    select ${workspaceId}, kind, value, contact_id from unnest(${kinds}::text[], ${values}::text[], ${contactIds}::bigint[]) as claim (kind, value, contact_id)
    order by kind, value on conflict (workspace_id, kind, value) do nothing`;
}

/** Every address of the batch, once per person: contact_id, channel, address, address_hash, what we know of it, n, is_more. */
function addresses(batch: Batch, isNew: boolean): Sql {
  const rows = sql`${joined(batch)} where m.is_new = ${isNew}`;
  return sql`select distinct on (contact_id, channel, address) * from (
      select m.contact_id, 'sms' as channel, s.phone as address, s.phone_hash as address_hash, s.phone_country as country,
        s.phone_area as area_code, s.phone_line as line_type, null as operator, null as domain, m.n, false as is_more
      from ${rows} and s.phone is not null
      union all
      select m.contact_id, 'email', s.email, s.email_hash, null, null, null, null, s.email_domain, m.n, false
      from ${rows} and s.email is not null
      union all
      select m.contact_id, a.channel, a.address, decode(a.hash, 'hex'), a.country, a.area_code, a.line_type, null, a.domain, m.n, true
      from ${joined(batch)}, jsonb_to_recordset(s.more) as a (channel text, address text, hash text, country text, area_code text, line_type text, domain text)
      where m.is_new = ${isNew} and s.more is not null
    ) address order by contact_id, channel, address, is_more, n desc`;
}

/**
 * Addresses of new people, written once with everything they will say: topics (their consents are in already), suppression,
 * and the primary: a line that takes SMS before a landline, the main column before further ones, later rows before earlier.
 */
export function insertAddresses(workspaceId: WorkspaceId, batch: Batch, now: Date): Sql {
  return sql`with given as materialized (${addresses(batch, true)}),
    allowed as (${allowedTopics(workspaceId, sql`select distinct contact_id from merge_row where is_new`, now)})
    insert into reach (workspace_id, contact_id, channel, address, address_hash, country, area_code, line_type, domain, topics, is_suppressed, is_primary)
    select ${workspaceId}, g.contact_id, g.channel, g.address, g.address_hash, g.country, g.area_code, g.line_type, g.domain,
      coalesce(allowed.topics, '{}'), ${isSuppressedAddress(workspaceId, sql`g`, now)},
      row_number() over (partition by g.contact_id, g.channel
        order by coalesce(g.line_type, '') = 'fixed', g.is_more, g.n desc, g.address) = 1
    from given g left join allowed on allowed.contact_id = g.contact_id and allowed.channel = g.channel`;
}

/** Addresses of people we knew; whoever got something new is marked touched. */
export function addAddresses(workspaceId: WorkspaceId, batch: Batch): Sql {
  return sql`with put as (${upsertAddresses(workspaceId, addresses(batch, false))} returning reach.contact_id)
    insert into merge_touched select distinct contact_id from put`;
}

/** The file's phone and email of people we knew that are not their primary ones yet; landlines do not become it. */
export function findPreferred(batch: Batch): Sql {
  return sql`insert into merge_preferred
    select distinct on (contact_id, channel) g.contact_id, g.channel, g.address from (${addresses(batch, false)}) g
    where not g.is_more and coalesce(g.line_type, '') <> 'fixed' order by contact_id, channel, n desc`;
}

export function dropPrimaryPreferred(workspaceId: WorkspaceId): Sql {
  return sql`delete from merge_preferred p using reach r where r.workspace_id = ${workspaceId} and r.contact_id = p.contact_id
    and r.channel = p.channel and r.address = p.address and r.is_primary`;
}

/** One consent that rows of the file give: fixed for all rows (from the options) or said by a column of states. */
export type ConsentSpec = {
  channel: Channel;
  topic: string;
  state: { fixed: 'granted' | 'withdrawn' } | { column: string };
  source: { fixed: string } | { column: string; otherwise: string | null };
  legalBasis: string | null;
  proof: object;
  /** null: the time of the import, which never outweighs a withdrawal on file. */
  occurredAt: { fixed: string } | { column: string } | null;
};

/**
 * Evidence of consent. A row that says when it was given is added unless it is known; one that does not is added only when
 * it tells something new, and never over a withdrawal: an old file must not opt anybody in again.
 */
export function insertConsents(workspaceId: WorkspaceId, batch: Batch, specs: readonly ConsentSpec[], actor: string, importedAt: Date, now: Date): Sql {
  const rows = joinSql(specs.map(spec => consentRows(batch, spec, importedAt)), sql` union all `);
  return sql`with given as (
      select distinct on (contact_id, channel, topic, occurred_at) * from (${rows}) said order by contact_id, channel, topic, occurred_at, n desc),
    added as (
      insert into consent (workspace_id, contact_id, channel, topic, state, legal_basis, source, proof, address_hash, actor, occurred_at)
      select ${workspaceId}, g.contact_id, g.channel, g.topic, g.state, g.legal_basis, g.source, g.proof, g.address_hash, ${actor}, g.occurred_at
      from given g left join lateral (
        select c.state, c.source, c.expires_at from consent c
        where not g.is_new and c.workspace_id = ${workspaceId} and c.contact_id = g.contact_id and c.channel = g.channel and c.topic = g.topic
        order by c.occurred_at desc, c.id desc limit 1) latest on true
      where latest.state is null or case when g.has_own_time
        then not exists (select from consent c where c.workspace_id = ${workspaceId} and c.contact_id = g.contact_id and c.channel = g.channel
          and c.topic = g.topic and c.state = g.state and c.source = g.source and c.occurred_at = g.occurred_at)
        else latest.state = 'granted' and (g.state <> latest.state or g.source <> latest.source or latest.expires_at <= ${now}::timestamptz) end
      returning contact_id)
    insert into merge_touched select distinct added.contact_id from added join merge_row m on m.contact_id = added.contact_id where not m.is_new`;
}

function consentRows(batch: Batch, spec: ConsentSpec, importedAt: Date): Sql {
  const { state, source, occurredAt } = spec;
  const said = 'fixed' in state ? sql`${state.fixed}::text` : sql`s.${identifier(state.column)}`;
  const from = 'fixed' in source ? sql`${source.fixed}::text` : sql`coalesce(s.${identifier(source.column)}, ${source.otherwise}::text)`;
  const ownTime = occurredAt === null ? sql`null::timestamptz` : 'fixed' in occurredAt ? sql`${occurredAt.fixed}::timestamptz` : sql`s.${identifier(occurredAt.column)}`;
  const hash = spec.channel === 'sms' ? sql`s.phone_hash` : sql`s.email_hash`;
  // What the options say for every row holds only for rows that can be reached there.
  const where = 'fixed' in state ? sql`${hash} is not null` : sql`${said} is not null`;
  return sql`select m.contact_id, m.n, m.is_new, ${literal(spec.channel)}::text as channel, ${spec.topic}::text as topic, ${said} as state, ${from} as source,
      ${spec.legalBasis}::text as legal_basis, ${JSON.stringify(spec.proof)}::jsonb as proof, ${hash} as address_hash,
      coalesce(${ownTime}, ${importedAt}::timestamptz) as occurred_at, ${ownTime} is not null as has_own_time
    from ${joined(batch)} where ${where}`;
}

/** Names of lists or tags in a column of the batch. */
export function selectGroupNames(batch: Batch, column: 'lists' | 'tags'): Sql {
  return sql`select distinct said.name from ${joined(batch)}, unnest(s.${identifier(column)}) as said (name)`;
}

/** Puts the batch into lists or tags: those of all rows, and those of a column. Returns who was not in yet. */
export function joinGroups(workspaceId: WorkspaceId, batch: Batch, kind: GroupKind, names: readonly string[], column: 'lists' | 'tags' | null): Sql {
  const { table, members, key } = groupKinds[kind];
  const all = column === null ? sql`${names}::text[]` : sql`${names}::text[] || coalesce(s.${identifier(column)}, '{}')`;
  return sql`insert into ${members} (workspace_id, contact_id, ${key})
    select distinct ${workspaceId}::bigint, m.contact_id, g.id
    from ${joined(batch)} cross join lateral unnest(${all}) as said (name) join ${table} g on g.workspace_id = ${workspaceId} and g.name = said.name
    on conflict do nothing returning contact_id`;
}
