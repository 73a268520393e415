/** Who got a campaign, who did not and why: page by page, all as CSV, and one of them with the text as it was sent. */
import { Injectable, type StreamableFile } from '@nestjs/common';
import type { Actor } from '../accounts/actor.js';
import { audit } from '../accounts/audit.js';
import { requireScope } from '../accounts/scopes.js';
import type { RecipientDetail, RecipientFilter, RecipientQuery, RecipientView } from '../contract/recipients.js';
import type { MergeValues } from '../domain/template/render.js';
import { templateOf } from '../messages/dispatch.js';
import { Addresses } from '../platform/addresses.js';
import { Database } from '../platform/database/database.js';
import { notFound } from '../platform/errors.js';
import type { Page } from '../platform/http/cursor.js';
import { Downloads } from '../platform/http/download.js';
import { TemplatesService } from '../templates/templates.service.js';
import { CampaignsService } from './campaigns.service.js';
import { recipientsCsv } from './recipients-csv.js';
import { readPage } from './recipients-page.js';
import { toView } from './recipient.js';
import { type OneRecipientRow, selectRecipient } from './recipients.sql.js';

/** Of the whole process: each holds a connection. */
const maxExports = 2;

@Injectable()
export class RecipientsService {
  private readonly downloads = new Downloads(maxExports);

  constructor(
    private readonly db: Database,
    private readonly campaigns: CampaignsService,
    private readonly templates: TemplatesService,
    private readonly addresses: Addresses,
  ) {}

  async list(actor: Actor, id: string, query: RecipientQuery): Promise<Page<RecipientView>> {
    await this.admit(actor, id);
    return readPage(this.db, actor.workspaceId, id, query);
  }

  /** Written to the audit trail before the first row leaves. */
  async export(actor: Actor, id: string, filter: RecipientFilter): Promise<StreamableFile> {
    await this.admit(actor, id);
    this.downloads.requirePlace();
    await audit(this.db, actor, 'campaign.recipients-exported', `campaign:${id}`, filter);
    return this.downloads.csv(`campaign-${id}-recipients.csv`, recipientsCsv(this.db, actor.workspaceId, id, filter));
  }

  async get(actor: Actor, id: string, contactId: string): Promise<RecipientDetail> {
    await this.admit(actor, id);
    const row = await this.db.row<OneRecipientRow>(selectRecipient(actor.workspaceId, id, contactId));
    if (!row) throw notFound(`recipient of campaign ${id} with the contact id`, contactId);
    const events = row.events.map(event => ({ ...event, at: new Date(event.at).toISOString() }));
    return { ...toView(row), content: await this.contentOf(actor, row), events };
  }

  /** Recipients are people: whoever sees them needs to be allowed to see contacts. */
  private async admit(actor: Actor, id: string): Promise<void> {
    await this.campaigns.get(actor.workspaceId, id);
    requireScope(actor.scopes, 'contacts:read', ':id');
  }

  /** The pinned version with the values that were stored when it left: what was sent, but for the link by which its owner unsubscribes. */
  private async contentOf({ workspaceId }: Actor, row: OneRecipientRow): Promise<RecipientDetail['content']> {
    if (row.mergeValues === null) return null;
    const { templateId, templateVersion } = templateOf(row, row.variant);
    const content = await this.templates.getCompiled(workspaceId, templateId, templateVersion);
    const sent = content.render({ ...row.mergeValues, unsubscribeUrl: `${this.addresses.publicUrl}/u/preview` } as MergeValues);
    return { subject: null, html: null, ...sent };
  }
}
