/**
 * Applies stored receipts to the ledger, oldest first, one slot of the ledger at a time. Running it twice is the same as once: a row is marked in the
 * transaction that applies it, and the ledger takes only moves its state table allows. A failed job is run again; a lost one is rung by the sweep.
 */
import { systemActor } from '../accounts/actor.js';
import { SuppressionsService } from '../contacts/suppressions.service.js';
import { slotOf } from '../domain/hash.js';
import type { Channel, WorkspaceId } from '../domain/ids.js';
import { sql } from '../domain/sql.js';
import { addressVerdict } from '../gateways/address-verdict.js';
import { lockSlot } from '../messages/move.sql.js';
import { MessagesService, type Receipt } from '../messages/messages.service.js';
import { Database, type Tx } from '../platform/database/database.js';
import { Handles, type JobHandler } from '../platform/jobs/handles.js';
import { Signing } from '../platform/signing.js';
import { correctOutcome, markApplied, type OpenReceipt, selectOpenReceipts } from './callbacks.sql.js';
import { applyCallbacks } from './jobs.js';
import { readReceipt, toReceiptToken } from './receipt.js';

/** Big enough that a slot gets some tens of rows a transaction, small enough to hold in memory. */
const batchSize = 5_000;

type Read = { id: string; receipt: Receipt | null };

@Handles(applyCallbacks)
export class ApplyCallbacksJob implements JobHandler<{ workspaceId: WorkspaceId }> {
  constructor(
    private readonly db: Database,
    private readonly messages: MessagesService,
    private readonly suppressions: SuppressionsService,
    private readonly signing: Signing,
  ) {}

  async handle({ workspaceId }: { workspaceId: WorkspaceId }, signal: AbortSignal): Promise<void> {
    for (let isMore = true; isMore && !signal.aborted;) isMore = await this.applyBatch(workspaceId, signal);
  }

  /** True when there are more already. What comes meanwhile rings again. */
  private async applyBatch(workspaceId: WorkspaceId, signal: AbortSignal): Promise<boolean> {
    const rows = await this.db.rows<OpenReceipt>(selectOpenReceipts(workspaceId, batchSize));
    const read = rows.map(row => ({ id: row.id, receipt: this.read(row) }));
    const mute = read.filter(({ receipt }) => receipt === null);
    if (mute.length > 0) await this.db.run(markApplied(workspaceId, idsOf(mute), 'ignored'));
    for (const [slot, group] of bySlot(read)) {
      if (signal.aborted) return false;
      await this.db.transaction(tx => this.applySlot(tx, workspaceId, slot, group));
    }
    return rows.length === batchSize;
  }

  private async applySlot(tx: Tx, workspaceId: WorkspaceId, slot: number, group: readonly Read[]): Promise<void> {
    await tx.run(lockSlot(workspaceId, slot));
    const taken = await tx.rows<{ id: string }>(markApplied(workspaceId, idsOf(group), 'moved'));
    const mine = new Set(taken.map(({ id }) => id));
    const rows = group.filter(({ id }) => mine.has(id));
    const receipts = rows.flatMap(({ receipt }) => receipt ?? []);
    const moved = await this.messages.applyReceipts(tx, workspaceId, receipts);
    const still = rows.filter(({ receipt }) => !receipt || !moved.has(receipt));
    if (still.length > 0) await tx.run(correctOutcome(workspaceId, idsOf(still), 'no-change'));
    for (const receipt of moved) await this.heedVerdict(tx, workspaceId, receipt);
  }

  /** An address of which the network says that nobody is there is not tried again. */
  private async heedVerdict(tx: Tx, workspaceId: WorkspaceId, { dispatchId, contactId, errorCode }: Receipt): Promise<void> {
    const reason = errorCode ? addressVerdict(errorCode) : null;
    if (reason === null) return;
    const message = await tx.row<{ channel: Channel; address: string | null }>(sql`select channel, address from message
      where workspace_id = ${workspaceId} and contact_id = ${contactId} and dispatch_id = ${dispatchId} limit 1`);
    if (!message?.address) return;
    const details = { dispatchId, errorCode };
    const actor = systemActor(workspaceId, `job:${applyCallbacks.name}`);
    await this.suppressions.suppress(tx, actor, {
      channel: message.channel,
      address: message.address,
      reason,
      source: 'receipt',
      details,
    });
  }

  private read({ token, payload, receivedAt }: OpenReceipt): Receipt | null {
    const named = toReceiptToken(this.signing.verify('receipt', token) ?? []);
    return named && readReceipt(named, payload, receivedAt);
  }
}

const idsOf = (rows: readonly Read[]): string[] => rows.map(({ id }) => id);

/** In slot order, the order in which everybody locks. */
function bySlot(rows: readonly Read[]): [number, Read[]][] {
  const groups = new Map<number, Read[]>();
  for (const row of rows) {
    if (!row.receipt) continue;
    const slot = slotOf(row.receipt.contactId);
    const group = groups.get(slot);
    if (group) group.push(row);
    else groups.set(slot, [row]);
  }
  return [...groups].sort(([a], [b]) => a - b);
}
