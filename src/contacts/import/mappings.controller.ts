// HTTP for saved mappings of import columns.
import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { type Actor, CurrentActor } from '../../accounts/actor.js';
import { Idempotent } from '../../accounts/idempotency-interceptor.js';
import { Needs } from '../../accounts/key.guard.js';
import { idParams } from '../../contract/common.js';
import { type PageQuery, plainPageQuery } from '../../contract/contacts.js';
import {
  createImportMapping,
  type CreateImportMapping,
  mappingSuggestion,
  type MappingSuggestion,
  savedMappingPage,
  savedMappingView,
  type SavedMappingView,
  suggestImportMapping,
  type SuggestImportMapping,
  updateImportMapping,
  type UpdateImportMapping,
} from '../../contract/import-mappings.js';
import { Answers } from '../../platform/http/answers.js';
import type { Page } from '../../platform/http/cursor.js';
import { ImportMappingsService } from './mappings.service.js';

type IdParams = z.infer<typeof idParams>;

@ApiTags('imports')
@Controller('v1/import-mappings')
export class ImportMappingsController {
  constructor(private readonly mappings: ImportMappingsService) {}

  @Get()
  @Needs('contacts:read')
  @Answers(200, savedMappingPage, 'List saved mappings of import columns, newest first')
  list(@CurrentActor() actor: Actor, @Query({ schema: plainPageQuery }) query: PageQuery): Promise<Page<SavedMappingView>> {
    return this.mappings.list(actor, query);
  }

  @Post()
  @Needs('contacts:write')
  @Idempotent()
  @Answers(201, savedMappingView, 'Save a mapping, or what an import did, under a name')
  create(
    @CurrentActor() actor: Actor,
    @Body({ schema: createImportMapping }) body: CreateImportMapping,
  ): Promise<SavedMappingView> {
    return this.mappings.create(actor, body);
  }

  @Post('suggest')
  @Needs('contacts:read')
  @Answers(200, mappingSuggestion, 'The saved mapping that fits the header of a file best, and what each column would be')
  suggest(
    @CurrentActor() actor: Actor,
    @Body({ schema: suggestImportMapping }) body: SuggestImportMapping,
  ): Promise<MappingSuggestion> {
    return this.mappings.suggest(actor, body);
  }

  @Patch(':id')
  @Needs('contacts:write')
  @Answers(200, savedMappingView, 'Rename or change a saved mapping')
  update(
    @CurrentActor() actor: Actor,
    @Param({ schema: idParams }) { id }: IdParams,
    @Body({ schema: updateImportMapping }) body: UpdateImportMapping,
  ): Promise<SavedMappingView> {
    return this.mappings.update(actor, id, body);
  }

  @Delete(':id')
  @Needs('contacts:write')
  @Answers(204, null, 'Delete a saved mapping; imports that used it keep what they did')
  delete(@CurrentActor() actor: Actor, @Param({ schema: idParams }) { id }: IdParams): Promise<void> {
    return this.mappings.delete(actor, id);
  }
}
