// HTTP for partials: words that many templates share.
import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { type Actor, CurrentActor } from '../accounts/actor.js';
import { Idempotent } from '../accounts/idempotency-interceptor.js';
import { Needs } from '../accounts/key.guard.js';
import { idParams } from '../contract/common.js';
import {
  type CreatePartial,
  createPartial,
  partialPage,
  type PartialQuery,
  partialQuery,
  type PartialUse,
  partialUsePage,
  partialView,
  type PartialView,
  type UpdatePartial,
  updatePartial,
} from '../contract/partials.js';
import { Answers } from '../platform/http/answers.js';
import type { Page } from '../platform/http/cursor.js';
import { PartialsService } from './partials.service.js';

type Id = z.infer<typeof idParams>;

@ApiTags('templates')
@Controller('v1/partials')
export class PartialsController {
  constructor(private readonly partials: PartialsService) {}

  @Post()
  @Needs('templates:write')
  @Idempotent()
  @Answers(201, partialView, 'Make a partial: words that templates share')
  create(@CurrentActor() actor: Actor, @Body({ schema: createPartial }) body: CreatePartial): Promise<PartialView> {
    return this.partials.create(actor, body);
  }

  @Get()
  @Needs('templates:read')
  @Answers(200, partialPage, 'List partials, newest first')
  list(@CurrentActor() { workspaceId }: Actor, @Query({ schema: partialQuery }) query: PartialQuery): Promise<Page<PartialView>> {
    return this.partials.list(workspaceId, query);
  }

  @Get(':id')
  @Needs('templates:read')
  @Answers(200, partialView, 'A partial')
  get(@CurrentActor() { workspaceId }: Actor, @Param({ schema: idParams }) { id }: Id): Promise<PartialView> {
    return this.partials.get(workspaceId, id);
  }

  @Patch(':id')
  @Needs('templates:write')
  @Answers(200, partialView, 'Change a partial; saved templates keep the words they copied')
  update(
    @CurrentActor() actor: Actor,
    @Param({ schema: idParams }) { id }: Id,
    @Body({ schema: updatePartial }) body: UpdatePartial,
  ): Promise<PartialView> {
    return this.partials.update(actor, id, body);
  }

  @Delete(':id')
  @Needs('templates:write')
  @Answers(204, null, 'Delete a partial that nothing uses')
  remove(@CurrentActor() actor: Actor, @Param({ schema: idParams }) { id }: Id): Promise<void> {
    return this.partials.remove(actor, id);
  }

  @Get(':id/uses')
  @Needs('templates:read')
  @Answers(200, partialUsePage, 'Templates that hold the partial, and whether its words there are older than it')
  uses(
    @CurrentActor() { workspaceId }: Actor,
    @Param({ schema: idParams }) { id }: Id,
    @Query({ schema: partialQuery }) query: PartialQuery,
  ): Promise<Page<PartialUse>> {
    return this.partials.listUses(workspaceId, id, query);
  }
}
