/**
 * One batch of a contacts import, set-based. `merge_row` (temporary, gone at commit) says which staged row is which
 * person; every statement joins the staging table to it. Rows that share identities in ways that depend on their order
 * are told apart in resolve-people.ts; all others never leave the database.
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

const identityKinds = ['external_id', 'email', 'phone', 'anonymous_id'] as const;
const each = (piece: (kind: (typeof identityKinds)[number]) => Sql, separator: string): Sql =>
  joinSql(identityKinds.map(piece), separator);

/**
 * `merge_row`: which row is which person; `is_repeated` when several rows are the same one. `merge_touched`: known people
 * whose reach must be looked at. `merge_preferred`: addresses that shall be primary. `merge_changed`: who the followers hear of.
 */
export const createMergeTables = [
  sql`create temporary table merge_row (n bigint not null, contact_id bigint, sort text not null, is_new boolean not null,
    is_repeated boolean not null default false) on commit drop`,
  sql`create temporary table merge_touched (contact_id bigint not null) on commit drop`,
  sql`create temporary table merge_preferred (contact_id bigint not null, channel text not null, address text not null) on commit drop`,
  sql`create temporary table merge_changed (contact_id bigint not null) on commit drop`,
];

/** Left joins from staged rows `s` to the owner of each identity, as external_id.contact_id and so on. Reads identity_pkey. */
const owners = (workspaceId: WorkspaceId): Sql =>
  each(kind => {
    const name = identifier(kind);
    return sql`left join identity ${name} on ${name}.workspace_id = ${workspaceId} and ${name}.kind = ${literal(kind)} and ${name}.value = s.${name}`;
  }, ' ');

/**
 * Sorts the batch. `plain`: nobody has any of the row's identities, and no other row of the batch does: a new person.
 * `known`: one person has all of them. `tangled`: the rest, where order matters.
 */
export function sortRows(workspaceId: WorkspaceId, batch: Batch): Sql {
  const ownerOf = each(kind => sql`${identifier(kind)}.contact_id`, ', ');
  const isOwned = each(kind => sql`(s.${identifier(kind)} is null or ${identifier(kind)}.contact_id = owner.id)`, ' and ');
  const said = each(
    kind => sql`select ${literal(kind)} as kind, s.${identifier(kind)} as value from ${batch.table} s where ${inBatch(batch)}`,
    ' union all ',
  );
  const isTwice = each(kind => sql`(${literal(kind)}, s.${identifier(kind)}) in (select kind, value from twice)`, ' or ');
  return sql`with twice as materialized (
      select kind, value from (${said} union all
        select case a.channel when 'sms' then 'phone' else 'email' end, a.address
        from ${batch.table} s, jsonb_to_recordset(s.more) as a (channel text, address text) where ${inBatch(batch)} and s.more is not null) said
      where value is not null group by kind, value having count(*) > 1),
    sorted as (
      select s.n, owner.id as owner_id,
        case when s.more is not null then 'tangled'
          when owner.id is not null then case when ${isOwned} then 'known' else 'tangled' end
          when (${isTwice}) is true then 'tangled' else 'plain' end as sort
      from ${batch.table} s ${owners(workspaceId)} cross join lateral (select coalesce(${ownerOf}) as id) owner
      where ${inBatch(batch)})
    insert into merge_row (n, contact_id, sort, is_new)
    select n, case sort when 'plain' then nextval('contact_id_seq') when 'known' then owner_id end, sort, sort = 'plain' from sorted`;
}

