// HTTP for suppressions: addresses that must not be used, asked for by address because only their hashes are kept.
import { Body, Controller, Delete, Get, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../accounts/actor.js';
import { Idempotent } from '../accounts/idempotency-interceptor.js';
import { Needs } from '../accounts/key.guard.js';
import {
  createSuppression,
  type CreateSuppression,
  suppressionKey,
  type SuppressionKey,
  suppressionPage,
  suppressionQuery,
  type SuppressionQuery,
  suppressionView,
  type SuppressionView,
} from '../contract/contacts.js';
import { Answers } from '../platform/http/answers.js';
import type { Page } from '../platform/http/cursor.js';
import { SuppressionsService } from './suppressions.service.js';

@ApiTags('suppressions')
@Controller('v1/suppressions')
export class SuppressionsController {
  constructor(private readonly suppressions: SuppressionsService) {}

  @Post()
  @Needs('contacts:write')
  @Idempotent()
  @Answers(200, suppressionView, 'Suppress an address for everybody who has it, now and later')
  create(@CurrentActor() actor: Actor, @Body({ schema: createSuppression }) body: CreateSuppression): Promise<SuppressionView> {
    return this.suppressions.create(actor, body);
  }

  @Get()
  @Needs('contacts:read')
  @Answers(200, suppressionPage, 'List suppressions, or ask with channel and address why one address is suppressed')
  list(
    @CurrentActor() actor: Actor,
    @Query({ schema: suppressionQuery }) query: SuppressionQuery,
  ): Promise<Page<SuppressionView>> {
    return this.suppressions.list(actor, query);
  }

  @Delete()
  @Needs('contacts:write')
  @Answers(204, null, 'Lift the suppression of an address, for all reasons or one; withdrawn consents stay withdrawn')
  lift(@CurrentActor() actor: Actor, @Query({ schema: suppressionKey }) query: SuppressionKey): Promise<void> {
    return this.suppressions.lift(actor, query);
  }
}
