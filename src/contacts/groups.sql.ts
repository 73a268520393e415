/** Lists and tags: two sets of tables of one shape. `groupKinds` is the only place that knows how they are called. */
import type { ContactId, WorkspaceId } from '../domain/ids.js';
import { emptySql, identifier, type Sql, sql } from '../domain/sql.js';

export const groupKinds = {
  list: {
    table: identifier('list'),
    members: identifier('list_member'),
    key: identifier('list_id'),
    description: identifier('description'),
  },
  tag: { table: identifier('tag'), members: identifier('contact_tag'), key: identifier('tag_id'), description: sql`null::text` },
} as const;
export type GroupKind = keyof typeof groupKinds;

/** A tag has no description. */
export type GroupWrite = { name?: string; description?: string | null };

export function insertGroup(
  workspaceId: WorkspaceId,
  kind: GroupKind,
  { name, description }: GroupWrite & { name: string },
): Sql {
  const { table } = groupKinds[kind];
  if (kind === 'tag') return sql`insert into ${table} (workspace_id, name) values (${workspaceId}, ${name}) returning id`;
  return sql`insert into ${table} (workspace_id, name, description) values (${workspaceId}, ${name}, ${description ?? null}) returning id`;
}

/** What is undefined stays; a description of null goes. Returns nothing when there is no such group. */
export function updateGroup(workspaceId: WorkspaceId, kind: GroupKind, id: string, { name, description }: GroupWrite): Sql {
  const described = description === undefined ? emptySql : sql`, description = ${description}`;
  return sql`update ${groupKinds[kind].table} set name = coalesce(${name ?? null}, name)${described}
    where workspace_id = ${workspaceId} and id = ${id} returning id`;
}

export type MembershipRow = { contact_id: ContactId; name: string };

/** Makes those of the named groups that are missing; in name order so that two batches do not cross. */
export function ensureGroups(workspaceId: WorkspaceId, kind: GroupKind, names: readonly string[]): Sql {
  return sql`insert into ${groupKinds[kind].table} (workspace_id, name)
    select distinct ${workspaceId}::bigint, name from unnest(${names}::text[]) as name order by name
    on conflict (workspace_id, name) do nothing`;
}

export function selectGroupIds(workspaceId: WorkspaceId, kind: GroupKind, names: readonly string[]): Sql {
  return sql`select id, name from ${groupKinds[kind].table} where workspace_id = ${workspaceId} and name = any(${names}::text[])`;
}

/** Puts contacts into groups by name; returns only those that were not in yet. */
export function joinGroups(workspaceId: WorkspaceId, kind: GroupKind, rows: readonly MembershipRow[]): Sql {
  const { table, members, key } = groupKinds[kind];
  return sql`insert into ${members} (workspace_id, contact_id, ${key})
    select ${workspaceId}, w.contact_id, g.id
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as w (contact_id bigint, name text)
      join ${table} g on g.workspace_id = ${workspaceId} and g.name = w.name
    on conflict do nothing returning contact_id`;
}

/** Takes contacts out of groups by name; returns who was in, once for each group. */
export function leaveGroups(workspaceId: WorkspaceId, kind: GroupKind, names: readonly string[], ids: readonly ContactId[]): Sql {
  const { table, members, key } = groupKinds[kind];
  return sql`delete from ${members} m using ${table} g where g.workspace_id = ${workspaceId} and g.name = any(${names}::text[])
    and m.workspace_id = g.workspace_id and m.${key} = g.id and m.contact_id = any(${ids}::bigint[]) returning m.contact_id`;
}

export function addMembers(workspaceId: WorkspaceId, kind: GroupKind, id: string, contactIds: readonly ContactId[]): Sql {
  const { members, key } = groupKinds[kind];
  return sql`insert into ${members} (workspace_id, contact_id, ${key})
    select distinct ${workspaceId}::bigint, contact_id, ${id}::bigint from unnest(${contactIds}::bigint[]) as contact_id
    on conflict do nothing returning contact_id`;
}

export function removeMembers(workspaceId: WorkspaceId, kind: GroupKind, id: string, contactIds: readonly ContactId[]): Sql {
  const { members, key } = groupKinds[kind];
  return sql`delete from ${members} where workspace_id = ${workspaceId} and ${key} = ${id} and contact_id = any(${contactIds}::bigint[])
    returning contact_id`;
}

/** A page by id with the number of contacts in each (list_member_list_id_idx, contact_tag_tag_id_idx). */
export function selectGroups(workspaceId: WorkspaceId, kind: GroupKind, where: Sql, limit: number): Sql {
  const { table, members, key, description } = groupKinds[kind];
  return sql`select g.id, g.name, ${description} as description, g.created_at as "createdAt",
      (select count(*)::int from ${members} m where m.workspace_id = g.workspace_id and m.${key} = g.id) as contacts
    from ${table} g where g.workspace_id = ${workspaceId} and ${where} order by g.id limit ${limit}`;
}

export function lockGroup(workspaceId: WorkspaceId, kind: GroupKind, id: string): Sql {
  return sql`select id from ${groupKinds[kind].table} where workspace_id = ${workspaceId} and id = ${id} for key share`;
}

export function deleteGroup(workspaceId: WorkspaceId, kind: GroupKind, id: string): Sql {
  return sql`delete from ${groupKinds[kind].table} where workspace_id = ${workspaceId} and id = ${id} returning id`;
}
