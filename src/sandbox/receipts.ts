/**
 * Tells the product what became of a message, as a provider would: a signed form posted to the callback URL, over HTTP. The process that took the
 * message sends its receipt at once; what a dead process left due, a sweep sends (send-due-receipts.ts).
 */
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Agent, request } from 'undici';
import type { DueReceipt } from './sandbox.sql.js';
import { markReceiptsSent } from './sandbox.sql.js';
import { outcomeFor, type SandboxReceipt } from './magic.js';
import { SandboxAddress } from '../gateways/sandbox-address.js';
import { type FormParams, signForm } from '../gateways/twilio-signature.js';
import { Addresses } from '../platform/addresses.js';
import { Database } from '../platform/database/database.js';
import { GroupCommit } from '../platform/database/group-commit.js';

/** Posts on the wire at once; the intake groups them, so more at once is cheaper per receipt. */
const postsAtOnce = 64;
const answerMs = 10_000;

@Injectable()
export class Receipts implements BeforeApplicationShutdown {
  private readonly agent = new Agent({ connections: postsAtOnce, headersTimeout: answerMs, bodyTimeout: answerMs });
  private readonly waiting: DueReceipt[] = [];
  private readonly owned = new Set<string>();
  private readonly posting = new Set<Promise<void>>();
  private readonly sent: GroupCommit<string>;
  private isStopping = false;

  constructor(
    private readonly addresses: Addresses,
    private readonly sandbox: SandboxAddress,
    db: Database,
  ) {
    this.sent = new GroupCommit<string>(async ids => {
      await db.run(markReceiptsSent(ids));
      return ids.map(() => undefined);
    });
  }

  /** Ids this process has in hand, which a sweep must leave alone. */
  get inHand(): string[] {
    return [...this.owned];
  }

  push(receipts: readonly DueReceipt[]): void {
    for (const receipt of receipts) {
      this.owned.add(receipt.id);
      this.waiting.push(receipt);
    }
    this.pump();
  }

  /** A signed form to one of this product's webhooks; true when it was taken. `path` and not a whole URL: ports change with restarts. */
  async post(receipt: Pick<DueReceipt, 'workspaceId'>, path: string, params: FormParams): Promise<number> {
    const url = `${this.addresses.localUrl ?? this.addresses.publicUrl}${path}`;
    const { accountSid, authToken } = this.sandbox.credentials(receipt.workspaceId);
    const form = { AccountSid: accountSid, ApiVersion: '2010-04-01', ...params };
    const { statusCode, body } = await request(url, {
      dispatcher: this.agent,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signForm(authToken, url, form) },
      body: new URLSearchParams(form as Record<string, string>).toString(),
    });
    await body.dump();
    return statusCode;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await Promise.allSettled(this.posting);
    if (!this.agent.closed) await this.agent.close();
  }

  private pump(): void {
    while (!this.isStopping && this.posting.size < postsAtOnce) {
      const receipt = this.waiting.shift();
      if (!receipt) return;
      const post = this.send(receipt).finally(() => {
        this.owned.delete(receipt.id);
        this.posting.delete(post);
        this.pump();
      });
      this.posting.add(post);
    }
  }

  /** A receipt that is not taken stays due; the next sweep tries again. */
  private async send(receipt: DueReceipt): Promise<void> {
    const outcome = outcomeFor(receipt.channel, receipt.recipient).receipt;
    try {
      if (outcome) {
        const path = new URL(receipt.receiptUrl).pathname;
        const answered = await this.post(receipt, path, receiptForm(receipt, outcome));
        if (answered >= 300) return;
      }
      await this.sent.add(receipt.id);
    } catch {
      // The product is stopping or not yet listening: due until a sweep finds it.
    }
  }
}

function receiptForm({ providerId, sender, recipient }: DueReceipt, { status, errorCode }: SandboxReceipt): FormParams {
  const form = {
    MessageSid: providerId,
    SmsSid: providerId,
    MessageStatus: status,
    SmsStatus: status,
    From: sender,
    To: recipient,
  };
  return errorCode === undefined ? form : { ...form, ErrorCode: errorCode };
}
