// HTTP for the caller's own workspace, its API keys and its audit trail.
import { Body, Controller, Delete, Get, Param, Post, Query, type StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import {
  apiKeyList,
  type ApiKeyView,
  auditPage,
  type AuditEntryView,
  auditQuery,
  createdKey,
  type CreateKey,
  createKey,
  workspaceView,
  type WorkspaceView,
} from '../contract/accounts.js';
import { idParams } from '../contract/common.js';
import { Answers, AnswersText } from '../platform/http/answers.js';
import type { Page } from '../platform/http/cursor.js';
import { AccountsService } from './accounts.service.js';
import { type Actor, CurrentActor } from './actor.js';
import { AuditService } from './audit.service.js';
import { Needs } from './key.guard.js';

@ApiTags('accounts')
@Controller('v1')
export class AccountsController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly trail: AuditService,
  ) {}

  @Get('workspace')
  @Needs('contacts:read')
  @Answers(200, workspaceView, 'The workspace of this API key')
  workspace(@CurrentActor() actor: Actor): Promise<WorkspaceView> {
    return this.accounts.viewWorkspace(actor);
  }

  @Get('api-keys')
  @Needs('admin')
  @Answers(200, apiKeyList, 'List API keys (never their text)')
  async keys(@CurrentActor() actor: Actor): Promise<{ data: ApiKeyView[] }> {
    return { data: await this.accounts.listKeys(actor) };
  }

  @Post('api-keys')
  @Needs('admin')
  @Answers(201, createdKey, 'Make an API key; its text is shown this once')
  createKey(@CurrentActor() actor: Actor, @Body({ schema: createKey }) body: CreateKey): Promise<ApiKeyView & { key: string }> {
    return this.accounts.createKey(actor, body);
  }

  @Delete('api-keys/:id')
  @Needs('admin')
  @Answers(204, null, 'Revoke an API key')
  revokeKey(@CurrentActor() actor: Actor, @Param({ schema: idParams }) { id }: z.infer<typeof idParams>): Promise<void> {
    return this.accounts.revokeKey(actor, id);
  }

  @Get('audit')
  @Needs('audit:read')
  @Answers(200, auditPage, 'Who did what, newest first')
  audit(
    @CurrentActor() actor: Actor,
    @Query({ schema: auditQuery }) query: z.infer<typeof auditQuery>,
  ): Promise<Page<AuditEntryView>> {
    return this.trail.list(actor, query);
  }

  @Get('audit.csv')
  @Needs('audit:read')
  @AnswersText(
    'text/csv',
    'The whole audit trail as CSV, first entry first, streamed',
    'id,at,actor,action,target,requestId,details\r\n',
  )
  exportAudit(@CurrentActor() actor: Actor): Promise<StreamableFile> {
    return this.trail.export(actor);
  }
}
