// HTTP for the merge fields of a template among the people of a rule or a segment. It stands here, where rules are compiled.
import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { type Actor, CurrentActor } from '../accounts/actor.js';
import { Needs } from '../accounts/key.guard.js';
import { requireScope } from '../accounts/scopes.js';
import { idParams } from '../contract/common.js';
import { type AudienceMergeFields, audienceMergeFields, type MergeFields, mergeFields } from '../contract/merge-fields.js';
import { Answers } from '../platform/http/answers.js';
import { AudienceFieldsService } from './audience-fields.service.js';

@ApiTags('templates')
@Controller('v1/templates')
export class AudienceFieldsController {
  constructor(private readonly fields: AudienceFieldsService) {}

  @Post(':id/merge-fields')
  @Needs('templates:read')
  @Answers(200, mergeFields, 'The merge fields of a template, and how many people of a rule or a segment miss each')
  count(
    @CurrentActor() actor: Actor,
    @Param({ schema: idParams }) { id }: z.infer<typeof idParams>,
    @Body({ schema: audienceMergeFields }) body: AudienceMergeFields,
  ): Promise<MergeFields> {
    requireScope(actor.scopes, 'segments:read', body.rule ? '/rule' : '/segmentId');
    return this.fields.count(actor, id, body);
  }
}
