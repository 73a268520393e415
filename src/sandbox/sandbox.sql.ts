/** Statements over table sandbox_message: what the sandbox took, and which receipts it still owes. */
import type { Channel, WorkspaceId } from '../domain/ids.js';
import { type Sql, sql } from '../domain/sql.js';

export type TakenMessage = {
  workspaceId: WorkspaceId;
  channel: Channel;
  providerId: string;
  sender: string;
  recipient: string;
  subject: string | null;
  /** SMS: the text. Email: the whole message as it came over SMTP. */
  body: string;
  headers: object;
  receiptUrl: string | null;
};

export type SandboxRow = Omit<TakenMessage, 'receiptUrl'> & {
  id: string;
  receiptState: 'none' | 'due' | 'sent' | 'given-up';
  receivedAt: Date;
};

export type DueReceipt = {
  id: string;
  workspaceId: WorkspaceId;
  channel: Channel;
  providerId: string;
  sender: string;
  recipient: string;
  receiptUrl: string;
};

/** Seconds a process gets to send its own receipts before a sweep takes them for those of a dead one; the same again for each further try. */
const receiptPatienceSeconds = 3;
const receiptTries = 10;

/** Rows and results are in the order of `messages`: identity values are drawn in the order of the select. */
export function insertTaken(messages: readonly TakenMessage[]): Sql {
  const column = <Key extends keyof TakenMessage>(key: Key) => messages.map(message => message[key]);
  return sql`insert into sandbox_message (workspace_id, channel, provider_id, sender, recipient, subject, body, headers, receipt_url, receipt_state)
    select t.workspace_id, t.channel, t.provider_id, t.sender, t.recipient, t.subject, t.body, t.headers, t.receipt_url,
      case when t.receipt_url is null then 'none' else 'due' end
    from unnest(${column('workspaceId')}::bigint[], ${column('channel')}::text[], ${column('providerId')}::text[], ${column('sender')}::text[],
      ${column('recipient')}::text[], ${column('subject')}::text[], ${column('body')}::text[], ${column('headers').map(headers => JSON.stringify(headers))}::jsonb[],
      ${column('receiptUrl')}::text[]) with ordinality
      as t (workspace_id, channel, provider_id, sender, recipient, subject, body, headers, receipt_url, place)
    order by t.place
    returning id, provider_id as "providerId"`;
}

/** Relies on the primary key: newest first over one workspace, or sandbox_message_recipient_idx. */
export function selectMessages(
  workspaceId: WorkspaceId,
  recipients: readonly string[] | null,
  channel: Channel | null,
  beforeId: string | null,
  limit: number,
): Sql {
  return sql`${shown} where workspace_id = ${workspaceId}
      and (${recipients}::text[] is null or recipient = any(${recipients}::text[]))
      and (${channel}::text is null or channel = ${channel})
      and (${beforeId}::bigint is null or id < ${beforeId}::bigint)
    order by id desc limit ${limit}`;
}

export function selectMessage(workspaceId: WorkspaceId, id: string): Sql {
  return sql`${shown} where workspace_id = ${workspaceId} and id = ${id}`;
}

/** What the provider would list: by recipient since a day, newest first. */
export function selectSentTo(workspaceId: WorkspaceId, recipient: string, since: string | null, limit: number): Sql {
  return sql`${shown} where workspace_id = ${workspaceId} and channel = 'sms' and recipient = ${recipient}
      and (${since}::timestamptz is null or received_at >= ${since}::timestamptz)
    order by id desc limit ${limit}`;
}

const shown = sql`select id, workspace_id as "workspaceId", channel, provider_id as "providerId", sender, recipient, subject, body, headers,
  receipt_state as "receiptState", received_at as "receivedAt" from sandbox_message`;

export function markReceiptsSent(ids: readonly string[]): Sql {
  return sql`update sandbox_message set receipt_state = 'sent' where id = any(${ids}::bigint[])`;
}

/**
 * Takes receipts nobody sent for a while; a try more each. Two sweeps never take the same one (skip locked), and one too many would do no harm:
 * a second receipt changes nothing. Relies on sandbox_message_receipt_idx.
 */
export function claimDueReceipts(ownIds: readonly string[], limit: number): Sql {
  return sql`update sandbox_message m set receipt_attempts = m.receipt_attempts + 1,
      receipt_state = case when m.receipt_attempts + 1 >= ${receiptTries} then 'given-up' else 'due' end
    from (
      select id from sandbox_message
      where receipt_state = 'due' and received_at < now() - make_interval(secs => ${receiptPatienceSeconds} * (receipt_attempts + 1))
        and id <> all(${ownIds}::bigint[])
      order by id limit ${limit} for update skip locked
    ) late
    where m.id = late.id
    returning m.id, m.workspace_id as "workspaceId", m.channel, m.provider_id as "providerId", m.sender, m.recipient, m.receipt_url as "receiptUrl"`;
}
