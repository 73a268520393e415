// HTTP for campaigns and the verbs that run them.
import { Body, Controller, Delete, Get, Header, Headers, Param, Patch, Post, Query, type StreamableFile } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { type Actor, CurrentActor } from '../accounts/actor.js';
import { Idempotent } from '../accounts/idempotency-interceptor.js';
import { Needs } from '../accounts/key.guard.js';
import {
  campaignPage,
  type CampaignPlan,
  campaignPlan,
  type CampaignQuery,
  campaignQuery,
  type CampaignReport,
  campaignReport,
  type CampaignView,
  campaignView,
  type CreateCampaign,
  createCampaign,
  type DuplicateCampaign,
  duplicateCampaign,
  type LaunchCampaign,
  launchCampaign,
  type RetryCampaign,
  retryCampaign,
  type RetryResult,
  retryResult,
  type TestCampaign,
  testCampaign,
  type TestResults,
  testResults,
  type UpdateCampaign,
  updateCampaign,
} from '../contract/campaigns.js';
import { idParams } from '../contract/common.js';
import { Answers, AnswersText } from '../platform/http/answers.js';
import type { Page } from '../platform/http/cursor.js';
import { CampaignsService } from './campaigns.service.js';
import { LaunchesService } from './launches.service.js';
import { ProgressService } from './progress.service.js';
import { RetriesService } from './retries.service.js';
import { RunsService } from './runs.service.js';
import { TestSendService } from './test-send.service.js';

type Id = z.infer<typeof idParams>;

@ApiTags('campaigns')
@Controller('v1/campaigns')
export class CampaignsController {
  constructor(
    private readonly campaigns: CampaignsService,
    private readonly launches: LaunchesService,
    private readonly runs: RunsService,
    private readonly retries: RetriesService,
    private readonly tests: TestSendService,
    private readonly live: ProgressService,
  ) {}

  @Post()
  @Needs('campaigns:write')
  @Idempotent()
  @Answers(201, campaignView, 'Make a campaign (a draft)')
  create(@CurrentActor() actor: Actor, @Body({ schema: createCampaign }) body: CreateCampaign): Promise<CampaignView> {
    return this.campaigns.create(actor, body);
  }

  @Get()
  @Needs('campaigns:read')
  @Answers(200, campaignPage, 'List campaigns, newest first')
  list(
    @CurrentActor() { workspaceId }: Actor,
    @Query({ schema: campaignQuery }) query: CampaignQuery,
  ): Promise<Page<CampaignView>> {
    return this.campaigns.list(workspaceId, query);
  }

  @Get(':id')
  @Needs('campaigns:read')
  @Answers(200, campaignView, 'A campaign and its state')
  get(@CurrentActor() { workspaceId }: Actor, @Param({ schema: idParams }) { id }: Id): Promise<CampaignView> {
    return this.campaigns.view(workspaceId, id);
  }

  @Patch(':id')
  @Needs('campaigns:write')
  @Answers(200, campaignView, 'Change a campaign that is a draft or scheduled')
  update(
    @CurrentActor() actor: Actor,
    @Param({ schema: idParams }) { id }: Id,
    @Body({ schema: updateCampaign }) body: UpdateCampaign,
  ): Promise<CampaignView> {
    return this.campaigns.update(actor, id, body);
  }

  @Delete(':id')
  @Needs('campaigns:write')
  @Answers(204, null, 'Archive a campaign that is not running')
  archive(@CurrentActor() actor: Actor, @Param({ schema: idParams }) { id }: Id): Promise<void> {
    return this.campaigns.archive(actor, id);
  }

  @Post(':id/unarchive')
  @Needs('campaigns:write')
  @Idempotent()
  @Answers(200, campaignView, 'Bring an archived campaign back')
  unarchive(@CurrentActor() actor: Actor, @Param({ schema: idParams }) { id }: Id): Promise<CampaignView> {
    return this.campaigns.unarchive(actor, id);
  }

  @Post(':id/duplicate')
  @Needs('campaigns:write')
  @Idempotent()
  @Answers(201, campaignView, 'Make a draft with the same content')
  duplicate(
    @CurrentActor() actor: Actor,
    @Param({ schema: idParams }) { id }: Id,
    @Body({ schema: duplicateCampaign }) body: DuplicateCampaign,
  ): Promise<CampaignView> {
    return this.campaigns.duplicate(actor, id, body);
  }

