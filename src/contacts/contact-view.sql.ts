/** A contact as the API shows it: one statement per contact, or one per page of the list. */
import type { ContactId, WorkspaceId } from '../domain/ids.js';
import { type Sql, sql } from '../domain/sql.js';
import { attributesByKey } from './attributes/attributes.sql.js';
import { columnList } from './columns.js';
import { identitiesOf } from './identities.sql.js';

/** The primary address of the contact `c` on a channel. Reads reach_primary_idx. */
export function primaryAddress(channel: 'sms' | 'email'): Sql {
  return sql`(select r.address from reach r
    where r.workspace_id = c.workspace_id and r.contact_id = c.id and r.channel = ${channel} and r.is_primary)`;
}

/** The first external id: the one a list shows. Reads identity_contact_id_idx. */
export const externalId = sql`(select i.value from identity i
  where i.workspace_id = c.workspace_id and i.contact_id = c.id and i.kind = 'external_id' order by i.created_at, i.value limit 1)`;

const identities = (workspaceId: WorkspaceId): Sql =>
  sql`(select coalesce(json_agg(json_build_object('kind', i.kind, 'value', i.value) order by i.kind, i.value), '[]')
  from (${identitiesOf(workspaceId, sql`select c.id as contact_id`)}) i)`;

const addresses = sql`(select coalesce(json_agg(json_build_object('channel', r.channel, 'address', r.address,
    'isPrimary', r.is_primary, 'state', r.state, 'isSuppressed', r.is_suppressed, 'topics', r.topics, 'lineType', r.line_type,
    'country', r.country, 'areaCode', r.area_code, 'domain', r.domain) order by r.channel, r.is_primary desc, r.address), '[]')
  from reach r where r.workspace_id = c.workspace_id and r.contact_id = c.id)`;

const lists = sql`(select coalesce(json_agg(json_build_object('id', l.id::text, 'name', l.name) order by l.name), '[]')
  from list_member m join list l on l.workspace_id = m.workspace_id and l.id = m.list_id
  where m.workspace_id = c.workspace_id and m.contact_id = c.id)`;

const tags = sql`(select coalesce(json_agg(json_build_object('id', t.id::text, 'name', t.name) order by t.name), '[]')
  from contact_tag m join tag t on t.workspace_id = m.workspace_id and t.id = m.tag_id
  where m.workspace_id = c.workspace_id and m.contact_id = c.id)`;

export function selectContact(workspaceId: WorkspaceId, id: ContactId): Sql {
  return sql`select c.id, ${externalId} as external_id, ${primaryAddress('email')} as email, ${primaryAddress('sms')} as phone,
      ${columnList('c')}, coalesce(${attributesByKey(sql`true`)}, '{}') as attributes, ${identities(workspaceId)} as identities, ${addresses} as reach, ${lists} as lists, ${tags} as tags,
      c.created_at, c.updated_at
    from contact c where c.workspace_id = ${workspaceId} and c.id = ${id} and c.erased_at is null`;
}

/** `matching` is a condition on c; a page by id. */
export function selectSummaries(workspaceId: WorkspaceId, matching: Sql, after: string | null, limit: number): Sql {
  return sql`select c.id, ${externalId} as "externalId", ${primaryAddress('email')} as email, ${primaryAddress('sms')} as phone,
      c.first_name as "firstName", c.last_name as "lastName", c.country, c.city, c.created_at as "createdAt", c.updated_at as "updatedAt"
    from contact c
    where c.workspace_id = ${workspaceId} and c.erased_at is null and c.id > ${after ?? '0'}::bigint and ${matching}
    order by c.id limit ${limit}`;
}
