/** Hands one test message to the campaign's gateway. Its receipt token names no message: what comes back changes nothing. */
import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { TestResult } from '../contract/campaigns.js';
import type { Variant } from '../domain/campaign/variants.js';
import { GatewayError } from '../gateways/gateway-error.js';
import { GatewaysService } from '../gateways/gateways.service.js';
import type { OpenGateway } from '../gateways/open-gateway.js';
import type { Accepted } from '../gateways/sms.gateway.js';
import { unsubscribeHeaders } from '../gateways/unsubscribe-headers.js';
import { Addresses } from '../platform/addresses.js';
import { conflict } from '../platform/errors.js';
import { Signing } from '../platform/signing.js';
import type { RenderedContent } from '../templates/compiled-content.js';
import { PreviewsService } from '../templates/previews.service.js';
import { TemplatesService } from '../templates/templates.service.js';
import type { Campaign } from './campaign.js';

export type TestMessage = { campaign: Campaign; content: RenderedContent; gateway: OpenGateway };

/** In place of the dispatch and the contact: sequences begin at 1. */
const nobody = '0';

@Injectable()
export class TestPostService {
  constructor(
    private readonly templates: TemplatesService,
    private readonly previews: PreviewsService,
    private readonly gateways: GatewaysService,
    private readonly signing: Signing,
    private readonly addresses: Addresses,
  ) {}

  async prepare(campaign: Campaign, variant: Variant | null, contactId?: string): Promise<TestMessage> {
    const { workspaceId, channel, gatewayId, name } = campaign;
    const { templateId } = variant ?? campaign;
    const { version } = await this.templates.get(workspaceId, templateId);
    const compiled = await this.templates.getCompiled(workspaceId, templateId, version);
    const content = await this.previews.render(workspaceId, compiled, { contactId, campaignName: name });
    const gateway = await this.gateways.open(workspaceId, await this.gateways.resolve(workspaceId, channel, gatewayId));
    return { campaign, content, gateway };
  }

  async send(message: TestMessage, to: string): Promise<Pick<TestResult, 'outcome' | 'reason' | 'providerId'>> {
    try {
      const { providerId } = await this.handOver(message, to);
      return { outcome: 'sent', providerId };
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      return { outcome: 'failed', reason: [error.kind, error.code, error.message].filter(Boolean).join(': ') };
    }
  }

  private handOver({ campaign, content, gateway }: TestMessage, to: string): Promise<Accepted> {
    const { workspaceId, channel, sender } = campaign;
    const name = `t.${workspaceId}.${campaign.id}.${randomUUID()}`;
    const callbackUrl = gateway.callbackUrl(
      this.signing.sign('receipt', [workspaceId, nobody, nobody, channel, '0', gateway.id]),
    );
    if (gateway.channel === 'sms' && content.channel === 'sms')
      return gateway.sms.send({ to, from: sender.from ?? '', body: content.text, callbackUrl, idempotencyKey: name });
    if (gateway.channel !== 'email' || content.channel !== 'email')
      throw conflict(`A template for ${content.channel} cannot go by ${gateway.channel}`);
    const { fromName, fromAddress = '', replyTo } = sender;
    const { subject, html, text } = content;
    return gateway.email.send({
      to,
      from: { name: fromName, address: fromAddress },
      replyTo,
      subject,
      html,
      text,
      messageId: `<${name}@${fromAddress.split('@')[1] ?? 'localhost'}>`,
      headers: campaign.class === 'marketing' ? unsubscribeHeaders(this.addresses.publicUrl, 'preview') : {},
      callbackUrl,
    });
  }
}
