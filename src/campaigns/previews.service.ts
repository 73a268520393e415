/** A campaign's message as one of its recipients would see it. Writes nothing. */
import { Injectable } from '@nestjs/common';
import type { Actor } from '../accounts/actor.js';
import { requireScope } from '../accounts/scopes.js';
import type { CampaignPreview, PreviewCampaign } from '../contract/campaigns.js';
import { PreviewsService } from '../templates/previews.service.js';
import { CampaignsService } from './campaigns.service.js';
import { variantFor } from './template-choice.js';

@Injectable()
export class CampaignPreviewsService {
  constructor(
    private readonly campaigns: CampaignsService,
    private readonly previews: PreviewsService,
  ) {}

  async preview(actor: Actor, id: string, { variant, contactId }: PreviewCampaign): Promise<CampaignPreview> {
    const campaign = await this.campaigns.get(actor.workspaceId, id);
    if (contactId !== undefined) requireScope(actor.scopes, 'contacts:read', '/contactId');
    const chosen = variantFor(campaign, variant, contactId);
    const { templateId } = chosen ?? campaign;
    const preview = await this.previews.previewSaved(actor.workspaceId, templateId, { contactId });
    return { variant: chosen?.name ?? null, preview };
  }
}
