/**
 * What people text back. STOP takes effect here, before the provider gets its answer: the suppression, the withdrawn consents with the message as proof,
 * and the raw row commit together. Whether it is a STOP is decided in domain/sms/keywords.ts, by the whole message.
 */
import { Injectable } from '@nestjs/common';
import { type Actor, systemActor } from '../accounts/actor.js';
import { audit } from '../accounts/audit.js';
import { isFirst, recordEvents } from '../contacts/events.js';
import { SuppressionsService } from '../contacts/suppressions.service.js';
import { sandboxSource } from '../contract/contacts.js';
import type { WorkspaceId } from '../domain/ids.js';
import { parsePhone } from '../domain/phone/e164.js';
import { type Keyword, readKeyword } from '../domain/sms/keywords.js';
import type { FormParams } from '../gateways/twilio-signature.js';
import { MessagesService } from '../messages/messages.service.js';
import { Clock } from '../platform/clock.js';
import { Database, type Queryable, type Tx } from '../platform/database/database.js';
import { counter } from '../platform/metrics.js';
import { Signing } from '../platform/signing.js';
import { type CallbackOutcome, insertInbound } from './callbacks.sql.js';
import { selectHolders, selectStanding } from './people.sql.js';
import { first } from './receipt.js';

const replies = counter('muster_replies_total', 'What people texted back: stop, start, help, or a reply.', ['kind']);

type Standing = { isStopped: boolean; isSandbox: boolean };
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
    // A short code or a name: nobody we could stop sending to.
    if ('invalid' in sender) return this.keep(this.db, workspaceId, { gatewayId, payload }, 'no-sender');
    const [to = '', body = '', providerId = ''] = [payload['To'], payload['Body'], payload['MessageSid']].map(first);
    const inbound = { gatewayId, from: sender.e164, to, body, providerId, payload };
    await this.db.transaction(tx => this.apply(tx, systemActor(workspaceId, 'recipient'), inbound));
  }

  private async apply(tx: Tx, actor: Actor, inbound: Inbound): Promise<void> {
    const { workspaceId } = actor;
    const { gatewayId, providerId } = inbound;
    // Posted again, an old START must not lift the STOP that came after it.
    if (!(await isFirst(tx, workspaceId, 'inbound', providerId && `${gatewayId}:${providerId}`)))
      return this.keep(tx, workspaceId, inbound, 'repeated');
    const standing = await this.standingOf(tx, workspaceId, inbound);
    const keyword = readWord(inbound, standing);
    const outcome = keyword?.kind ?? 'reply';
    await this.keep(tx, workspaceId, inbound, outcome);
    if (keyword && keyword.kind !== 'help') await this.obey(tx, actor, inbound, keyword, standing);
    await this.recordReply(tx, workspaceId, inbound, keyword);
    replies.inc({ kind: outcome });
  }

  /** What is typed into the sandbox is no word of the person: it lifts only what was stopped there, never a STOP from a real phone. */
  private async obey(
    tx: Tx,
    actor: Actor,
    { from, to, body, providerId, gatewayId }: Inbound,
    { kind, keyword, language }: Keyword,
    { isSandbox }: Standing,
  ): Promise<void> {
    const details = { providerId, gatewayId, to, body: body.slice(0, 200).toWellFormed(), keyword, language };
    const wanted = { channel: 'sms' as const, address: from, source: isSandbox ? sandboxSource : 'reply', details };
    if (kind === 'stop') await this.suppressions.suppress(tx, actor, { ...wanted, reason: 'stop' });
    else if (!(await this.suppressions.optBackIn(tx, actor, wanted))) return;
    await audit(tx, actor, kind === 'stop' ? 'address.opted-out' : 'address.opted-in', null, {
      channel: 'sms',
      keyword,
      providerId,
    });
  }

  /** In the history of everybody with this number. */
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
    }));
    await recordEvents(tx, workspaceId, events);
    const replies = holders.flatMap(({ contactId, dispatchId }) =>
      dispatchId ? [{ contactId, dispatchId, channel, kind: 'replied' as const, at }] : [],
    );
    await this.messages.recordResponses(tx, workspaceId, replies);
  }

  private async standingOf(tx: Tx, workspaceId: WorkspaceId, { from, gatewayId }: Inbound): Promise<Standing> {
    const hash = this.signing.hashAddress(workspaceId, 'sms', from);
    return (await tx.row<Standing>(selectStanding(workspaceId, hash, gatewayId))) as Standing;
  }

  private async keep(
    db: Queryable,
    workspaceId: WorkspaceId,
    { gatewayId, payload }: Pick<Inbound, 'gatewayId' | 'payload'>,
    outcome: CallbackOutcome,
  ): Promise<void> {
    await db.run(insertInbound(workspaceId, gatewayId, payload, outcome, this.clock.now()));
  }
}

function readWord({ to, body, payload }: Inbound, { isStopped }: Standing): Keyword | null {
  const ours = parsePhone(to, 'US');
  const senderCountry = 'e164' in ours ? (ours.country ?? undefined) : undefined;
  return readKeyword(body, { isOptedOut: isStopped, senderCountry }) ?? answeredByProvider(first(payload['OptOutType']));
}

/** Twilio's Advanced Opt-Out has already acted on a word of its own list: it blocks the number or lifts the block, and so do we. */
function answeredByProvider(type: string | undefined): Keyword | null {
  const kind = type?.toLowerCase();
  return kind === 'stop' || kind === 'start' || kind === 'help' ? { kind, keyword: 'provider', language: 'en' } : null;
}
