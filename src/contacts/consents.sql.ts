// Consent is evidence: rows are only ever added. What is allowed now is the latest row by occurred_at, then id, and lives in reach.topics.
import type { ContactId, WorkspaceId } from '../domain/ids.js';
import { type Sql, sql } from '../domain/sql.js';
import type { ConsentDraft } from './normalize-contact.js';

type ConsentRow = {
  contact_id: ContactId;
  channel: string;
  topic: string;
  state: string;
  legal_basis: string | null;
  source: string;
  proof: object;
  /** null: just now. */
  occurred_at: Date | null;
};

/** One word of one contact as its row. */
export function toConsentRow(contactId: ContactId, draft: ConsentDraft): ConsentRow {
  const { channel, topic, state, source, legalBasis = null, proof = {}, occurredAt } = draft;
  return { contact_id: contactId, channel, topic, state, source, legal_basis: legalBasis, proof, occurred_at: occurredAt };
}

/**
 * In the order of the rows. The address in force on the channel goes along as a hash, so that the evidence names it even after
 * erasure. What is said just now is never before what was said already, even if the clock that stamped that one ran ahead.
 */
export function insertConsents(workspaceId: WorkspaceId, rows: readonly ConsentRow[], actor: string, now: Date): Sql {
  return sql`insert into consent
      (workspace_id, contact_id, channel, topic, state, legal_basis, source, proof, address_hash, actor, occurred_at)
    select ${workspaceId}, w.contact_id, w.channel, w.topic, w.state, w.legal_basis, w.source, w.proof, a.address_hash,
      ${actor}, coalesce(w.occurred_at, greatest(${now}::timestamptz, (select max(k.occurred_at) from consent k
        where k.workspace_id = ${workspaceId} and k.contact_id = w.contact_id and k.channel = w.channel and k.topic = w.topic)))
    from rows from (jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as
        (contact_id bigint, channel text, topic text, state text, legal_basis text, source text, proof jsonb, occurred_at timestamptz))
        with ordinality as w (contact_id, channel, topic, state, legal_basis, source, proof, occurred_at, n)
      left join (
        select distinct on (contact_id, channel) contact_id, channel, address_hash from reach
        where workspace_id = ${workspaceId} and contact_id = any (${[...new Set(rows.map(row => row.contact_id))]}::bigint[])
        order by contact_id, channel, is_primary desc, created_at, address) a on a.contact_id = w.contact_id and a.channel = w.channel
    order by w.n`;
}

export function listConsents(workspaceId: WorkspaceId, contactId: ContactId, before: string | null, limit: number): Sql {
  return sql`select id, channel, topic, state, source, legal_basis as "legalBasis", proof, actor,
      occurred_at as "occurredAt", recorded_at as "recordedAt"
    from consent where workspace_id = ${workspaceId} and contact_id = ${contactId}
      and (${before}::bigint is null or id < ${before}::bigint)
    order by id desc limit ${limit}`;
}

/** What a person allows now: the latest word per channel and topic. */
export function currentConsents(workspaceId: WorkspaceId, contactId: ContactId): Sql {
  return sql`select distinct on (channel, topic) channel, topic, state, source, legal_basis as "legalBasis", occurred_at as "occurredAt"
    from consent where workspace_id = ${workspaceId} and contact_id = ${contactId}
    order by channel, topic, occurred_at desc, id desc`;
}
