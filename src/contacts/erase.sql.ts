/**
 * Erasure of a person: what names or describes them goes, what proves that we behaved stays without naming them. The ledger
 * empties its own rows when it reads the 'erase' change.
 */
import type { ContactId, WorkspaceId } from '../domain/ids.js';
import { identifier, joinSql, type Sql, sql } from '../domain/sql.js';
import { contactColumns } from './columns.js';
import { deleteIdentitiesOf } from './identities.sql.js';
import { contactsOf } from './reach.sql.js';

const noColumns = joinSql(
  Object.values(contactColumns).map(column => sql`${identifier(column)} = null`),
  ', ',
);

/** Returns the id when the contact was there. */
export function blankContact(workspaceId: WorkspaceId, id: ContactId, now: Date): Sql {
  return sql`update contact set ${noColumns}, attributes = '{}', updated_at = ${now}, erased_at = ${now}
    where workspace_id = ${workspaceId} and id = ${id} and erased_at is null returning id`;
}

/**
 * Nobody is to be met again by these addresses, except where another contact (a family's phone) still has one. Other reasons stay,
 * without their details.
 */
export function suppressErased(workspaceId: WorkspaceId, id: ContactId, now: Date): Sql {
  return sql`with own as (
      select workspace_id, channel, address_hash from reach mine
      where workspace_id = ${workspaceId} and contact_id = ${id} and not exists (
        select from reach other where other.workspace_id = mine.workspace_id and other.channel = mine.channel
          and other.address = mine.address and other.contact_id <> mine.contact_id)),
    emptied as (
      update suppression s set details = '{}' from own
      where s.workspace_id = own.workspace_id and s.channel = own.channel and s.address_hash = own.address_hash and s.details <> '{}')
    insert into suppression (workspace_id, channel, address_hash, reason, source, created_at)
    select workspace_id, channel, address_hash, 'erased', 'erasure', ${now} from own
    on conflict (workspace_id, channel, address_hash, reason) do nothing`;
}

/**
 * Has the sweep look at these addresses again: another person may have been getting one of them (see mend-suppression.ts). Comes
 * before `suppressErased`: of two owners who are erased at one time the second waits here, and then finds itself the last one.
 */
export function lookAgainAtErased(workspaceId: WorkspaceId, id: ContactId, now: Date): Sql {
  return sql`insert into recent_suppression (workspace_id, channel, address, at)
    select workspace_id, channel, address, ${now} from reach where workspace_id = ${workspaceId} and contact_id = ${id}
    order by channel, address
    on conflict (workspace_id, channel, address) do update set at = excluded.at`;
}

/** The rest, in order; each takes away or empties rows of one table. */
export function eraseTraces(workspaceId: WorkspaceId, id: ContactId): Sql[] {
  const mine = sql`where workspace_id = ${workspaceId} and contact_id = ${id}`;
  return [
    deleteIdentitiesOf(workspaceId, contactsOf([id]), sql`true`),
    sql`delete from reach ${mine}`,
    sql`delete from list_member ${mine}`,
    sql`delete from contact_tag ${mine}`,
    sql`delete from contact_note ${mine}`,
    sql`update consent set proof = '{}' ${mine}`,
    sql`update contact_event set properties = '{}' ${mine} and properties <> '{}'`,
    sql`update purchase set properties = '{}', coupon = null ${mine}`,
  ];
}
