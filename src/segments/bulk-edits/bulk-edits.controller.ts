// HTTP for edits of everybody whom a rule picks.
import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { type Actor, CurrentActor } from '../../accounts/actor.js';
import { Idempotent } from '../../accounts/idempotency-interceptor.js';
import { Needs } from '../../accounts/key.guard.js';
import {
  bulkEditPage,
  type BulkEditPlan,
  bulkEditPlan,
  bulkEditQuery,
  type BulkEditView,
  bulkEditView,
  type CreateBulkEdit,
  createBulkEdit,
} from '../../contract/bulk-edits.js';
import { idParams } from '../../contract/common.js';
import { Answers } from '../../platform/http/answers.js';
import type { Page } from '../../platform/http/cursor.js';
import { BulkEditPlans } from './bulk-edit-plans.js';
import { BulkEditsService } from './bulk-edits.service.js';

type Id = z.infer<typeof idParams>;

@ApiTags('contacts')
@Controller('v1/bulk-edits')
export class BulkEditsController {
  constructor(
    private readonly edits: BulkEditsService,
    private readonly plans: BulkEditPlans,
  ) {}

  @Post()
  @Needs('contacts:write')
  @Idempotent()
  @Answers(202, bulkEditView, 'Change everybody whom a rule or a saved segment picks; the work goes on in the background')
  start(@CurrentActor() actor: Actor, @Body({ schema: createBulkEdit }) body: CreateBulkEdit): Promise<BulkEditView> {
    return this.edits.start(actor, body);
  }

  @Post('plan')
  @Needs('contacts:read')
  @Answers(200, bulkEditPlan, 'Check a bulk edit and count whom it would change; writes nothing')
  plan(@CurrentActor() actor: Actor, @Body({ schema: createBulkEdit }) body: CreateBulkEdit): Promise<BulkEditPlan> {
    return this.plans.plan(actor, body);
  }

  @Get()
  @Needs('contacts:read')
  @Answers(200, bulkEditPage, 'List bulk edits, newest first')
  list(
    @CurrentActor() actor: Actor,
    @Query({ schema: bulkEditQuery }) query: z.infer<typeof bulkEditQuery>,
  ): Promise<Page<BulkEditView>> {
    return this.edits.list(actor, query);
  }

  @Get(':id')
  @Needs('contacts:read')
  @Answers(200, bulkEditView, 'How far a bulk edit is')
  get(@CurrentActor() actor: Actor, @Param({ schema: idParams }) { id }: Id): Promise<BulkEditView> {
    return this.edits.get(actor, id);
  }

  @Post(':id/cancel')
  @Needs('contacts:write')
  @Idempotent()
  @Answers(200, bulkEditView, 'Cancel a bulk edit; who was edited stays edited')
  cancel(@CurrentActor() actor: Actor, @Param({ schema: idParams }) { id }: Id): Promise<BulkEditView> {
    return this.edits.cancel(actor, id);
  }
}
