// HTTP for templates, their versions and previews.
import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { type Actor, CurrentActor } from '../accounts/actor.js';
import { Idempotent } from '../accounts/idempotency-interceptor.js';
import { Needs } from '../accounts/key.guard.js';
import { requireScope } from '../accounts/scopes.js';
import { idParams } from '../contract/common.js';
import { lintResult, type LintResult, lintTemplate, type LintTemplate } from '../contract/lint.js';
import { mergeFieldQuery, type MergeFields, mergeFields } from '../contract/merge-fields.js';
import {
  type CreateTemplate,
  createTemplate,
  type PreviewSaved,
  previewSaved,
  type PreviewUnsaved,
  previewUnsaved,
  templatePage,
  type TemplatePreview,
  templatePreview,
  type TemplateQuery,
  templateQuery,
  type TemplateSummary,
  templateVersionPage,
  templateVersionQuery,
  type TemplateVersionView,
  templateView,
  type TemplateView,
  type UpdateTemplate,
  updateTemplate,
} from '../contract/templates.js';
import { Answers } from '../platform/http/answers.js';
import type { Page } from '../platform/http/cursor.js';
import { MergeFieldsService } from './merge-fields.service.js';
import { PreviewsService } from './previews.service.js';
import { TemplatesService } from './templates.service.js';

type Id = z.infer<typeof idParams>;

@ApiTags('templates')
@Controller('v1/templates')
export class TemplatesController {
  constructor(
    private readonly templates: TemplatesService,
    private readonly previews: PreviewsService,
    private readonly fields: MergeFieldsService,
  ) {}

  @Post()
  @Needs('templates:write')
  @Idempotent()
  @Answers(201, templateView, 'Make a template; mistakes in it are named with line and column')
  create(@CurrentActor() actor: Actor, @Body({ schema: createTemplate }) body: CreateTemplate): Promise<TemplateView> {
    return this.templates.create(actor, body);
  }

  @Get()
  @Needs('templates:read')
  @Answers(200, templatePage, 'List templates, newest first')
  list(
    @CurrentActor() { workspaceId }: Actor,
    @Query({ schema: templateQuery }) query: TemplateQuery,
  ): Promise<Page<TemplateSummary>> {
    return this.templates.list(workspaceId, query);
  }

  @Post('preview')
  @Needs('templates:read')
  @Answers(200, templatePreview, 'Render content that is not saved')
  previewUnsaved(@CurrentActor() actor: Actor, @Body({ schema: previewUnsaved }) body: PreviewUnsaved): Promise<TemplatePreview> {
    if (body.contactId !== undefined) requireScope(actor.scopes, 'contacts:read', '/contactId');
    return this.previews.previewUnsaved(actor.workspaceId, body);
  }

  @Post('lint')
  @Needs('templates:read')
  @Answers(200, lintResult, 'Mistakes and advice for content that is not saved, with line and column')
  lint(@CurrentActor() { workspaceId }: Actor, @Body({ schema: lintTemplate }) body: LintTemplate): Promise<LintResult> {
    return this.previews.lint(workspaceId, body);
  }

  @Get(':id')
  @Needs('templates:read')
  @Answers(200, templateView, 'A template with its current content')
  get(@CurrentActor() { workspaceId }: Actor, @Param({ schema: idParams }) { id }: Id): Promise<TemplateView> {
    return this.templates.get(workspaceId, id);
  }

  @Patch(':id')
  @Needs('templates:write')
  @Answers(200, templateView, 'Change a template; a change of content makes a new version')
  update(
    @CurrentActor() actor: Actor,
    @Param({ schema: idParams }) { id }: Id,
    @Body({ schema: updateTemplate }) body: UpdateTemplate,
  ): Promise<TemplateView> {
    return this.templates.update(actor, id, body);
  }

  @Delete(':id')
  @Needs('templates:write')
  @Answers(204, null, 'Archive a template')
  archive(@CurrentActor() actor: Actor, @Param({ schema: idParams }) { id }: Id): Promise<void> {
    return this.templates.archive(actor, id);
  }

  @Get(':id/versions')
  @Needs('templates:read')
  @Answers(200, templateVersionPage, 'Every version of a template, newest first')
  versions(
    @CurrentActor() { workspaceId }: Actor,
    @Param({ schema: idParams }) { id }: Id,
    @Query({ schema: templateVersionQuery }) query: z.infer<typeof templateVersionQuery>,
  ): Promise<Page<TemplateVersionView>> {
    return this.templates.listVersions(workspaceId, id, query);
  }

  @Get(':id/merge-fields')
  @Needs('templates:read')
  @Answers(
    200,
    mergeFields,
    'The merge fields of a template, and how many contacts miss each (with contacts:read or segments:read)',
  )
  mergeFields(
    @CurrentActor() actor: Actor,
    @Param({ schema: idParams }) { id }: Id,
    @Query({ schema: mergeFieldQuery }) { locale }: z.infer<typeof mergeFieldQuery>,
  ): Promise<MergeFields> {
    return this.fields.read(actor, id, locale);
  }

  @Post(':id/preview')
  @Needs('templates:read')
  @Answers(200, templatePreview, 'Render a template for a contact or for given values')
  preview(
    @CurrentActor() actor: Actor,
    @Param({ schema: idParams }) { id }: Id,
    @Body({ schema: previewSaved }) body: PreviewSaved,
  ): Promise<TemplatePreview> {
    if (body.contactId !== undefined) requireScope(actor.scopes, 'contacts:read', '/contactId');
    return this.previews.previewSaved(actor.workspaceId, id, body);
  }
}
