/**
 * The ledger as delivery uses it: look at what is due, claim a wave of it for the wire, settle it, mend what a dead worker left. Each
 * verb that moves messages is one short transaction under the slot's lock.
 */
import { Injectable } from '@nestjs/common';
import { slotOf } from '../domain/hash.js';
import type { DispatchId, WorkspaceId } from '../domain/ids.js';
import { Clock } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database/database.js';
import { Jobs } from '../platform/jobs/jobs.service.js';
import { counter } from '../platform/metrics.js';
import { WorkerIdentity } from '../platform/jobs/worker-identity.js';
import { type ClaimedRow, claimWave, type DueRow, selectDue, type WaveItem } from './claim.sql.js';
import type { Dispatch } from './dispatch.js';
import { countErrors, finishWhenDrained, lockDispatch, moveDispatch } from './dispatch.sql.js';
import { dispatchFinished, drainDispatch, laterTurn } from './jobs.js';
import { fillProviderIds, lockSlot, type Move, type Moved, moveMessages } from './move.sql.js';
import {
  type LeftRow,
  noteAsked,
  noteResends,
  selectLeft,
  selectLeftSlots,
  selectProviderIds,
  selectUnknown,
  type UnknownRow,
} from './recovery.sql.js';

/** `variant` '': none. */
export type Due = { contactId: string; address: string; variant: string };

/** What a claim took of a wave: by contact what may go, with the number of this try, and how many were refused at the last look. */
export type ClaimedWave = { attempts: ReadonlyMap<string, number>; refused: number };

/** How long a wave may take before its worker counts as hanging. A living worker finishes one in seconds. */
const leaseMs = 120_000;

const claims = counter('muster_claimed_messages_total', 'Messages that claims took to be sent, or refused at the last look.', [
  'channel',
  'outcome',
]);

