/** Reading contacts and erasing them; upsert.service.ts writes them. */
import { Injectable } from '@nestjs/common';
import { AccountsService } from '../accounts/accounts.service.js';
import type { Actor } from '../accounts/actor.js';
import { audit } from '../accounts/audit.js';
import type { ContactQuery, ContactSummary, ContactView } from '../contract/contacts.js';
import type { ContactField } from '../contract/contact-fields.js';
import type { ContactId } from '../domain/ids.js';
import { sql } from '../domain/sql.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { notFound } from '../platform/errors.js';
import { decodeIdCursor, type Page, toPage } from '../platform/http/cursor.js';
import { recordChange } from './changes.js';
import { contactColumns, contactFieldNames } from './columns.js';
import { currentConsents } from './consents.sql.js';
import { selectContact, selectSummaries } from './contact-view.sql.js';
import { blankContact, eraseTraces, lookAgainAtErased, suppressErased } from './erase.sql.js';
import { type IdentityKind, identityNames } from './normalize-contact.js';
import { matchesSearch } from './search.sql.js';

type ContactRow = Record<string, unknown> &
  Pick<ContactView, 'id' | 'email' | 'phone' | 'attributes' | 'reach' | 'lists' | 'tags'> & {
    external_id: string | null;
    identities: { kind: IdentityKind; value: string }[];
    created_at: Date;
    updated_at: Date;
  };
type SummaryRow = Omit<ContactSummary, 'createdAt' | 'updatedAt'> & { createdAt: Date; updatedAt: Date };
type ConsentRow = Omit<ContactView['consent'][number], 'occurredAt'> & { occurredAt: Date };

/** numeric comes from the driver as text; an income fits a double to the cent. */
const numericColumns: ReadonlySet<ContactField> = new Set(['incomeAmount']);

@Injectable()
export class ContactsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly accounts: AccountsService,
  ) {}

  async get(actor: Actor, id: ContactId): Promise<ContactView> {
    const row = await this.db.row<ContactRow>(selectContact(actor.workspaceId, id));
    if (!row) throw notFound('contact', id);
    return toView(row, await this.db.rows<ConsentRow>(currentConsents(actor.workspaceId, id)));
  }

  async list(actor: Actor, { search, after, limit }: ContactQuery): Promise<Page<ContactSummary>> {
    const last = decodeIdCursor(after);
    const matching = search === undefined ? sql`true` : await this.searching(actor, search);
    const rows = await this.db.rows<SummaryRow>(selectSummaries(actor.workspaceId, matching, last, limit + 1));
    return toPage(rows, limit, row => [row.id], toSummary);
  }

  /** Everything that names or describes the person goes, at once and for good; what proves our conduct stays nameless. */
  async erase(actor: Actor, id: ContactId): Promise<void> {
    const { workspaceId } = actor;
    await this.db.transaction(async tx => {
      const now = this.clock.now();
      if (!(await tx.row(blankContact(workspaceId, id, now)))) throw notFound('contact', id);
      await tx.run(lookAgainAtErased(workspaceId, id, now));
      await tx.run(suppressErased(workspaceId, id, now));
      for (const statement of eraseTraces(workspaceId, id)) await tx.run(statement);
      await recordChange(tx, workspaceId, { kind: 'erase', contactIds: [id] });
      await audit(tx, actor, 'contact.erased', `contact:${id}`);
    });
  }

  private async searching(actor: Actor, search: string) {
    const { defaultCountry } = await this.accounts.getWorkspace(actor.workspaceId);
    return matchesSearch(actor.workspaceId, search, defaultCountry);
  }
}

function toView(row: ContactRow, consents: ConsentRow[]): ContactView {
  const fields = Object.fromEntries(contactFieldNames.map(field => [field, fieldOf(row, field)])) as Pick<
    ContactView,
    ContactField
  >;
  const { id, email, phone, attributes, reach, lists, tags } = row;
  return {
    id,
    externalId: row.external_id,
    email,
    phone,
    ...fields,
    attributes,
    identities: row.identities.map(({ kind, value }) => ({ kind: identityNames[kind], value })),
    reach,
    consent: consents.map(consent => ({ ...consent, occurredAt: consent.occurredAt.toISOString() })),
    lists,
    tags,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

function fieldOf(row: ContactRow, field: ContactField): unknown {
  const value = row[contactColumns[field]] ?? null;
  return value !== null && numericColumns.has(field) ? Number(value) : value;
}

function toSummary(row: SummaryRow): ContactSummary {
  return { ...row, createdAt: row.createdAt.toISOString(), updatedAt: row.updatedAt.toISOString() };
}
