/** How many people of a rule or a segment miss what a template names: asked before a campaign is launched. Never writes. */
import { Injectable } from '@nestjs/common';
import type { Actor } from '../accounts/actor.js';
import type { AudienceMergeFields, MergeFields } from '../contract/merge-fields.js';
import { Clock } from '../platform/clock.js';
import { MergeFieldsService } from '../templates/merge-fields.service.js';
import { SegmentsService } from './segments.service.js';

@Injectable()
export class AudienceFieldsService {
  constructor(
    private readonly clock: Clock,
    private readonly segments: SegmentsService,
    private readonly mergeFields: MergeFieldsService,
  ) {}

  async count(actor: Actor, templateId: string, { locale, ...wanted }: AudienceMergeFields): Promise<MergeFields> {
    const { workspaceId } = actor;
    const rule = await this.segments.wantedRule(workspaceId, wanted);
    const condition = await this.segments.compile(workspaceId, rule, this.clock.now());
    return this.mergeFields.read(actor, templateId, locale, condition);
  }
}
