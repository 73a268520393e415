// HTTP for the gateways of a workspace.
import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { type Actor, CurrentActor } from '../accounts/actor.js';
import { Needs } from '../accounts/key.guard.js';
import { idParams } from '../contract/common.js';
import {
  type CreateGateway,
  createGateway,
  type GatewayCheck,
  gatewayCheck,
  gatewayList,
  type GatewayView,
  gatewayView,
  type UpdateGateway,
  updateGateway,
} from '../contract/gateways.js';
import { Answers } from '../platform/http/answers.js';
import { GatewaysService } from './gateways.service.js';

type Id = z.infer<typeof idParams>;

@ApiTags('gateways')
@Controller('v1/gateways')
export class GatewaysController {
  constructor(private readonly gateways: GatewaysService) {}

  @Get()
  @Needs('gateways:read')
  @Answers(200, gatewayList, 'List gateways')
  async list(@CurrentActor() actor: Actor): Promise<{ data: GatewayView[] }> {
    return { data: await this.gateways.list(actor) };
  }

  @Post()
  @Needs('gateways:write')
  @Answers(201, gatewayView, 'Add a gateway')
  create(@CurrentActor() actor: Actor, @Body({ schema: createGateway }) body: CreateGateway): Promise<GatewayView> {
    return this.gateways.create(actor, body);
  }

  @Get(':id')
  @Needs('gateways:read')
  @Answers(200, gatewayView, 'One gateway')
  get(@CurrentActor() actor: Actor, @Param({ schema: idParams }) { id }: Id): Promise<GatewayView> {
    return this.gateways.get(actor, id);
  }

  @Patch(':id')
  @Needs('gateways:write')
  @Answers(200, gatewayView, 'Change a gateway; what is not sent stays')
  update(
    @CurrentActor() actor: Actor,
    @Param({ schema: idParams }) { id }: Id,
    @Body({ schema: updateGateway }) body: UpdateGateway,
  ): Promise<GatewayView> {
    return this.gateways.update(actor, id, body);
  }

  @Delete(':id')
  @Needs('gateways:write')
  @Answers(204, null, 'Archive a gateway; running campaigns keep it until they are done')
  archive(@CurrentActor() actor: Actor, @Param({ schema: idParams }) { id }: Id): Promise<void> {
    return this.gateways.archive(actor, id);
  }

  @Post(':id/default')
  @Needs('gateways:write')
  @Answers(200, gatewayView, 'Make it the default of its channel')
  makeDefault(@CurrentActor() actor: Actor, @Param({ schema: idParams }) { id }: Id): Promise<GatewayView> {
    return this.gateways.makeDefault(actor, id);
  }

  @Post(':id/check')
  @Needs('gateways:write')
  @Answers(200, gatewayCheck, 'Connect and log in, without sending')
  check(@CurrentActor() actor: Actor, @Param({ schema: idParams }) { id }: Id): Promise<GatewayCheck> {
    return this.gateways.check(actor, id);
  }
}
