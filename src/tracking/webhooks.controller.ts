// Where Twilio (and the sandbox, in its manner) posts receipts and replies. No key: the path carries our token, the header their signature.
import { Controller, Header, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '../accounts/key.guard.js';
import type { WorkspaceId } from '../domain/ids.js';
import { CallbacksService } from './callbacks.service.js';
import { InboundService } from './inbound.service.js';

/** TwiML for "nothing to say". */
const noAnswer = '<?xml version="1.0" encoding="UTF-8"?><Response/>';

@ApiExcludeController()
@Controller('webhooks/twilio')
@Public()
export class WebhooksController {
  constructor(
    private readonly callbacks: CallbacksService,
    private readonly inbound: InboundService,
  ) {}

  @Post('receipt/:token')
  @HttpCode(204)
  receipt(@Param('token') token: string, @Req() request: FastifyRequest): Promise<void> {
    return this.callbacks.takeReceipt(token, request);
  }

  @Post('inbound/:token')
  @HttpCode(200)
  @Header('content-type', 'text/xml')
  async reply(@Param('token') token: string, @Req() request: FastifyRequest): Promise<string> {
    const [workspaceId = '', gatewayId = ''] = this.callbacks.read('inbound', token);
    const payload = await this.callbacks.verified(workspaceId as WorkspaceId, gatewayId, request);
    await this.inbound.take(workspaceId as WorkspaceId, gatewayId, payload);
    return noAnswer;
  }
}
