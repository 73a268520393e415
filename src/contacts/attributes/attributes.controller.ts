// HTTP for the registry of attributes.
import { Body, Controller, Get, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { type Actor, CurrentActor } from '../../accounts/actor.js';
import { Idempotent } from '../../accounts/idempotency-interceptor.js';
import { Needs } from '../../accounts/key.guard.js';
import {
  attributeCatalogue,
  type AttributeCatalogue,
  attributeQuery,
  attributeView,
  type AttributeView,
  createAttribute,
  type CreateAttribute,
  turnOnStandard,
  type TurnOnStandard,
  updateAttribute,
  type UpdateAttribute,
} from '../../contract/attributes.js';
import { idParams } from '../../contract/common.js';
import { Answers } from '../../platform/http/answers.js';
import { AttributesService } from './attributes.service.js';

type Id = z.infer<typeof idParams>;

@ApiTags('attributes')
@Controller('v1/attributes')
export class AttributesController {
  constructor(private readonly attributes: AttributesService) {}

  @Get()
  @Needs('contacts:read')
  @Answers(200, attributeCatalogue, 'The catalogue: standard attributes and the own ones of the workspace (300 at most)')
  list(
    @CurrentActor() actor: Actor,
    @Query({ schema: attributeQuery }) { archived }: z.infer<typeof attributeQuery>,
  ): Promise<AttributeCatalogue> {
    return this.attributes.catalogue(actor, archived === 'true');
  }

  @Post()
  @Needs('contacts:write')
  @Idempotent()
  @Answers(201, attributeView, 'Register an attribute')
  create(@CurrentActor() actor: Actor, @Body({ schema: createAttribute }) body: CreateAttribute): Promise<AttributeView> {
    return this.attributes.create(actor, body);
  }

  @Put('standard')
  @Needs('admin')
  @Answers(200, attributeCatalogue, 'Turn a sensitive standard attribute on with a stated legal basis, or off with null')
  turnOnStandard(
    @CurrentActor() actor: Actor,
    @Body({ schema: turnOnStandard }) body: TurnOnStandard,
  ): Promise<AttributeCatalogue> {
    return this.attributes.turnOnStandard(actor, body);
  }

  @Get(':id')
  @Needs('contacts:read')
  @Answers(200, attributeView, 'Show an attribute')
  get(@CurrentActor() actor: Actor, @Param({ schema: idParams }) { id }: Id): Promise<AttributeView> {
    return this.attributes.get(actor, id);
  }

  @Patch(':id')
  @Needs('contacts:write')
  @Answers(200, attributeView, 'Rename or describe an attribute or its options, or state its legal basis')
  update(
    @CurrentActor() actor: Actor,
    @Param({ schema: idParams }) { id }: Id,
    @Body({ schema: updateAttribute }) body: UpdateAttribute,
  ): Promise<AttributeView> {
    return this.attributes.update(actor, id, body);
  }

  @Post(':id/archive')
  @Needs('contacts:write')
  @Idempotent()
  @Answers(200, attributeView, 'Archive an attribute: values stay, nobody sets it or asks about it')
  archive(@CurrentActor() actor: Actor, @Param({ schema: idParams }) { id }: Id): Promise<AttributeView> {
    return this.attributes.archive(actor, id);
  }

  @Post(':id/unarchive')
  @Needs('contacts:write')
  @Idempotent()
  @Answers(200, attributeView, 'Take an attribute back into use')
  unarchive(@CurrentActor() actor: Actor, @Param({ schema: idParams }) { id }: Id): Promise<AttributeView> {
    return this.attributes.unarchive(actor, id);
  }
}
