// The page behind List-Unsubscribe: GET only shows (mail scanners open every link), POST acts, without cookie, key or redirect (RFC 8058).
import { Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../accounts/key.guard.js';
import { askPage, donePage, pageHeaders, unknownPage } from './unsubscribe-page.js';
import { UnsubscribeService } from './unsubscribe.service.js';

@ApiExcludeController()
@Controller('u')
@Public()
export class UnsubscribeController {
  constructor(private readonly unsubscribes: UnsubscribeService) {}

  @Get(':token')
  async show(@Param('token') token: string, @Res() reply: FastifyReply): Promise<void> {
    const who = this.unsubscribes.read(token);
    if (!who) return answer(reply, 404, unknownPage());
    answer(reply, 200, askPage(await this.unsubscribes.addressOf(who), who.topic));
  }

  @Post(':token')
  async act(@Param('token') token: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    // A multipart one-click is not parsed (its one field says nothing we need) but must be read to its end.
    if (request.isMultipart()) request.raw.resume();
    const who = this.unsubscribes.read(token);
    if (!who) return answer(reply, 404, unknownPage());
    const chosen = scopeOf(request.body);
    await this.unsubscribes.unsubscribe(who, chosen ?? 'topic', chosen === null ? 'one-click' : 'page');
    answer(reply, 200, donePage(who.topic, chosen ?? 'topic'));
  }
}

/** The button that was pressed; null for a mail program's one click. */
function scopeOf(body: unknown): 'topic' | 'all' | null {
  const scope = (body as { scope?: unknown } | null | undefined)?.scope;
  return scope === 'topic' || scope === 'all' ? scope : null;
}

function answer(reply: FastifyReply, status: number, html: string): void {
  void reply.status(status).headers(pageHeaders).send(html);
}
