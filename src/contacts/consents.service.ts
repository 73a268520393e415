/** What a contact allowed, per channel and topic: evidence is appended, reach follows in the same transaction. */
import { Injectable } from '@nestjs/common';
import type { Actor } from '../accounts/actor.js';
import { audit } from '../accounts/audit.js';
import type { ConsentInput, ConsentView, PageQuery } from '../contract/contacts.js';
import type { ContactId } from '../domain/ids.js';
import { Clock } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database/database.js';
import { decodeIdCursor, type Page, toPage } from '../platform/http/cursor.js';
import { recordChange } from './changes.js';
import { insertConsents, listConsents, toConsentRow } from './consents.sql.js';
import { normalizeConsent } from './normalize-contact.js';
import { contactsOf, refreshTopics } from './reach.sql.js';
import { holdContact, requireContact } from './require-contact.js';

type ConsentRow = Omit<ConsentView, 'occurredAt' | 'recordedAt'> & { occurredAt: Date; recordedAt: Date };

@Injectable()
export class ConsentsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  async add(actor: Actor, contactId: ContactId, input: ConsentInput): Promise<ConsentView> {
    return this.db.transaction(async tx => {
      await this.record(tx, actor, contactId, input);
      await audit(tx, actor, `consent.${input.state}`, `contact:${contactId}`, { channel: input.channel, topic: input.topic });
      const [newest] = await tx.rows<ConsentRow>(listConsents(actor.workspaceId, contactId, null, 1));
      return toView(newest as ConsentRow);
    });
  }

  /** For other rooms too (an unsubscribe from one topic): in the caller's transaction, without an audit row. */
  async record(tx: Tx, actor: Actor, contactId: ContactId, input: ConsentInput): Promise<void> {
    const { workspaceId } = actor;
    const now = this.clock.now();
    const row = toConsentRow(contactId, normalizeConsent(input, now));
    await holdContact(tx, workspaceId, contactId);
    await tx.run(insertConsents(workspaceId, [row], actor.name, now));
    await tx.run(refreshTopics(workspaceId, contactsOf([contactId]), now));
    await recordChange(tx, workspaceId, { kind: 'consent', contactIds: [contactId] });
  }

  /** The evidence, last recorded first. */
  async list(actor: Actor, contactId: ContactId, { after, limit }: PageQuery): Promise<Page<ConsentView>> {
    const before = decodeIdCursor(after);
    await requireContact(this.db, actor.workspaceId, contactId);
    const rows = await this.db.rows<ConsentRow>(listConsents(actor.workspaceId, contactId, before, limit + 1));
    return toPage(rows, limit, row => [row.id], toView);
  }
}

function toView(row: ConsentRow): ConsentView {
  return { ...row, occurredAt: row.occurredAt.toISOString(), recordedAt: row.recordedAt.toISOString() };
}
