// HTTP for what a contact consented to and did.
import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { type Actor, CurrentActor } from '../accounts/actor.js';
import { Idempotent } from '../accounts/idempotency-interceptor.js';
import { Needs } from '../accounts/key.guard.js';
import { idParams } from '../contract/common.js';
import {
  consentInput,
  type ConsentInput,
  consentPage,
  consentView,
  type ConsentView,
  eventPage,
  eventsRecorded,
  type EventView,
  plainPageQuery,
  type PageQuery,
  recordEventsBody,
  type RecordEvents,
  timelineQuery,
} from '../contract/contacts.js';
import { Answers } from '../platform/http/answers.js';
import type { Page } from '../platform/http/cursor.js';
import { ConsentsService } from './consents.service.js';
import { EventsService } from './events.service.js';

type Id = z.infer<typeof idParams>;

@ApiTags('contacts')
@Controller('v1/contacts/:id')
export class HistoryController {
  constructor(
    private readonly consents: ConsentsService,
    private readonly events: EventsService,
  ) {}

  @Post('consents')
  @Needs('contacts:write')
  @Idempotent()
  @Answers(201, consentView, 'Record that a contact granted or withdrew consent; the latest by occurredAt counts')
  addConsent(
    @CurrentActor() actor: Actor,
    @Param({ schema: idParams }) { id }: Id,
    @Body({ schema: consentInput }) body: ConsentInput,
  ): Promise<ConsentView> {
    return this.consents.add(actor, id, body);
  }

  @Get('consents')
  @Needs('contacts:read')
  @Answers(200, consentPage, 'The evidence of consent, last recorded first')
  listConsents(
    @CurrentActor() actor: Actor,
    @Param({ schema: idParams }) { id }: Id,
    @Query({ schema: plainPageQuery }) query: PageQuery,
  ): Promise<Page<ConsentView>> {
    return this.consents.list(actor, id, query);
  }

  @Post('events')
  @Needs('contacts:write')
  @Idempotent()
  @Answers(201, eventsRecorded, 'Append up to 500 events to the history of a contact')
  recordEvents(
    @CurrentActor() actor: Actor,
    @Param({ schema: idParams }) { id }: Id,
    @Body({ schema: recordEventsBody }) body: RecordEvents,
  ): Promise<z.infer<typeof eventsRecorded>> {
    return this.events.record(actor, id, body);
  }

  @Get('events')
  @Needs('contacts:read')
  @Answers(200, eventPage, 'The history of a contact, latest first')
  listEvents(
    @CurrentActor() actor: Actor,
    @Param({ schema: idParams }) { id }: Id,
    @Query({ schema: timelineQuery }) query: z.infer<typeof timelineQuery>,
  ): Promise<Page<EventView>> {
    return this.events.list(actor, id, query);
  }
}
