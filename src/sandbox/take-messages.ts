/**
 * Stores what the listeners take, before they answer: many at once in one insert, so that a promise to the sender costs a share of a commit.
 * Then hands the receipts on.
 */
import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { Database } from '../platform/database/database.js';
import { GroupCommit } from '../platform/database/group-commit.js';
import { counter } from '../platform/metrics.js';
import { Receipts } from './receipts.js';
import { insertTaken, type TakenMessage } from './sandbox.sql.js';
import { outcomeFor } from './magic.js';

const taken = counter('muster_sandbox_messages_total', 'Messages the sandbox took.', ['channel']);

@Injectable()
export class TakeMessages {
  private readonly commits: GroupCommit<TakenMessage>;

  constructor(
    private readonly db: Database,
    private readonly receipts: Receipts,
  ) {
    this.commits = new GroupCommit(rows => this.store(rows));
  }

  /** Resolves with the provider id when the row is committed. */
  async take(message: Omit<TakenMessage, 'providerId'>): Promise<string> {
    const providerId = `${message.channel === 'sms' ? 'SM' : 'EM'}${randomBytes(16).toString('hex')}`;
    const { receipt } = outcomeFor(message.channel, message.recipient);
    const receiptUrl = receipt === null || !isHttp(message.receiptUrl) ? null : message.receiptUrl;
    await this.commits.add({
      ...message,
      providerId,
      receiptUrl,
      subject: storable(message.subject),
      body: storable(message.body),
    });
    return providerId;
  }

  private async store(rows: TakenMessage[]): Promise<void[]> {
    const stored = await this.db.rows<{ id: string; providerId: string }>(insertTaken(rows));
    for (const { channel } of rows) taken.inc({ channel });
    const ids = new Map(stored.map(({ id, providerId }) => [providerId, id]));
    this.receipts.push(
      rows.flatMap(row =>
        row.receiptUrl === null ? [] : [{ ...row, id: ids.get(row.providerId) ?? '', receiptUrl: row.receiptUrl }],
      ),
    );
    return rows.map(() => undefined);
  }
}

/** PostgreSQL stores no NUL and no half of a surrogate pair. */
function storable<Text extends string | null>(text: Text): Text {
  return (text === null ? null : text.replaceAll('\0', '\uFFFD').toWellFormed()) as Text;
}

function isHttp(url: string | null): boolean {
  return url !== null && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}
