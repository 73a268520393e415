/**
 * Who the rows of a batch are. `merge_row` (temporary, gone at commit) says which staged row is which person; all that
 * follows joins the staging table to it. Rows that share identities in ways that depend on their order are told apart in
 * resolve-people.ts; all others never leave the database.
 */
import type { WorkspaceId } from '../../domain/ids.js';
import { identifier, joinSql, literal, type Sql, sql } from '../../domain/sql.js';

/** Where the batch reads from. */
export type Batch = { table: Sql; from: number; to: number };

export const inBatch = ({ from, to }: Batch): Sql => sql`s.n > ${from} and s.n <= ${to}`;
/** Staged rows `s` of the batch with what we know of them, `m`. */
export const joined = (batch: Batch): Sql => sql`merge_row m join ${batch.table} s on s.n = m.n and ${inBatch(batch)}`;

const identityKinds = ['external_id', 'email', 'phone', 'anonymous_id'] as const;
export const each = (piece: (kind: (typeof identityKinds)[number]) => Sql, separator: string): Sql =>
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

/**
 * Left joins from staged rows `s` to the owner of each identity, as external_id.contact_id and so on. Reads identity_pkey, once
 * a row and kind: `offset 0` keeps the planner from reading all identities of the workspace for every batch.
 */
const owners = (workspaceId: WorkspaceId): Sql =>
  each(kind => {
    const name = identifier(kind);
    return sql`left join lateral (select i.contact_id from identity i
      where i.workspace_id = ${workspaceId} and i.kind = ${literal(kind)} and i.value = s.${name} offset 0) ${name} on true`;
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

/** Takes every row for a person of its own that nobody knows; leaves out rows with further addresses. */
export function takeAsNew(batch: Batch): Sql {
  return sql`insert into merge_row (n, contact_id, sort, is_new)
    select s.n, nextval('contact_id_seq'), 'plain', true from ${batch.table} s where ${inBatch(batch)} and s.more is null order by s.n`;
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

export const markRepeated = sql`update merge_row set is_repeated = true
  where contact_id in (select contact_id from merge_row group by contact_id having count(*) > 1)`;

/** Every statement that follows joins to it. */
export const analyzeMergeRows = sql`analyze merge_row`;

export const countPeople = sql`select count(distinct contact_id) filter (where is_new)::int as created,
  count(*) filter (where not is_new)::int as known from merge_row`;

/** In id order, so that two writers of the same people do not cross. Fewer are `there` than `known` when one was erased meanwhile. */
export function lockContacts(workspaceId: WorkspaceId): Sql {
  return sql`select count(*)::int as there, (select count(distinct contact_id)::int from merge_row where not is_new) as known from (
    select from contact where workspace_id = ${workspaceId} and erased_at is null
      and id = any (array(select contact_id from merge_row where not is_new))
    order by id for no key update) locked`;
}
