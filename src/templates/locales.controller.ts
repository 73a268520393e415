// HTTP for the languages of a template.
import { Body, Controller, Delete, Get, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { type Actor, CurrentActor } from '../accounts/actor.js';
import { Needs } from '../accounts/key.guard.js';
import {
  type LocaleContent,
  localeContent,
  localeParams,
  templateLocaleView,
  type TemplateLocaleView,
} from '../contract/templates.js';
import { Answers } from '../platform/http/answers.js';
import { LocalesService } from './locales.service.js';

type Params = z.infer<typeof localeParams>;

@ApiTags('templates')
@Controller('v1/templates/:id/locales/:locale')
export class LocalesController {
  constructor(private readonly locales: LocalesService) {}

  @Get()
  @Needs('templates:read')
  @Answers(200, templateLocaleView, 'A template in one language')
  get(
    @CurrentActor() { workspaceId }: Actor,
    @Param({ schema: localeParams }) { id, locale }: Params,
  ): Promise<TemplateLocaleView> {
    return this.locales.get(workspaceId, id, locale);
  }

  @Put()
  @Needs('templates:write')
  @Answers(200, templateLocaleView, 'Write a template in one language: a new version')
  put(
    @CurrentActor() actor: Actor,
    @Param({ schema: localeParams }) { id, locale }: Params,
    @Body({ schema: localeContent }) body: LocaleContent,
  ): Promise<TemplateLocaleView> {
    return this.locales.put(actor, id, locale, body);
  }

  @Delete()
  @Needs('templates:write')
  @Answers(204, null, 'Take a language out of a template: a new version')
  remove(@CurrentActor() actor: Actor, @Param({ schema: localeParams }) { id, locale }: Params): Promise<void> {
    return this.locales.remove(actor, id, locale);
  }
}
