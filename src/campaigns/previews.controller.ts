// HTTP for looking at a campaign's message before it goes.
import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { type Actor, CurrentActor } from '../accounts/actor.js';
import { Needs } from '../accounts/key.guard.js';
import { type CampaignPreview, campaignPreview, type PreviewCampaign, previewCampaign } from '../contract/campaigns.js';
import { idParams } from '../contract/common.js';
import { Answers } from '../platform/http/answers.js';
import { CampaignPreviewsService } from './previews.service.js';

@ApiTags('campaigns')
@Controller('v1/campaigns/:id')
export class CampaignPreviewsController {
  constructor(private readonly previews: CampaignPreviewsService) {}

  @Post('preview')
  @Needs('campaigns:read')
  @Answers(200, campaignPreview, 'Its message as a contact would get it, in the variant that the contact would get')
  preview(
    @CurrentActor() actor: Actor,
    @Param({ schema: idParams }) { id }: z.infer<typeof idParams>,
    @Body({ schema: previewCampaign }) body: PreviewCampaign,
  ): Promise<CampaignPreview> {
    return this.previews.preview(actor, id, body);
  }
}
