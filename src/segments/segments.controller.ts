// HTTP for saved segments and for counting a rule before it is saved. Summaries are in the language of the caller.
import { Body, Controller, Delete, Get, Headers, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { type Actor, CurrentActor } from '../accounts/actor.js';
import { Idempotent } from '../accounts/idempotency-interceptor.js';
import { Needs } from '../accounts/key.guard.js';
import { idParams } from '../contract/common.js';
import {
  type CloneSegment,
  cloneSegment,
  type CreateSegment,
  createSegment,
  type LanguageQuery,
  languageQuery,
  type PreviewSegment,
  previewSegment,
  segmentPage,
  type SegmentPreview,
  segmentPreview,
  type SegmentQuery,
  segmentQuery,
  type SegmentUse,
  segmentUses,
  type SegmentView,
  segmentView,
  type UpdateSegment,
  updateSegment,
} from '../contract/segments.js';
import { chooseLanguage } from '../domain/segment/languages.js';
import { Answers } from '../platform/http/answers.js';
import type { Page } from '../platform/http/cursor.js';
import { LibraryService } from './library.service.js';
import { PreviewService } from './preview.service.js';

type Id = z.infer<typeof idParams>;
/** The Accept-Language header, when there is one. */
type Spoken = string | undefined;

@ApiTags('segments')
@Controller('v1/segments')
export class SegmentsController {
  constructor(
    private readonly library: LibraryService,
    private readonly previews: PreviewService,
  ) {}

  @Get()
  @Needs('segments:read')
  @Answers(200, segmentPage, 'List segments, newest first')
  list(
    @CurrentActor() actor: Actor,
    @Query({ schema: segmentQuery }) query: SegmentQuery,
    @Headers('accept-language') spoken: Spoken,
  ): Promise<Page<SegmentView>> {
    return this.library.list(actor, query, chooseLanguage(query.language, spoken));
  }

  @Post()
  @Needs('segments:write')
  @Idempotent()
  @Answers(201, segmentView, 'Save a segment')
  create(
    @CurrentActor() actor: Actor,
    @Body({ schema: createSegment }) body: CreateSegment,
    @Query({ schema: languageQuery }) { language }: LanguageQuery,
    @Headers('accept-language') spoken: Spoken,
  ): Promise<SegmentView> {
    return this.library.create(actor, body, chooseLanguage(language, spoken));
  }

  @Post('preview')
  @Needs('segments:read')
  @Answers(200, segmentPreview, 'Count a rule or a saved segment: exact, reachable per channel, with some contacts')
  preview(
    @CurrentActor() actor: Actor,
    @Body({ schema: previewSegment }) body: PreviewSegment,
    @Query({ schema: languageQuery }) { language }: LanguageQuery,
    @Headers('accept-language') spoken: Spoken,
  ): Promise<SegmentPreview> {
    return this.previews.preview(actor, body, chooseLanguage(language, spoken));
  }

  @Get(':id')
  @Needs('segments:read')
  @Answers(200, segmentView, 'One segment')
  get(
    @CurrentActor() actor: Actor,
    @Param({ schema: idParams }) { id }: Id,
    @Query({ schema: languageQuery }) { language }: LanguageQuery,
    @Headers('accept-language') spoken: Spoken,
  ): Promise<SegmentView> {
    return this.library.view(actor, id, chooseLanguage(language, spoken));
  }

  @Get(':id/used-by')
  @Needs('segments:read')
  @Answers(200, segmentUses, 'The segments and campaigns that use a segment')
  usedBy(@CurrentActor() actor: Actor, @Param({ schema: idParams }) { id }: Id): Promise<{ data: SegmentUse[] }> {
    return this.library.usedBy(actor, id);
  }

  @Patch(':id')
  @Needs('segments:write')
  @Answers(200, segmentView, 'Change a segment; what is not sent stays')
  update(
    @CurrentActor() actor: Actor,
    @Param({ schema: idParams }) { id }: Id,
    @Body({ schema: updateSegment }) body: UpdateSegment,
    @Query({ schema: languageQuery }) { language }: LanguageQuery,
    @Headers('accept-language') spoken: Spoken,
  ): Promise<SegmentView> {
    return this.library.update(actor, id, body, chooseLanguage(language, spoken));
  }

  @Post(':id/clone')
  @Needs('segments:write')
  @Idempotent()
  @Answers(201, segmentView, 'Copy a segment under another name')
  clone(
    @CurrentActor() actor: Actor,
    @Param({ schema: idParams }) { id }: Id,
    @Body({ schema: cloneSegment }) body: CloneSegment,
    @Query({ schema: languageQuery }) { language }: LanguageQuery,
    @Headers('accept-language') spoken: Spoken,
  ): Promise<SegmentView> {
    return this.library.clone(actor, id, body, chooseLanguage(language, spoken));
  }

  @Delete(':id')
  @Needs('segments:write')
  @Answers(204, null, 'Archive a segment; refused while another segment or a campaign to come uses it')
  archive(@CurrentActor() actor: Actor, @Param({ schema: idParams }) { id }: Id): Promise<void> {
    return this.library.archive(actor, id);
  }

  @Post(':id/restore')
  @Needs('segments:write')
  @Answers(200, segmentView, 'Take a segment back from the archive')
  restore(
    @CurrentActor() actor: Actor,
    @Param({ schema: idParams }) { id }: Id,
    @Query({ schema: languageQuery }) { language }: LanguageQuery,
    @Headers('accept-language') spoken: Spoken,
  ): Promise<SegmentView> {
    return this.library.restore(actor, id, chooseLanguage(language, spoken));
  }
}
