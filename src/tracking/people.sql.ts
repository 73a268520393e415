/** Who is behind an address or a token: read from contacts and the ledger, both on lower floors. */
import { isWithdrawnByStop } from '../contacts/suppression.sql.js';
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

/** Whether a phone is stopped, and whether `gatewayId` is the sandbox's. */
export function selectStanding(workspaceId: WorkspaceId, hash: Buffer, gatewayId: string): Sql {
  return sql`select
      exists (select from suppression where workspace_id = ${workspaceId} and channel = 'sms' and address_hash = ${hash} and reason = 'stop') as "isStopped",
      exists (select from gateway where workspace_id = ${workspaceId} and id = ${gatewayId} and kind = 'sandbox') as "isSandbox"`;
}

/** The address a message went to; where the ledger no longer knows, the contact's primary one. Null after an erasure. */
export function selectAddress(workspaceId: WorkspaceId, contactId: ContactId, channel: Channel, dispatchId: DispatchId): Sql {
  return sql`select coalesce(
    (select m.address from message m where m.workspace_id = ${workspaceId} and m.contact_id = ${contactId} and m.dispatch_id = ${dispatchId}
      and m.channel = ${channel} and m.address is not null order by m.step limit 1),
    (select r.address from reach r where r.workspace_id = ${workspaceId} and r.contact_id = ${contactId} and r.channel = ${channel} and r.is_primary)
  ) as address`;
}

/**
 * Of everybody with the address (and the contact of the token itself), those whose last word on the topic is not a withdrawal of
 * their own: one by STOP would be taken back by START.
 */
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
      and (
        select k.state = 'withdrawn' and not ${isWithdrawnByStop(sql`k`)} from consent k
        where k.workspace_id = c.workspace_id and k.contact_id = c.id and k.channel = ${channel} and k.topic = ${topic}
        order by k.occurred_at desc, k.id desc limit 1) is not true
    order by c.id`;
}
