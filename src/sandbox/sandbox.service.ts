/** The sandbox for people: look into the mailbox and the phones, and reply from them. */
import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import PostalMime from 'postal-mime';
import { AccountsService } from '../accounts/accounts.service.js';
import type { Actor } from '../accounts/actor.js';
import type { SandboxItem, SandboxMessage, SandboxQuery, SandboxReplied, SandboxReply } from '../contract/sandbox.js';
import { parsePhone } from '../domain/phone/e164.js';
import { GatewaysService } from '../gateways/gateways.service.js';
import { Database } from '../platform/database/database.js';
import { AppError, conflict, invalid, notFound } from '../platform/errors.js';
import { decodeIdCursor, type Page, toPage } from '../platform/http/cursor.js';
import { Receipts } from './receipts.js';
import { type SandboxRow, selectMessage, selectMessages } from './sandbox.sql.js';

@Injectable()
export class SandboxService {
  constructor(
    private readonly db: Database,
    private readonly accounts: AccountsService,
    private readonly gateways: GatewaysService,
    private readonly receipts: Receipts,
  ) {}

  async list(actor: Actor, { recipient, channel, after, limit }: SandboxQuery): Promise<Page<SandboxItem>> {
    const spellings = recipient === undefined ? null : await this.spellings(actor, recipient);
    const rows = await this.db.rows<SandboxRow>(
      selectMessages(actor.workspaceId, spellings, channel ?? null, decodeIdCursor(after), limit + 1),
    );
    return toPage(rows, limit, row => [row.id], toItem);
  }

  async get(actor: Actor, id: string): Promise<SandboxMessage> {
    const row = await this.getRow(actor, id);
    if (row.channel === 'sms') return { ...toItem(row), html: null, headers: [] };
    const mail = await PostalMime.parse(row.body);
    const headers = mail.headers.map(({ originalKey, value }) => ({ name: originalKey, value }));
    return { ...toItem(row), subject: mail.subject ?? row.subject, text: mail.text ?? null, html: mail.html ?? null, headers };
  }

  /** Sends an inbound SMS to this product as the phone network would: over HTTP, signed. */
  async reply(actor: Actor, wanted: SandboxReply): Promise<SandboxReplied> {
    const { from, to } =
      'messageId' in wanted ? await this.partnersOf(actor, wanted.messageId) : await this.partners(actor, wanted);
    const gatewayId = await this.gateways.sandboxId(actor.workspaceId, 'sms');
    const providerId = `SM${randomBytes(16).toString('hex')}`;
    const status = await this.receipts.post(actor, this.gateways.inboundPath(actor.workspaceId, gatewayId), {
      MessageSid: providerId,
      SmsSid: providerId,
      From: from,
      To: to,
      Body: wanted.body,
      NumMedia: '0',
    });
    if (status >= 300) throw new AppError('unavailable', `The webhook for replies answered ${status}`);
    return { providerId, from, to };
  }

  private async partnersOf(actor: Actor, messageId: string): Promise<{ from: string; to: string }> {
    const row = await this.getRow(actor, messageId);
    if (row.channel !== 'sms') throw conflict('Only an SMS can be replied to');
    return { from: row.recipient, to: row.sender };
  }

  private async partners(actor: Actor, { from, to }: { from: string; to: string }): Promise<{ from: string; to: string }> {
    const phone = parsePhone(from, await this.countryOf(actor));
    if ('invalid' in phone) throw invalid('/from', `Not a phone number: ${phone.invalid}`);
    return { from: phone.e164, to };
  }

  private async getRow(actor: Actor, id: string): Promise<SandboxRow> {
    const row = await this.db.row<SandboxRow>(selectMessage(actor.workspaceId, id));
    if (!row) throw notFound('sandbox message', id);
    return row;
  }

  /** A phone may be asked for in any spelling. */
  private async spellings(actor: Actor, recipient: string): Promise<string[]> {
    const phone = recipient.includes('@') ? null : parsePhone(recipient, await this.countryOf(actor));
    return phone && 'e164' in phone ? [recipient, phone.e164] : [recipient, recipient.toLowerCase()];
  }

  private async countryOf(actor: Actor): Promise<string> {
    return (await this.accounts.getWorkspace(actor.workspaceId)).defaultCountry;
  }
}

function toItem({
  id,
  channel,
  providerId,
  sender,
  recipient,
  subject,
  body,
  receiptState,
  receivedAt,
}: SandboxRow): SandboxItem {
  const text = channel === 'sms' ? body : null;
  return {
    id,
    channel,
    providerId,
    from: sender,
    to: recipient,
    subject,
    text,
    receipt: receiptState,
    receivedAt: receivedAt.toISOString(),
  };
}
