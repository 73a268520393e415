/**
 * What people text back. STOP takes effect here, before the provider gets its answer: the suppression, the withdrawn consents with the message as proof,
 * and the raw row commit together. Whether it is a STOP is decided in domain/sms/keywords.ts, by the whole message.
 */
import { Injectable } from '@nestjs/common';
import { type Actor, systemActor } from '../accounts/actor.js';
import { audit } from '../accounts/audit.js';
import { recordEvents } from '../contacts/events.js';
import { SuppressionsService } from '../contacts/suppressions.service.js';
import type { WorkspaceId } from '../domain/ids.js';
import { parsePhone } from '../domain/phone/e164.js';
import { type Keyword, readKeyword } from '../domain/sms/keywords.js';
import type { FormParams } from '../gateways/twilio-signature.js';
import { MessagesService } from '../messages/messages.service.js';
import { Clock } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database/database.js';
import { counter } from '../platform/metrics.js';
import { Signing } from '../platform/signing.js';
import { insertInbound } from './callbacks.sql.js';
import { selectHolders, selectLiftable, selectStopped } from './people.sql.js';
import { first } from './receipt.js';

const replies = counter('muster_replies_total', 'What people texted back: stop, start, help, or a reply.', ['kind']);

type Inbound = { gatewayId: string; from: string; to: string; body: string; providerId: string; payload: FormParams };

@Injectable()
export class InboundService {
  constructor(
    private readonly db: Database,
    private readonly suppressions: SuppressionsService,
    private readonly signing: Signing,
    private readonly clock: Clock,
    private readonly messages: MessagesService,
  ) {}

  async take(workspaceId: WorkspaceId, gatewayId: string, payload: FormParams): Promise<void> {
    const sender = parsePhone(first(payload['From']) ?? '', 'US');
    if ('invalid' in sender) return this.keepOnly(workspaceId, gatewayId, payload);
    const [to = '', body = '', providerId = ''] = [payload['To'], payload['Body'], payload['MessageSid']].map(first);
    const inbound = { gatewayId, from: sender.e164, to, body, providerId, payload };
    await this.db.transaction(tx => this.apply(tx, systemActor(workspaceId, 'recipient'), inbound));
  }

  private async apply(tx: Tx, actor: Actor, inbound: Inbound): Promise<void> {
    const keyword = await this.readKeyword(tx, actor.workspaceId, inbound);
    const outcome = keyword?.kind ?? 'reply';
    await tx.run(insertInbound(actor.workspaceId, inbound.gatewayId, inbound.payload, outcome, this.clock.now()));
    if (keyword) await this.obey(tx, actor, inbound, keyword);
    await this.recordReply(tx, actor.workspaceId, inbound, keyword);
    replies.inc({ kind: outcome });
  }

  private async obey(
    tx: Tx,
    actor: Actor,
    { from, to, body, providerId, gatewayId }: Inbound,
    { kind, keyword, language }: Keyword,
  ): Promise<void> {
    if (kind === 'help') return;
    if (kind === 'start' && !(await tx.row(selectLiftable(actor.workspaceId, this.hash(actor.workspaceId, from), gatewayId))))
      return;
    const details = { providerId, gatewayId, to, body: body.slice(0, 200), keyword, language };
    const wanted = { channel: 'sms' as const, address: from, source: 'reply', details };
    if (kind === 'stop') await this.suppressions.suppress(tx, actor, { ...wanted, reason: 'stop' });
    else await this.suppressions.optBackIn(tx, actor, wanted);
    await audit(tx, actor, kind === 'stop' ? 'address.opted-out' : 'address.opted-in', null, {
      channel: 'sms',
      keyword,
      providerId,
    });
  }

  /** In the history of everybody with this number, once even if the provider posts it again. */
  private async recordReply(tx: Tx, workspaceId: WorkspaceId, inbound: Inbound, keyword: Keyword | null): Promise<void> {
    const { from, to, body, providerId } = inbound;
    const channel = 'sms' as const;
    const holders = await tx.rows<{ contactId: string; dispatchId: string | null }>(selectHolders(workspaceId, 'sms', from));
    const at = this.clock.now();
    const events = holders.map(({ contactId, dispatchId }) => ({
      contactId,
      name: 'message.replied',
      at,
      properties: { channel: 'sms', from, to, body, keyword: keyword?.kind ?? null, dispatchId, providerId },
      source: 'tracking',
      ...(providerId === '' ? {} : { messageId: `${providerId}:${contactId}` }),
    }));
    const recorded = await recordEvents(tx, workspaceId, events);
    if (recorded === 0) return; // the provider posted it again
    const replies = holders.flatMap(({ contactId, dispatchId }) =>
      dispatchId ? [{ contactId, dispatchId, channel, kind: 'replied' as const, at }] : [],
    );
    await this.messages.recordResponses(tx, workspaceId, replies);
  }

  private async readKeyword(tx: Tx, workspaceId: WorkspaceId, { from, to, body, payload }: Inbound): Promise<Keyword | null> {
    const stopped = await tx.row(selectStopped(workspaceId, this.hash(workspaceId, from)));
    const ours = parsePhone(to, 'US');
    const senderCountry = 'e164' in ours ? (ours.country ?? undefined) : undefined;
    return readKeyword(body, { isOptedOut: stopped !== null, senderCountry }) ?? answeredByProvider(first(payload['OptOutType']));
  }

  /** A short code or a name: nobody we could stop sending to. */
  private async keepOnly(workspaceId: WorkspaceId, gatewayId: string, payload: FormParams): Promise<void> {
    await this.db.run(insertInbound(workspaceId, gatewayId, payload, 'no-sender', this.clock.now()));
  }

  private hash(workspaceId: WorkspaceId, phone: string): Buffer {
    return this.signing.hashAddress(workspaceId, 'sms', phone);
  }
}

/** Twilio's Advanced Opt-Out has already acted on a word of its own list: it blocks the number or lifts the block, and so do we. */
function answeredByProvider(type: string | undefined): Keyword | null {
  const kind = type?.toLowerCase();
  return kind === 'stop' || kind === 'start' || kind === 'help' ? { kind, keyword: 'provider', language: 'en' } : null;
}
