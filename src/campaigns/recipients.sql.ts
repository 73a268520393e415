/**
 * The messages of a campaign's runs. They are read in parts, one for each run, state and refusal, because that is how the indexes keep
 * them: the tallies say which parts there are, so a page touches no more rows than it shows, however rare they are among a million.
 */
import type { RecipientFilter } from '../contract/recipients.js';
import type { WorkspaceId } from '../domain/ids.js';
import type { MessageState } from '../domain/message/states.js';
import type { Refusal } from '../domain/message/refusals.js';
import type { PinnedVariant } from '../messages/dispatch.js';
import { emptySql, literal, type Sql, sql } from '../domain/sql.js';

/** `refusal` '': no refusal. */
export type Part = { dispatchId: string; state: MessageState; refusal: string };

/** Newest run first; the order of pages. */
export function selectParts(workspaceId: WorkspaceId, campaignId: string, { state, refusal }: RecipientFilter): Sql {
  return sql`select d.id as "dispatchId", t.state, t.reason as refusal
    from dispatch d join tally t on t.workspace_id = d.workspace_id and t.dispatch_id = d.id
    where d.workspace_id = ${workspaceId} and d.source_kind = 'campaign' and d.source_id = ${campaignId}
      ${state ? sql`and t.state = ${state}` : emptySql} ${refusal ? sql`and t.reason = ${refusal}` : emptySql}
    group by d.id, t.state, t.reason having sum(t.messages) > 0
    order by d.id desc, t.state collate "C", t.reason collate "C"`;
}

export type RecipientRow = {
  contactId: string;
  dispatchId: string;
  firstName: string | null;
  lastName: string | null;
  address: string | null;
  state: MessageState;
  refusal: Refusal | null;
  errorKind: string | null;
  errorCode: string | null;
  errorDetail: string | null;
  attempt: number;
  parts: number | null;
  variant: string | null;
  sendAfter: Date | null;
  sentAt: Date | null;
  updatedAt: Date;
};

const columns = sql`m.contact_id as "contactId", m.dispatch_id as "dispatchId", c.first_name as "firstName", c.last_name as "lastName",
  m.address, m.state, m.refusal, m.error_kind as "errorKind", m.error_code as "errorCode", m.error_detail as "errorDetail", m.attempt, m.parts,
  m.variant, m.send_after as "sendAfter", m.sent_at as "sentAt", m.updated_at as "updatedAt"`;

const contact = sql`left join contact c on c.workspace_id = m.workspace_id and c.id = m.contact_id`;

export type Place = { slot: number; contactId: string };

/**
 * Some of one part, by slot and contact. Relies on message_settled_idx; of what has not settled yet on message_due_idx (planned rows of
 * one slot are sorted), message_held_idx and message_unknown_idx.
 */
export function selectRecipients(workspaceId: WorkspaceId, part: Part, after: Place, limit: number): Sql {
  return sql`select ${columns} from (
      select * from message m where ${ofPart(workspaceId, part)} and (m.slot, m.contact_id) > (${after.slot}::smallint, ${after.contactId}::bigint)
      order by m.slot, m.contact_id limit ${limit}
    ) m ${contact} order by m.slot, m.contact_id`;
}

/** All of one part, in no order. */
export function selectPart(workspaceId: WorkspaceId, part: Part): Sql {
  return sql`select ${columns} from message m ${contact} where ${ofPart(workspaceId, part)}`;
}

/** The state is a literal, so that the partial indexes are seen to fit. */
function ofPart(workspaceId: WorkspaceId, { dispatchId, state, refusal }: Part): Sql {
  return sql`m.workspace_id = ${workspaceId} and m.dispatch_id = ${dispatchId} and m.state = ${literal(state)} and coalesce(m.refusal, '') = ${refusal}`;
}

export type OneRecipientRow = RecipientRow & {
  templateId: string;
  templateVersion: number;
  variants: PinnedVariant[];
  mergeValues: Record<string, unknown> | null;
  events: { kind: string; at: string; isMachine: boolean; link: string | null }[];
};

/** One contact's message of the newest run that has one, with what they did with it. Relies on the keys of message and message_event. */
export function selectRecipient(workspaceId: WorkspaceId, campaignId: string, contactId: string): Sql {
  return sql`select ${columns}, d.template_id as "templateId", d.template_version as "templateVersion", d.variants, m.merge_values as "mergeValues",
      (select coalesce(jsonb_agg(jsonb_build_object('kind', e.kind, 'at', e.at, 'isMachine', e.is_machine, 'link', e.link) order by e.at, e.id), '[]')
        from message_event e where e.workspace_id = m.workspace_id and e.contact_id = m.contact_id and e.dispatch_id = m.dispatch_id
          and e.channel = m.channel and e.step = m.step) as events
    from dispatch d
    join message m on m.workspace_id = d.workspace_id and m.contact_id = ${contactId} and m.dispatch_id = d.id
    ${contact}
    where d.workspace_id = ${workspaceId} and d.source_kind = 'campaign' and d.source_id = ${campaignId}
    order by d.id desc limit 1`;
}