@Injectable()
export class LedgerService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly jobs: Jobs,
    private readonly worker: WorkerIdentity,
  ) {}

  /** Up to `limit` due messages of a slot. They stay as they are, and nobody's: whoever claims one first has it. */
  async listDue(dispatch: Dispatch, slot: number, limit: number): Promise<Due[]> {
    const now = this.clock.now();
    if (dispatch.endsAt && dispatch.endsAt <= now) return [];
    const rows = await this.db.rows<DueRow>(selectDue(dispatch.workspaceId, dispatch.id, slot, now, limit));
    return rows.map(row => ({ contactId: row.contact_id, address: row.address ?? '', variant: row.variant }));
  }

  /** Writes a wave as on the wire. Nothing of it may go that is not among the answer's attempts. */
  async claimWave(dispatch: Dispatch, slot: number, gatewayId: string, wave: readonly WaveItem[]): Promise<ClaimedWave> {
    if (!this.worker.isHeld) return { attempts: new Map(), refused: 0 };
    const { workspaceId, channel } = dispatch;
    const now = this.clock.now();
    const rows = await this.inSlot(workspaceId, slot, tx =>
      tx.rows<ClaimedRow>(claimWave(workspaceId, dispatch, slot, this.worker.id, gatewayId, now, leaseUntil(now), wave)),
    );
    const going = rows.filter(row => row.state === 'sending');
    const refused = rows.length - going.length;
    claims.inc({ channel, outcome: 'claimed' }, going.length);
    claims.inc({ channel, outcome: 'refused' }, refused);
    return { attempts: new Map(going.map(row => [row.contact_id, row.attempt])), refused };
  }

  /** Final or next states of messages this worker holds. Rows a faster receipt moved on only learn the provider's id. */
  async settle(dispatch: Dispatch, slot: number, moves: readonly Move[]): Promise<Moved[]> {
    if (moves.length === 0) return [];
    // What became of a wave is known only here: a database that restarts meanwhile is waited for. Guarded, so twice is once.
    return this.inSlotWhenBack(dispatch.workspaceId, slot, async tx => {
      const moved = await tx.rows<Moved>(moveMessages(dispatch.workspaceId, dispatch, moves, this.worker.id));
      const movedIds = new Set(moved.map(row => row.contact_id));
      const overtaken = moves.filter(move => move.providerId !== undefined && !movedIds.has(move.contactId));
      if (overtaken.length > 0) await tx.run(fillProviderIds(dispatch.workspaceId, dispatch, overtaken));
      return moved;
    });
  }

  /** Rings for the next turn of a slot: at once, or when `due` has come. Without it the sweeper would find the rows later. */
  async ringDrain(workspaceId: WorkspaceId, dispatchId: DispatchId, slot: number, due: Date | null): Promise<void> {
    const delayMs = due ? Math.max(0, due.getTime() - this.clock.now().getTime()) : 0;
    await this.jobs.ring(drainDispatch, { workspaceId, dispatchId, slot, turn: laterTurn }, delayMs);
  }

  /** Moves rows that nobody holds (unknown ones), whatever worker sent them. */
  async resolve(dispatch: Dispatch, slot: number, moves: readonly Move[]): Promise<Moved[]> {
    return this.inSlot(dispatch.workspaceId, slot, tx =>
      tx.rows<Moved>(moveMessages(dispatch.workspaceId, dispatch, moves, null)),
    );
  }

  /** Ends the dispatch when nothing is left to do, and tells whoever launched it. */
  async finishIfDrained(workspaceId: WorkspaceId, dispatchId: DispatchId): Promise<boolean> {
    const finished = await this.db.transaction(async tx => {
      // Held first: the look at the messages then sees whatever a retry planned that held it before.
      await tx.run(lockDispatch(workspaceId, dispatchId));
      return (await tx.run(finishWhenDrained(workspaceId, dispatchId, this.clock.now()))) > 0;
    });
    if (finished) await this.jobs.ring(dispatchFinished, { workspaceId, dispatchId });
    return finished;
  }

  /** Counts errors in a row over all workers; returns the length of the streak. */
  async countErrors(workspaceId: WorkspaceId, dispatchId: DispatchId, errors: number, hadSuccess: boolean): Promise<number> {
    const row = await this.db.row<{ errorStreak: number }>(countErrors(workspaceId, dispatchId, errors, hadSuccess));
    return row?.errorStreak ?? 0;
  }

  /** The dispatch stops itself; `reason` is shown to people. Only from sending: a pause by hand keeps its own reason. */
  async pauseItself(workspaceId: WorkspaceId, dispatchId: DispatchId, reason: string): Promise<void> {
    const paused = await this.db.run(moveDispatch(workspaceId, dispatchId, 'paused', reason, this.clock.now()));
    if (paused > 0) await this.jobs.ring(dispatchFinished, { workspaceId, dispatchId });
  }

  /** Mends what dead workers of this dispatch left; returns how many rows became planned and unknown. */
  async recover(workspaceId: WorkspaceId, dispatchId: DispatchId): Promise<{ planned: number; unknown: number }> {
    const now = this.clock.now();
    const slots = await this.db.rows<{ slot: number }>(selectLeftSlots(workspaceId, dispatchId, now));
    const counts = { planned: 0, unknown: 0 };
    for (const { slot } of slots) {
      const moved = await this.inSlot(workspaceId, slot, tx => mendSlot(tx, workspaceId, dispatchId, slot, now));
      for (const row of moved) counts[row.state as 'planned' | 'unknown']++;
    }
    return counts;
  }

  /** Unknown messages to be sent again or asked for, `waitMs` after they became so and ever less often. */
  async listUnknown(workspaceId: WorkspaceId, dispatchId: DispatchId, waitMs: number, limit: number): Promise<UnknownRow[]> {
    return this.db.rows<UnknownRow>(selectUnknown(workspaceId, dispatchId, waitMs, this.clock.now(), limit));
  }

  /** There is no evidence of this message yet: it is asked for again later. */
  async noteAsked(dispatch: Dispatch, contactId: string): Promise<void> {
    await this.db.run(noteAsked(dispatch.workspaceId, dispatch, contactId, this.clock.now()));
  }

  /** Plans unknown messages once more, each at most one time in its life; returns how many. */
  async resendOnce(dispatch: Dispatch, contactIds: readonly string[]): Promise<number> {
    let resent = 0;
    for (const [slot, ids] of groupBy(contactIds, id => String(slotOf(id))))
      await this.inSlot(dispatch.workspaceId, Number(slot), async tx => {
        const rows = await tx.rows<{ contact_id: string }>(noteResends(dispatch.workspaceId, dispatch, ids));
        const moves = rows.map((row): Move => ({ contactId: row.contact_id, to: 'planned', sendAfter: this.clock.now() }));
        resent += (await tx.rows<Moved>(moveMessages(dispatch.workspaceId, dispatch, moves, null))).length;
      });
    return resent;
  }

  async knownProviderIds(workspaceId: WorkspaceId, contactId: string): Promise<Set<string>> {
    const rows = await this.db.rows<{ provider_id: string }>(selectProviderIds(workspaceId, contactId));
    return new Set(rows.map(row => row.provider_id));
  }

  private inSlotWhenBack<Result>(workspaceId: WorkspaceId, slot: number, work: (tx: Tx) => Promise<Result>): Promise<Result> {
    return this.db.whenBack(() => this.inSlot(workspaceId, slot, work));
  }

  private async inSlot<Result>(workspaceId: WorkspaceId, slot: number, work: (tx: Tx) => Promise<Result>): Promise<Result> {
    return this.db.transaction(async tx => {
      await tx.run(lockSlot(workspaceId, slot));
      return work(tx);
    });
  }
}

const leaseUntil = (now: Date): Date => new Date(now.getTime() + leaseMs);

async function mendSlot(tx: Tx, workspaceId: WorkspaceId, dispatchId: DispatchId, slot: number, now: Date): Promise<Moved[]> {
  const left = await tx.rows<LeftRow>(selectLeft(workspaceId, dispatchId, slot, now));
  const [first] = left;
  if (!first) return [];
  const moves = left.map(row => leftMove(row, now));
  return tx.rows<Moved>(moveMessages(workspaceId, { ...first, id: dispatchId }, moves, null));
}

function leftMove(row: LeftRow, now: Date): Move {
  return row.state === 'claimed'
    ? { contactId: row.contact_id, to: 'planned', sendAfter: now }
    : {
        contactId: row.contact_id,
        to: 'unknown',
        errorKind: 'unknown',
        errorDetail: 'The sending process ended while this was on the wire',
      };
}

function groupBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}