  @Post(':id/plan')
  @Needs('campaigns:read')
  @Answers(200, campaignPlan, 'Who would get it now, and why others would not; writes nothing')
  plan(@CurrentActor() { workspaceId }: Actor, @Param({ schema: idParams }) { id }: Id): Promise<CampaignPlan> {
    return this.campaigns.plan(workspaceId, id);
  }

  @Post(':id/test')
  @Needs('campaigns:write')
  @Idempotent()
  @Answers(200, testResults, 'Send it now to a few given addresses, outside its report')
  test(
    @CurrentActor() actor: Actor,
    @Param({ schema: idParams }) { id }: Id,
    @Body({ schema: testCampaign }) body: TestCampaign,
  ): Promise<TestResults> {
    return this.tests.send(actor, id, body);
  }

  @Post(':id/launch')
  @Needs('campaigns:write')
  @Idempotent()
  @Answers(200, campaignView, 'Launch it now, at an instant, or when the clock of a place says so; a second launch is a 409')
  launch(
    @CurrentActor() actor: Actor,
    @Param({ schema: idParams }) { id }: Id,
    @Body({ schema: launchCampaign }) body: LaunchCampaign,
  ): Promise<CampaignView> {
    return this.launches.launch(actor, id, body);
  }

  @Post(':id/unschedule')
  @Needs('campaigns:write')
  @Idempotent()
  @Answers(200, campaignView, 'Make a scheduled campaign a draft again')
  unschedule(@CurrentActor() actor: Actor, @Param({ schema: idParams }) { id }: Id): Promise<CampaignView> {
    return this.launches.unschedule(actor, id);
  }

  @Post(':id/pause')
  @Needs('campaigns:write')
  @Idempotent()
  @Answers(200, campaignView, 'Send nothing more until it is resumed')
  pause(@CurrentActor() actor: Actor, @Param({ schema: idParams }) { id }: Id): Promise<CampaignView> {
    return this.runs.pause(actor, id);
  }

  @Post(':id/resume')
  @Needs('campaigns:write')
  @Idempotent()
  @Answers(200, campaignView, 'Go on sending')
  resume(@CurrentActor() actor: Actor, @Param({ schema: idParams }) { id }: Id): Promise<CampaignView> {
    return this.runs.resume(actor, id);
  }

  @Post(':id/cancel')
  @Needs('campaigns:write')
  @Idempotent()
  @Answers(200, campaignView, 'Stop it for good')
  cancel(@CurrentActor() actor: Actor, @Param({ schema: idParams }) { id }: Id): Promise<CampaignView> {
    return this.runs.cancel(actor, id);
  }

  @Post(':id/retry-failed')
  @Needs('campaigns:write')
  @Idempotent()
  @Answers(200, retryResult, 'Send again what failed, all of it or what failed for some reasons')
  retryFailed(
    @CurrentActor() actor: Actor,
    @Param({ schema: idParams }) { id }: Id,
    @Body({ schema: retryCampaign }) body: RetryCampaign,
  ): Promise<RetryResult> {
    return this.retries.retryFailed(actor, id, body);
  }

  @Get(':id/report')
  @Needs('campaigns:read')
  @Answers(200, campaignReport, 'Where everybody who matched ended, for each run')
  report(@CurrentActor() { workspaceId }: Actor, @Param({ schema: idParams }) { id }: Id): Promise<CampaignReport> {
    return this.campaigns.report(workspaceId, id);
  }

  @Get(':id/progress')
  @Needs('campaigns:read')
  @AnswersText(
    'text/event-stream',
    'Its report as server-sent events, at most one a second while it changes',
    'id: 3f9a\ndata: {"campaignId":"42","state":"sending"}\n\n',
    'The data of each event is a CampaignReport; the last event is named `end`.',
  )
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'The last event heard; it is not told again',
    schema: { type: 'string' },
  })
  @Header('cache-control', 'no-cache, no-transform')
  @Header('x-accel-buffering', 'no')
  progress(
    @CurrentActor() { workspaceId }: Actor,
    @Param({ schema: idParams }) { id }: Id,
    @Headers('last-event-id') lastHeard: string | undefined,
  ): Promise<StreamableFile> {
    return this.live.follow({ workspaceId, id }, lastHeard);
  }
}
