/**
 * Where the entries of a timeline come from: one select a kind, each found by the contact at the head of a primary key (of the audit
 * trail by audit_entry_contact_idx). `id` is text that sorts as the rows of its kind do.
 */
import type { ContactId, WorkspaceId } from '../domain/ids.js';
import { type Sql, sql } from '../domain/sql.js';
import type { TimelineKind } from '../contract/timeline.js';

/** `at` stands apart so that the cursor can be asked before anything is put together. */
type Source = { at: Sql; id: Sql; name: Sql; details: Sql; from: Sql };

const ofContact = (alias: Sql, workspaceId: WorkspaceId, contactId: ContactId): Sql =>
  sql`${alias}.workspace_id = ${workspaceId} and ${alias}.contact_id = ${contactId}`;
const padded = (column: Sql): Sql => sql`lpad(${column}::text, 19, '0')`;
const memberships = (kind: 'list' | 'tag', members: Sql, groups: Sql, key: Sql) => (of: Sql) => ({
  at: sql`m.added_at`,
  id: padded(sql`g.id`),
  name: sql`g.name`,
  details: sql`jsonb_build_object(${`${kind}Id`}::text, g.id::text)`,
  from: sql`${members} m join ${groups} g on g.workspace_id = m.workspace_id and g.id = m.${key} where ${of}`,
});
const list = memberships('list', sql`list_member`, sql`list`, sql`list_id`);
const tag = memberships('tag', sql`contact_tag`, sql`tag`, sql`tag_id`);

export function timelineSource(kind: TimelineKind, workspaceId: WorkspaceId, contactId: ContactId): Source {
  const of = (alias: Sql): Sql => ofContact(alias, workspaceId, contactId);
  switch (kind) {
    case 'change':
      return {
        at: sql`a.at`,
        id: padded(sql`a.id`),
        name: sql`a.action`,
        details: sql`a.details || jsonb_build_object('actor', a.actor)`,
        from: sql`audit_entry a where a.workspace_id = ${workspaceId} and a.target = ${`contact:${contactId}`} and a.target like 'contact:%'`,
      };
    case 'consent':
      return {
        at: sql`c.recorded_at`,
        id: padded(sql`c.id`),
        name: sql`c.state`,
        details: sql`jsonb_build_object('channel', c.channel, 'topic', c.topic, 'source', c.source, 'legalBasis', c.legal_basis,
          'occurredAt', c.occurred_at, 'actor', c.actor)`,
        from: sql`consent c where ${of(sql`c`)}`,
      };
    case 'event':
      return {
        at: sql`e.at`,
        id: padded(sql`e.id`),
        name: sql`e.name`,
        details: sql`jsonb_build_object('properties', e.properties, 'source', e.source)`,
        from: sql`contact_event e where ${of(sql`e`)}`,
      };
    case 'list':
      return list(of(sql`m`));
    case 'message':
      return {
        at: sql`coalesce(m.sent_at, m.updated_at)`,
        id: sql`${padded(sql`m.dispatch_id`)} || '-' || m.channel || '-' || m.step`,
        name: sql`m.state`,
        details: sql`jsonb_build_object('channel', m.channel, 'dispatchId', m.dispatch_id::text, 'dispatch', d.name, 'refusal', m.refusal,
          'address', m.address, 'error', coalesce(m.error_detail, m.error_code, m.error_kind))`,
        from: sql`message m join dispatch d on d.workspace_id = m.workspace_id and d.id = m.dispatch_id where ${of(sql`m`)}`,
      };
    case 'note':
      return {
        at: sql`n.created_at`,
        id: padded(sql`n.id`),
        name: sql`'written'`,
        details: sql`jsonb_build_object('text', n.text, 'author', n.author)`,
        from: sql`contact_note n where ${of(sql`n`)}`,
      };
    case 'order':
      return {
        at: sql`p.ordered_at`,
        id: sql`p.order_id`,
        name: sql`p.state`,
        details: sql`jsonb_build_object('currency', p.currency, 'grossAmount', p.gross_amount, 'refundedAmount', p.refunded_amount,
          'netAmount', p.net_amount, 'itemCount', p.item_count)`,
        from: sql`purchase p where ${of(sql`p`)}`,
      };
    case 'response':
      return {
        at: sql`r.at`,
        id: padded(sql`r.id`),
        name: sql`r.kind`,
        details: sql`jsonb_build_object('channel', r.channel, 'dispatchId', r.dispatch_id::text, 'link', r.link, 'isMachine', r.is_machine)`,
        from: sql`message_event r where ${of(sql`r`)}`,
      };
    case 'tag':
      return tag(of(sql`m`));
  }
}
