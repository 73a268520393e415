/** Who is behind an address or a token: read from contacts and the ledger, both on lower floors. */
import type { Channel, ContactId, DispatchId, WorkspaceId } from '../domain/ids.js';
import { type Sql, sql } from '../domain/sql.js';

/** Everybody with the address, each with the dispatch that reached them last. Relies on reach_address_idx. */
export function selectHolders(workspaceId: WorkspaceId, channel: Channel, address: string): Sql {
  return sql`select r.contact_id as "contactId", (
      select m.dispatch_id from message m
      where m.workspace_id = r.workspace_id and m.contact_id = r.contact_id and m.channel = ${channel} and m.sent_at is not null
      order by m.sent_at desc limit 1) as "dispatchId"
    from reach r where r.workspace_id = ${workspaceId} and r.channel = ${channel} and r.address = ${address} order by r.contact_id`;
}

export function selectStopped(workspaceId: WorkspaceId, hash: Buffer): Sql {
  return sql`select 1 from suppression where workspace_id = ${workspaceId} and channel = 'sms' and address_hash = ${hash} and reason = 'stop'`;
}

/**
 * A STOP that a START through this gateway may lift. What is typed into the sandbox is no word of the person: it lifts only what was
 * stopped there, never a STOP that came from a real phone.
 */
export function selectLiftable(workspaceId: WorkspaceId, hash: Buffer, gatewayId: string): Sql {
  return sql`select 1 from suppression s join gateway g on g.workspace_id = s.workspace_id and g.id = ${gatewayId}
    where s.workspace_id = ${workspaceId} and s.channel = 'sms' and s.address_hash = ${hash} and s.reason = 'stop'
      and (g.kind <> 'sandbox' or s.details ->> 'gatewayId' = g.id::text)`;
}

/** The address a message went to; where the ledger no longer knows, the contact's primary one. Null after an erasure. */
export function selectAddress(workspaceId: WorkspaceId, contactId: ContactId, channel: Channel, dispatchId: DispatchId): Sql {
  return sql`select coalesce(
    (select m.address from message m where m.workspace_id = ${workspaceId} and m.contact_id = ${contactId} and m.dispatch_id = ${dispatchId}
      and m.channel = ${channel} and m.address is not null order by m.step limit 1),
    (select r.address from reach r where r.workspace_id = ${workspaceId} and r.contact_id = ${contactId} and r.channel = ${channel} and r.is_primary)
  ) as address`;
}

/** Of everybody with the address (and the contact of the token itself), those whose last word on the topic is not a withdrawal. */
export function selectNotWithdrawn(
  workspaceId: WorkspaceId,
  contactId: ContactId,
  channel: Channel,
  address: string | null,
  topic: string,
): Sql {
  return sql`select c.id from contact c
    where c.workspace_id = ${workspaceId} and c.erased_at is null
      and (c.id = ${contactId} or c.id in (
        select contact_id from reach where workspace_id = ${workspaceId} and channel = ${channel} and address = ${address}::text))
      and 'withdrawn' is distinct from (
        select k.state from consent k
        where k.workspace_id = c.workspace_id and k.contact_id = c.id and k.channel = ${channel} and k.topic = ${topic}
        order by k.occurred_at desc, k.id desc limit 1)
    order by c.id`;
}
