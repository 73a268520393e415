// Wiring of campaigns: they ask segments for the audience and have the ledger freeze it.
import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { GatewaysModule } from '../gateways/gateways.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { SegmentsModule } from '../segments/segments.module.js';
import { TemplatesModule } from '../templates/templates.module.js';
import { CampaignsController } from './campaigns.controller.js';
import { CampaignsService } from './campaigns.service.js';
import { FindSegmentUses } from './find-segment-uses.js';
import { FinishCampaignJob } from './finish-campaign.job.js';
import { LaunchCampaignJob } from './launch-campaign.job.js';
import { LaunchesService } from './launches.service.js';
import { MeasureCampaigns } from './measure-campaigns.js';
import { ProgressService } from './progress.service.js';
import { RecipientsController } from './recipients.controller.js';
import { RecipientsService } from './recipients.service.js';
import { RetriesService } from './retries.service.js';
import { CampaignPreviewsController } from './previews.controller.js';
import { CampaignPreviewsService } from './previews.service.js';
import { RunsService } from './runs.service.js';
import { SweepCampaigns } from './sweep-campaigns.js';
import { TestPostService } from './test-post.service.js';
import { TestSendService } from './test-send.service.js';

const jobs = [FinishCampaignJob, LaunchCampaignJob, SweepCampaigns];

@Module({
  imports: [AccountsModule, GatewaysModule, MessagesModule, SegmentsModule, TemplatesModule],
  controllers: [CampaignsController, RecipientsController, CampaignPreviewsController],
  providers: [
    MeasureCampaigns,
    CampaignsService,
    FindSegmentUses,
    LaunchesService,
    ProgressService,
    RecipientsService,
    RetriesService,
    CampaignPreviewsService,
    RunsService,
    TestPostService,
    TestSendService,
    ...jobs,
  ],
  exports: [CampaignsService],
})
export class CampaignsModule {}
