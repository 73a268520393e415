// HTTP for saved segments and for counting a rule before it is saved.
import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { type Actor, CurrentActor } from '../accounts/actor.js';
import { Idempotent } from '../accounts/idempotency-interceptor.js';
import { Needs } from '../accounts/key.guard.js';
import { idParams } from '../contract/common.js';
import {
  type UpdateSegment,
  updateSegment,
  type CreateSegment,
  createSegment,
  type PreviewSegment,
  previewSegment,
  segmentPage,
  type SegmentPreview,
  segmentPreview,
  type SegmentQuery,
  segmentQuery,
  type SegmentView,
  segmentView,
} from '../contract/segments.js';
import { Answers } from '../platform/http/answers.js';
import type { Page } from '../platform/http/cursor.js';
import { PreviewService } from './preview.service.js';
import { SegmentsService } from './segments.service.js';

@ApiTags('segments')
@Controller('v1/segments')
export class SegmentsController {
  constructor(
    private readonly segments: SegmentsService,
    private readonly previews: PreviewService,
  ) {}

  @Get()
  @Needs('segments:read')
  @Answers(200, segmentPage, 'List segments, newest first')
  list(@CurrentActor() actor: Actor, @Query({ schema: segmentQuery }) query: SegmentQuery): Promise<Page<SegmentView>> {
    return this.segments.list(actor, query);
  }

  @Post()
  @Needs('segments:write')
  @Idempotent()
  @Answers(201, segmentView, 'Save a segment')
  create(@CurrentActor() actor: Actor, @Body({ schema: createSegment }) body: CreateSegment): Promise<SegmentView> {
    return this.segments.create(actor, body);
  }

  @Post('preview')
  @Needs('segments:read')
  @Answers(200, segmentPreview, 'Count a rule or a saved segment: exact, reachable per channel, with some contacts')
  preview(@CurrentActor() actor: Actor, @Body({ schema: previewSegment }) body: PreviewSegment): Promise<SegmentPreview> {
    return this.previews.preview(actor, body);
  }

  @Get(':id')
  @Needs('segments:read')
  @Answers(200, segmentView, 'One segment')
  get(@CurrentActor() actor: Actor, @Param({ schema: idParams }) { id }: z.infer<typeof idParams>): Promise<SegmentView> {
    return this.segments.view(actor, id);
  }

  @Patch(':id')
  @Needs('segments:write')
  @Answers(200, segmentView, 'Change a segment; what is not sent stays')
  update(
    @CurrentActor() actor: Actor,
    @Param({ schema: idParams }) { id }: z.infer<typeof idParams>,
    @Body({ schema: updateSegment }) body: UpdateSegment,
  ): Promise<SegmentView> {
    return this.segments.update(actor, id, body);
  }

  @Delete(':id')
  @Needs('segments:write')
  @Answers(204, null, 'Archive a segment')
  archive(@CurrentActor() actor: Actor, @Param({ schema: idParams }) { id }: z.infer<typeof idParams>): Promise<void> {
    return this.segments.archive(actor, id);
  }
}