/** The tangled rows in the order of the file, with the owner of each of their identities. */
export function selectTangled(workspaceId: WorkspaceId, batch: Batch): Sql {
  return sql`select s.n, s.external_id, s.email, s.phone, s.anonymous_id, s.more,
      ${each(kind => sql`${identifier(kind)}.contact_id as ${identifier(`${kind}_owner`)}`, ', ')}
    from merge_row m join ${batch.table} s on s.n = m.n and ${inBatch(batch)} ${owners(workspaceId)}
    where m.sort = 'tangled' order by s.n`;
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

export type ResolvedRows = { n: string[]; contactIds: string[]; isNew: boolean[] };

export function setResolved({ n, contactIds, isNew }: ResolvedRows): Sql {
  return sql`update merge_row m set contact_id = given.contact_id, is_new = given.is_new
    from unnest(${n}::bigint[], ${contactIds}::bigint[], ${isNew}::boolean[]) as given (n, contact_id, is_new) where m.n = given.n`;
}

/** Takes rows out of the batch; returns their numbers. */
export function dropRows(where: Sql): Sql {
  return sql`delete from merge_row where ${where} returning n`;
}

/** With statistics, because every statement that follows joins to it. */
export const finishMergeRows = [
  sql`update merge_row set is_repeated = true
    where contact_id in (select contact_id from merge_row group by contact_id having count(*) > 1)`,
  sql`analyze merge_row`,
];

export const countPeople = sql`select count(distinct contact_id) filter (where is_new)::int as created,
  count(*) filter (where not is_new)::int as known from merge_row`;

/** In id order, so that two writers of the same people do not cross. */
export function lockContacts(workspaceId: WorkspaceId): Sql {
  return sql`select count(*) from (
    select from contact where workspace_id = ${workspaceId} and id = any (array(select contact_id from merge_row where not is_new))
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
 * All identities of plain rows, and the `claims` of tangled ones. In key order against deadlocks. A duplicate key means
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
    order by kind, value`;
}

/** Phone and email of rows: contact_id, channel, address, address_hash, what we know of it, n, is_more. */
function mainAddresses(rows: Sql): Sql {
  return sql`select m.contact_id, 'sms' as channel, s.phone as address, s.phone_hash as address_hash, s.phone_country as country,
      s.phone_area as area_code, s.phone_line as line_type, null as operator, null as domain, m.n, false as is_more
    from ${rows} and s.phone is not null
    union all
    select m.contact_id, 'email', s.email, s.email_hash, null, null, null, null, s.email_domain, m.n, false
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
 * The one address of a plain row is primary without a contest.
 */
export function insertAddresses(workspaceId: WorkspaceId, batch: Batch, now: Date): Sql {
  return sql`with allowed as (${allowedTopics(workspaceId, sql`select distinct contact_id from merge_row where is_new`, now)})
    insert into reach (workspace_id, contact_id, channel, address, address_hash, country, area_code, line_type, domain, topics, is_suppressed, is_primary)
    select ${workspaceId}, g.contact_id, g.channel, g.address, g.address_hash, g.country, g.area_code, g.line_type, g.domain,
      coalesce(allowed.topics, '{}'), ${isSuppressedAddress(workspaceId, sql`g`, now)}, g.is_primary
    from (
      select plain.*, true as is_primary from (${mainAddresses(sql`${joined(batch)} where m.sort = 'plain'`)}) plain
      union all
      select tangled.*, row_number() over (partition by contact_id, channel
        order by coalesce(line_type, '') = 'fixed', is_more, n desc, address) = 1
      from (${addresses(batch, sql`m.is_new and m.sort <> 'plain'`)}) tangled
    ) g left join allowed on allowed.contact_id = g.contact_id and allowed.channel = g.channel`;
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
export function insertConsents(
  workspaceId: WorkspaceId,
  batch: Batch,
  specs: readonly ConsentSpec[],
  actor: string,
  importedAt: Date,
  now: Date,
): Sql {
  const rows = (where: Sql): Sql =>
    joinSql(
      specs.map(spec => consentRows(batch, spec, importedAt, where)),
      sql` union all `,
    );
  return sql`with given as (
      select distinct on (contact_id, channel, topic, occurred_at) * from (${rows(sql`m.sort <> 'plain'`)}) said
      order by contact_id, channel, topic, occurred_at, n desc),
    news as (
      select g.* from given g left join lateral (
        select c.state, c.source, c.expires_at from consent c
        where not g.is_new and c.workspace_id = ${workspaceId} and c.contact_id = g.contact_id and c.channel = g.channel and c.topic = g.topic
        order by c.occurred_at desc, c.id desc limit 1) latest on true
      where latest.state is null or case when g.has_own_time
        then not exists (select from consent c where c.workspace_id = ${workspaceId} and c.contact_id = g.contact_id and c.channel = g.channel
          and c.topic = g.topic and c.state = g.state and c.source = g.source and c.occurred_at = g.occurred_at)
        else latest.state = 'granted' and (g.state <> latest.state or g.source <> latest.source or latest.expires_at <= ${now}::timestamptz) end),
    touched as (insert into merge_touched select distinct contact_id from news where not is_new)
    insert into consent (workspace_id, contact_id, channel, topic, state, legal_basis, source, proof, address_hash, actor, occurred_at)
    select ${workspaceId}, contact_id, channel, topic, state, legal_basis, source, proof, address_hash, ${actor}, occurred_at
    from (select * from (${rows(sql`m.sort = 'plain'`)}) plain union all select * from news) evidence`;
}

function consentRows(batch: Batch, spec: ConsentSpec, importedAt: Date, among: Sql): Sql {
  const { state, source, occurredAt } = spec;
  const said = 'fixed' in state ? sql`${state.fixed}::text` : sql`s.${identifier(state.column)}`;
  const from =
    'fixed' in source ? sql`${source.fixed}::text` : sql`coalesce(s.${identifier(source.column)}, ${source.otherwise}::text)`;
  const ownTime =
    occurredAt === null
      ? sql`null::timestamptz`
      : 'fixed' in occurredAt
        ? sql`${occurredAt.fixed}::timestamptz`
        : sql`s.${identifier(occurredAt.column)}`;
  const hash = spec.channel === 'sms' ? sql`s.phone_hash` : sql`s.email_hash`;
  // What the options say for every row holds only for rows that can be reached there.
  const where = 'fixed' in state ? sql`${hash} is not null` : sql`${said} is not null`;
  return sql`select m.contact_id, m.n, m.is_new, ${literal(spec.channel)}::text as channel, ${spec.topic}::text as topic, ${said} as state, ${from} as source,
      ${spec.legalBasis}::text as legal_basis, ${JSON.stringify(spec.proof)}::jsonb as proof, ${hash} as address_hash,
      coalesce(${ownTime}, ${importedAt}::timestamptz) as occurred_at, ${ownTime} is not null as has_own_time
    from ${joined(batch)} where ${among} and ${where}`;
}

/** Names of lists or tags in a column of the batch. */
export function selectGroupNames(batch: Batch, column: 'lists' | 'tags'): Sql {
  return sql`select distinct said.name from ${joined(batch)}, unnest(s.${identifier(column)}) as said (name)`;
}

/** Puts the batch into lists or tags: those of all rows, and those of a column. */
export function joinGroups(
  workspaceId: WorkspaceId,
  batch: Batch,
  kind: GroupKind,
  names: readonly string[],
  column: 'lists' | 'tags' | null,
): Sql {
  const { table, members, key } = groupKinds[kind];
  const all = column === null ? sql`${names}::text[]` : sql`${names}::text[] || coalesce(s.${identifier(column)}, '{}')`;
  return sql`with joined as (
    insert into ${members} (workspace_id, contact_id, ${key})
    select distinct ${workspaceId}::bigint, m.contact_id, g.id
    from ${joined(batch)} cross join lateral unnest(${all}) as said (name) join ${table} g on g.workspace_id = ${workspaceId} and g.name = said.name
    on conflict do nothing returning contact_id)
    insert into merge_changed select contact_id from joined`;
}

/** One row for the followers: everybody who was made or changed. No row when there was nobody. */
export function recordChanged(workspaceId: WorkspaceId, kind: 'contact' | 'purchase', importId: string): Sql {
  return sql`insert into contact_change (workspace_id, kind, contact_ids, batch_kind, batch_id)
    select ${workspaceId}, ${kind}, array_agg(contact_id), 'import', ${importId}::bigint
    from (select contact_id from merge_row where is_new union select contact_id from merge_changed
      union select contact_id from merge_touched union select contact_id from merge_preferred) changed
    having count(*) > 0`;
}
