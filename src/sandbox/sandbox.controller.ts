// HTTP for the sandbox's mailbox and phones.
import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { type Actor, CurrentActor } from '../accounts/actor.js';
import { Idempotent } from '../accounts/idempotency-interceptor.js';
import { Needs } from '../accounts/key.guard.js';
import { idParams } from '../contract/common.js';
import {
  type SandboxItem,
  type SandboxMessage,
  sandboxMessage,
  sandboxPage,
  type SandboxQuery,
  sandboxQuery,
  type SandboxReplied,
  sandboxReplied,
  type SandboxReply,
  sandboxReply,
} from '../contract/sandbox.js';
import { Answers } from '../platform/http/answers.js';
import type { Page } from '../platform/http/cursor.js';
import { SandboxService } from './sandbox.service.js';

@ApiTags('sandbox')
@Controller('v1/sandbox')
export class SandboxController {
  constructor(private readonly sandbox: SandboxService) {}

  @Get('messages')
  @Needs('sandbox:read')
  @Answers(200, sandboxPage, 'What the sandbox took, newest first')
  list(@CurrentActor() actor: Actor, @Query({ schema: sandboxQuery }) query: SandboxQuery): Promise<Page<SandboxItem>> {
    return this.sandbox.list(actor, query);
  }

  @Get('messages/:id')
  @Needs('sandbox:read')
  @Answers(200, sandboxMessage, 'One message, a mail taken apart')
  get(@CurrentActor() actor: Actor, @Param({ schema: idParams }) { id }: z.infer<typeof idParams>): Promise<SandboxMessage> {
    return this.sandbox.get(actor, id);
  }

  @Post('replies')
  @Needs('sandbox:write')
  @Idempotent()
  @Answers(202, sandboxReplied, 'Reply from a phone')
  reply(@CurrentActor() actor: Actor, @Body({ schema: sandboxReply }) body: SandboxReply): Promise<SandboxReplied> {
    return this.sandbox.reply(actor, body);
  }
}
