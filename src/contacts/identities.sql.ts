/**
 * The identities of people. External and anonymous ids have an index by contact. An email or a phone that names somebody is one of
 * that person's addresses: who writes or takes away the one does the same to the other, in one transaction, with the contact locked.
 * So they are found through reach, and an import is spared two index entries a row.
 */
import type { WorkspaceId } from '../domain/ids.js';
import { type Sql, sql } from '../domain/sql.js';
import { keyed } from './reach.sql.js';

/** As rows (kind, value, contact_id). `people` selects each contact_id once. Reads identity_contact_id_idx, reach_pkey and identity_pkey. */
export function identitiesOf(workspaceId: WorkspaceId, people: Sql): Sql {
  return sql`select i.kind, i.value, i.contact_id
    from ${keyed(workspaceId, people)} person
      join identity i on i.workspace_id = person.workspace_id and i.contact_id = person.contact_id
    where i.kind in ('external_id', 'anonymous_id')
    union all
    select i.kind, i.value, i.contact_id
    from ${keyed(workspaceId, people)} person
      join reach r on r.workspace_id = person.workspace_id and r.contact_id = person.contact_id
      join identity i on i.workspace_id = r.workspace_id and i.kind = case r.channel when 'sms' then 'phone' else 'email' end
        and i.value = r.address and i.contact_id = r.contact_id`;
}

/** Takes away those of these people that `which` (a condition on `own`) means; before their addresses go, by which they are found. */
export function deleteIdentitiesOf(workspaceId: WorkspaceId, people: Sql, which: Sql): Sql {
  return sql`delete from identity i using (${identitiesOf(workspaceId, people)}) own
    where i.workspace_id = ${workspaceId} and i.kind = own.kind and i.value = own.value and ${which}`;
}
