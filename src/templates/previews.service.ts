/** What a recipient would see: a template rendered for a contact or for given values, with what it costs. Writes nothing. */
import { Injectable } from '@nestjs/common';
import { AccountsService } from '../accounts/accounts.service.js';
import { ContactFacts } from '../contacts/contact-facts.service.js';
import type { PreviewSaved, PreviewUnsaved, TemplatePreview } from '../contract/templates.js';
import type { WorkspaceId } from '../domain/ids.js';
import { countParts } from '../domain/sms/encoding.js';
import { type MergeValues, missingFields } from '../domain/template/render.js';
import { Addresses } from '../platform/addresses.js';
import { invalid, notFound } from '../platform/errors.js';
import { type CompiledContent, compileContent, type RenderedContent } from './compiled-content.js';
import { checkContent } from './content-check.js';
import { createdSource } from './template-views.js';
import { TemplatesService } from './templates.service.js';

type PreviewAs = Pick<PreviewSaved, 'contactId' | 'values'>;

@Injectable()
export class PreviewsService {
  constructor(
    private readonly templates: TemplatesService,
    private readonly facts: ContactFacts,
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
    checkContent(source);
    return this.preview(workspaceId, compileContent(source), wanted);
  }

  private async preview(workspaceId: WorkspaceId, content: CompiledContent, as: PreviewAs): Promise<TemplatePreview> {
    const values = await this.valuesFor(workspaceId, as);
    return toPreview(renderOrRefuse(content, values), missingFields(content, values));
  }

  private async valuesFor(workspaceId: WorkspaceId, { contactId, values }: PreviewAs): Promise<MergeValues> {
    const { name: workspaceName } = await this.accounts.getWorkspace(workspaceId);
    const contact = contactId === undefined ? {} : await this.factsOf(workspaceId, contactId);
    const send = { unsubscribeUrl: `${this.addresses.publicUrl}/u/preview`, campaignName: 'Preview', workspaceName };
    return { ...send, ...contact, ...values, attributes: { ...contact.attributes, ...values?.attributes } };
  }

  private async factsOf(workspaceId: WorkspaceId, contactId: string): Promise<MergeValues> {
    const facts = await this.facts.load(workspaceId, [contactId]);
    const found = facts.get(contactId);
    if (!found) throw notFound('contact', contactId);
    return found;
  }
}

function renderOrRefuse(content: CompiledContent, values: MergeValues): RenderedContent {
  try {
    return content.render(values);
  } catch (error) {
    throw invalid('', `It cannot be rendered for these values: ${(error as Error).message}`);
  }
}

function toPreview(rendered: RenderedContent, missing: string[]): TemplatePreview {
  if (rendered.channel === 'email')
    return { ...rendered, htmlBytes: Buffer.byteLength(rendered.html), textBytes: Buffer.byteLength(rendered.text), missing };
  const { encoding, parts, units, left, offenders } = countParts(rendered.text);
  return { ...rendered, encoding, parts, units, left, offenders, missing };
}
