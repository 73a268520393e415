/** What people do with a message, beside its row: replies, unsubscribes and, later, opens and clicks. Segments ask about these. */
import type { RetentionSubject } from '../contract/retention.js';
import type { Channel, ContactId, DispatchId, WorkspaceId } from '../domain/ids.js';
import { type Sql, sql } from '../domain/sql.js';

export type Response = {
  contactId: ContactId;
  dispatchId: DispatchId;
  channel: Channel;
  kind: 'opened' | 'clicked' | 'replied' | 'unsubscribed' | 'complained' | 'converted';
  at: Date;
  /** A scanner or a prefetch, not a person. */
  isMachine?: boolean;
  link?: string;
};

/** What lets answers go after some days (forget-message-events.ts). */
const forgotten: RetentionSubject = 'messageEvents';

/**
 * Only for messages that exist: a token may name one that was never sent. Each person counts once a kind, machines never. The caller
 * holds the slots' locks, so that nobody counts the same person at the same time. An answer to a message so old that an earlier one may have been
 * let go is noted and not counted. Relies on the ledger's primary key.
 */
export function insertResponses(workspaceId: WorkspaceId, responses: readonly Response[]): Sql {
  const column = <T>(pick: (response: Response) => T): T[] => responses.map(pick);
  return sql`
    with noted as (
      insert into message_event (workspace_id, contact_id, dispatch_id, channel, step, kind, at, is_machine, link)
      select m.workspace_id, m.contact_id, m.dispatch_id, m.channel, m.step, r.kind, r.at, r.is_machine, r.link
      from unnest(${column(r => r.contactId)}::bigint[], ${column(r => r.dispatchId)}::bigint[], ${column(r => r.channel)}::text[],
        ${column(r => r.kind)}::text[], ${column(r => r.at)}::timestamptz[], ${column(r => r.isMachine ?? false)}::boolean[],
        ${column(r => r.link ?? null)}::text[]) as r (contact_id, dispatch_id, channel, kind, at, is_machine, link)
      join message m on m.workspace_id = ${workspaceId} and m.contact_id = r.contact_id and m.dispatch_id = r.dispatch_id and m.channel = r.channel
      returning contact_id, dispatch_id, channel, step, kind, at, is_machine
    ), fresh as (
      select contact_id, dispatch_id, channel, step, kind, max(at) as at from noted n
      where not is_machine and not exists (
        select from message_event e where e.workspace_id = ${workspaceId} and e.contact_id = n.contact_id and e.dispatch_id = n.dispatch_id
          and e.channel = n.channel and e.step = n.step and e.kind = n.kind and not e.is_machine)
      group by contact_id, dispatch_id, channel, step, kind
    )
    insert into response_tally as t (workspace_id, dispatch_id, slot, variant, kind, people)
    select ${workspaceId}, m.dispatch_id, m.slot, coalesce(m.variant, ''), f.kind, count(*)
    from fresh f join message m on m.workspace_id = ${workspaceId} and m.contact_id = f.contact_id and m.dispatch_id = f.dispatch_id
      and m.channel = f.channel and m.step = f.step
    where not exists (select from retention k where k.workspace_id = ${workspaceId} and k.subject = ${forgotten}
      and m.sent_at < f.at - make_interval(days => k.days))
    group by m.dispatch_id, m.slot, coalesce(m.variant, ''), f.kind
    order by 2, 3, 4, 5
    on conflict (workspace_id, dispatch_id, slot, variant, kind) do update set people = t.people + excluded.people`;
}
