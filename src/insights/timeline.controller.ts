// HTTP for the timeline of a contact.
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { type Actor, CurrentActor } from '../accounts/actor.js';
import { Needs } from '../accounts/key.guard.js';
import { idParams } from '../contract/common.js';
import { type TimelineEntry, timelinePage, type TimelineQuery, timelineQuery } from '../contract/timeline.js';
import { Answers } from '../platform/http/answers.js';
import type { Page } from '../platform/http/cursor.js';
import { TimelineService } from './timeline.service.js';

@ApiTags('contacts')
@Controller('v1/contacts/:id/timeline')
export class TimelineController {
  constructor(private readonly timeline: TimelineService) {}

  @Get()
  @Needs('contacts:read')
  @Answers(200, timelinePage, 'Everything that happened with a contact, newest first')
  page(
    @CurrentActor() actor: Actor,
    @Param({ schema: idParams }) { id }: z.infer<typeof idParams>,
    @Query({ schema: timelineQuery }) query: TimelineQuery,
  ): Promise<Page<TimelineEntry>> {
    return this.timeline.page(actor, id, query);
  }
}
