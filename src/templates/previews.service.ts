/** What a recipient would see: a template rendered for a contact or for given values, with what it costs. Writes nothing. */
import { Injectable } from '@nestjs/common';
import { AccountsService } from '../accounts/accounts.service.js';
import { contactFacts } from '../contacts/contact-facts.sql.js';
import { contactsOf } from '../contacts/reach.sql.js';
import type { LintResult, LintTemplate } from '../contract/lint.js';
import type { PreviewSaved, PreviewUnsaved, TemplatePreview } from '../contract/templates.js';
import type { WorkspaceId } from '../domain/ids.js';
import { countParts } from '../domain/sms/encoding.js';
import { type MergeValues, missingFields } from '../domain/template/render.js';
import { Addresses } from '../platform/addresses.js';
import { Database } from '../platform/database/database.js';
import { invalid } from '../platform/errors.js';
import type { CompiledContent, RenderedContent } from './compiled-content.js';
import { type CompiledVersion, compileVersion } from './compiled-version.js';
import { checkContent, toSource } from './content-check.js';
import { lintContent } from './lint.js';
import { createdSource } from './template-views.js';
import { TemplatesService } from './templates.service.js';
import { vocabularyFor } from './vocabulary.js';

/** For whom: a contact's facts, values that win over them, and what the send would add. */
export type RenderAs = Pick<PreviewSaved, 'contactId' | 'values' | 'locale'> & { campaignName?: string };

@Injectable()
export class PreviewsService {
  constructor(
    private readonly db: Database,
    private readonly templates: TemplatesService,
    private readonly accounts: AccountsService,
    private readonly addresses: Addresses,
  ) {}

  async previewSaved(workspaceId: WorkspaceId, id: string, { version, ...as }: PreviewSaved): Promise<TemplatePreview> {
    const wanted = version ?? (await this.templates.get(workspaceId, id)).version;
    return this.preview(workspaceId, await this.templates.getCompiled(workspaceId, id, wanted), as);
  }

  /** Content as it stands in an editor; the same mistakes are refused as when it is saved. */
  async previewUnsaved(workspaceId: WorkspaceId, wanted: PreviewUnsaved): Promise<TemplatePreview> {
    const source = createdSource(wanted);
    const checked = await checkContent(source, await vocabularyFor(this.db, workspaceId, source));
    return this.preview(workspaceId, compileVersion(toSource(checked)), wanted);
  }

  /** Mistakes and advice, with their places. */
  async lint(workspaceId: WorkspaceId, { class: messageClass, ...wanted }: LintTemplate): Promise<LintResult> {
    const source = createdSource(wanted);
    const words = await vocabularyFor(this.db, workspaceId, source);
    return { findings: await lintContent(source, messageClass === 'marketing', words) };
  }

  /** One message as it would be sent, but for its unsubscribe link, which belongs to nobody. */
  async render(workspaceId: WorkspaceId, content: CompiledContent, as: RenderAs): Promise<RenderedContent> {
    return renderOrRefuse(content, await this.valuesFor(workspaceId, content, as));
  }

  private async preview(workspaceId: WorkspaceId, version: CompiledVersion, as: RenderAs): Promise<TemplatePreview> {
    const values = await this.valuesFor(workspaceId, version, as);
    const { locale, content } = version.contentFor(values);
    return { ...toPreview(renderOrRefuse(content, values), missingFields(content, values)), locale };
  }

  private async valuesFor(workspaceId: WorkspaceId, content: CompiledContent, as: RenderAs): Promise<MergeValues> {
    const { name: workspaceName } = await this.accounts.getWorkspace(workspaceId);
    const contact = as.contactId === undefined ? {} : await this.factsOf(workspaceId, as.contactId, content.fields);
    const send = {
      unsubscribeUrl: `${this.addresses.publicUrl}/u/preview`,
      campaignName: as.campaignName ?? 'Preview',
      workspaceName,
    };
    const attributes = { ...(contact.attributes as MergeValues | undefined), ...as.values?.attributes };
    const locale = as.locale === undefined ? {} : { locale: as.locale };
    return { ...send, ...contact, ...as.values, ...locale, attributes };
  }

  private async factsOf(workspaceId: WorkspaceId, contactId: string, fields: readonly string[]): Promise<MergeValues> {
    const row = await this.db.row<{ facts: MergeValues }>(contactFacts(workspaceId, contactsOf([contactId]), fields));
    if (!row) throw invalid('/contactId', `There is no contact ${contactId}`);
    return row.facts;
  }
}

function renderOrRefuse(content: CompiledContent, values: MergeValues): RenderedContent {
  try {
    return content.render(values);
  } catch (error) {
    throw invalid('', `It cannot be rendered for these values: ${(error as Error).message}`);
  }
}

type Unlocated = TemplatePreview extends infer Preview ? (Preview extends unknown ? Omit<Preview, 'locale'> : never) : never;

function toPreview(rendered: RenderedContent, missing: string[]): Unlocated {
  if (rendered.channel === 'email')
    return { ...rendered, htmlBytes: Buffer.byteLength(rendered.html), textBytes: Buffer.byteLength(rendered.text), missing };
  const { encoding, parts, units, left, offenders } = countParts(rendered.text);
  return { ...rendered, encoding, parts, units, left, offenders, missing };
}
