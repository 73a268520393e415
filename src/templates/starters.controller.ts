// HTTP for the starter messages.
import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { type Actor, CurrentActor } from '../accounts/actor.js';
import { Idempotent } from '../accounts/idempotency-interceptor.js';
import { Needs } from '../accounts/key.guard.js';
import {
  type MadeTemplates,
  madeTemplates,
  starterList,
  starterParams,
  type StarterView,
  type UseStarter,
  useStarter,
} from '../contract/starters.js';
import { Answers } from '../platform/http/answers.js';
import { StartersService } from './starters.service.js';

@ApiTags('templates')
@Controller('v1/starters')
export class StartersController {
  constructor(private readonly starters: StartersService) {}

  @Get()
  @Needs('templates:read')
  @Answers(200, starterList, 'Messages to start from: recipes in several languages')
  list(): Promise<{ data: StarterView[] }> {
    return this.starters.list();
  }

  @Post(':recipe/templates')
  @Needs('templates:write')
  @Idempotent()
  @Answers(201, madeTemplates, 'Make templates from a starter, in all its languages')
  use(
    @CurrentActor() actor: Actor,
    @Param({ schema: starterParams }) { recipe }: z.infer<typeof starterParams>,
    @Body({ schema: useStarter }) body: UseStarter,
  ): Promise<MadeTemplates> {
    return this.starters.use(actor, recipe, body);
  }
}
