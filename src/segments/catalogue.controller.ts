// HTTP for the catalogue of what rules can ask.
import { Controller, Get, Headers, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../accounts/actor.js';
import { Needs } from '../accounts/key.guard.js';
import { type LanguageQuery, languageQuery, type RuleCatalogue, ruleCatalogue } from '../contract/segments.js';
import { chooseLanguage } from '../domain/segment/languages.js';
import { Answers } from '../platform/http/answers.js';
import { CatalogueService } from './catalogue.service.js';

@ApiTags('segments')
@Controller('v1/segment-fields')
export class CatalogueController {
  constructor(private readonly catalogue: CatalogueService) {}

  @Get()
  @Needs('segments:read')
  @Answers(200, ruleCatalogue, 'What rules can ask: kinds, fields, operators and the attributes of the workspace')
  get(
    @CurrentActor() { workspaceId }: Actor,
    @Query({ schema: languageQuery }) { language }: LanguageQuery,
    @Headers('accept-language') spoken: string | undefined,
  ): Promise<RuleCatalogue> {
    return this.catalogue.of(workspaceId, chooseLanguage(language, spoken));
  }
}
