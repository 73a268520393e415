// HTTP for how long a workspace keeps things.
import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  type RetentionPlan,
  retentionPlan,
  type RetentionView,
  retentionView,
  type UpdateRetention,
  updateRetention,
} from '../contract/retention.js';
import { Answers } from '../platform/http/answers.js';
import { type Actor, CurrentActor } from './actor.js';
import { Needs } from './key.guard.js';
import { RetentionService } from './retention.service.js';

@ApiTags('accounts')
@Controller('v1/workspace/retention')
export class RetentionController {
  constructor(private readonly retention: RetentionService) {}

  @Get()
  @Needs('admin')
  @Answers(200, retentionView, 'How many days what is kept; null: for ever')
  view(@CurrentActor() actor: Actor): Promise<RetentionView> {
    return this.retention.view(actor);
  }

  @Patch()
  @Needs('admin')
  @Answers(200, retentionView, 'Change how long things are kept; enforced within a day')
  update(@CurrentActor() actor: Actor, @Body({ schema: updateRetention }) body: UpdateRetention): Promise<RetentionView> {
    return this.retention.update(actor, body);
  }

  @Get('plan')
  @Needs('admin')
  @Answers(200, retentionPlan, 'Count what the settings would let go now; changes nothing')
  plan(@CurrentActor() actor: Actor): Promise<RetentionPlan> {
    return this.retention.plan(actor);
  }
}
