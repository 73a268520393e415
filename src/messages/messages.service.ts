/**
 * The ledger as campaigns and tracking use it: plan and freeze an audience, run its dispatch, report, apply what came back.
 * Claiming and settling, which only delivery does, are in ledger.service.ts.
 */
import { Injectable } from '@nestjs/common';
import type { DispatchState } from '../domain/campaign/states.js';
import { type Variant, variantSql } from '../domain/campaign/variants.js';
import { slotOf } from '../domain/hash.js';
import type { Channel, DispatchId, WorkspaceId } from '../domain/ids.js';
import { type Sql, sql } from '../domain/sql.js';
import { Clock } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database/database.js';
import { conflict, notFound } from '../platform/errors.js';
import { Statistics } from '../platform/database/statistics.js';
import { Jobs } from '../platform/jobs/jobs.service.js';
import { counter, histogram } from '../platform/metrics.js';
import { audienceTables } from '../contacts/audience-tables.js';
import type { Dispatch, DispatchView, NewDispatch } from './dispatch.js';
import {
  finishFreeze,
  insertDispatch,
  lockDispatch,
  moveDispatch,
  selectDispatch,
  selectDispatchesOf,
  selectOpenDispatches,
  selectPlannedSlots,
  type OpenDispatch,
} from './dispatch.sql.js';
import { type Audience, insertAudience, type PlanRow, selectPlan } from './freeze.sql.js';
import { drainDispatch } from './jobs.js';
import { fillProviderIds, lockSlot, type Move, type Moved, moveMessages, moveSlot } from './move.sql.js';
import { type Plan, toPlan } from './plan.js';
import { type Report, toReport } from './report.js';
import { retrySlot, type Retried, selectFailedSlots } from './retry.sql.js';
import { insertResponses, type Response } from './responses.sql.js';
import { type DispatchTallies, selectTallies } from './tally.sql.js';

/** What a provider said of one message, from a receipt. */
export type Receipt = {
  dispatchId: DispatchId;
  contactId: string;
  channel: Channel;
  step: number;
  state: 'sent' | 'delivered' | 'undelivered' | 'bounced' | 'failed';
  providerId?: string | null;
  errorCode?: string | null;
  at: Date;
};

/** How long an ended dispatch is still looked after: a provider's evidence for an unknown message comes within a day. */
const lookedAfterMs = 24 * 3_600_000;

const frozenMessages = counter('muster_messages_frozen_total', 'Messages made by freezing audiences: planned or refused.', [
  'channel',
  'state',
]);
const freezeSeconds = histogram(
  'muster_freeze_seconds',
  'How long freezing an audience took.',
  ['channel'],
  [0.1, 1, 5, 30, 120],
);
const receiptsTaken = counter(
  'muster_receipts_total',
  'Receipts applied: the state they told of, and whether it moved the message.',
  ['state', 'outcome'],
);

@Injectable()
export class MessagesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly jobs: Jobs,
    private readonly statistics: Statistics,
  ) {}

  /** Who would get it and why others would not; writes nothing. */
  async plan(
    workspaceId: WorkspaceId,
    to: Audience & { id: string; variants: readonly Variant[] },
    audience: Sql,
  ): Promise<Plan> {
    await this.statistics.freshen(audienceTables);
    const rows = await this.db.rows<PlanRow>(selectPlan(workspaceId, to, audience, variantOfRow(to.id, to.variants)));
    const variants = to.variants.map(({ name }) => ({ name, ...toPlan(rows.filter(row => row.variant === name)) }));
    return { ...toPlan(rows), variants };
  }

  async createDispatch(tx: Tx, workspaceId: WorkspaceId, dispatch: NewDispatch): Promise<DispatchId> {
    const row = await tx.row<{ id: DispatchId }>(insertDispatch(workspaceId, dispatch));
    if (!row) throw new Error('a dispatch was not inserted');
    return row.id;
  }

  async getDispatch(workspaceId: WorkspaceId, id: DispatchId): Promise<Dispatch> {
    const dispatch = await this.db.row<Dispatch>(selectDispatch(workspaceId, id));
    if (!dispatch) throw notFound('dispatch', id);
    return dispatch;
  }

  async dispatchesOf(workspaceId: WorkspaceId, sourceKind: 'campaign' | 'automation', sourceId: string): Promise<DispatchView[]> {
    return this.db.rows<Dispatch>(selectDispatchesOf(workspaceId, sourceKind, sourceId));
  }

  /**
   * Writes the audience as rows, all or none. Safe to call twice: the dispatch leaves `freezing` in the same transaction, and
   * a second call finds it gone and writes nothing.
   */
  async freeze(workspaceId: WorkspaceId, id: DispatchId, audience: Sql): Promise<{ matched: number; planned: number }> {
    await this.statistics.freshen(audienceTables);
    const startedAt = performance.now();
    const { channel, made, ...frozen } = await this.db.transaction(async tx => {
      // An audience of many rules is a chain of hashed semi-joins; with less memory one of them falls back to a look-up per contact.
      await tx.run(sql`set local work_mem = '64MB'`);
      const dispatch = await tx.row<Dispatch>(lockDispatch(workspaceId, id));
      if (!dispatch) throw notFound('dispatch', id);
      if (dispatch.state !== 'freezing')
        return { channel: dispatch.channel, made: 0, matched: dispatch.matched ?? 0, planned: 0 };
      const rows = await tx.rows<{ state: string; messages: number }>(
        insertAudience(
          workspaceId,
          id,
          dispatch,
          audience,
          dispatch.sendAfter,
          variantOfRow(dispatch.sourceId, dispatch.variants),
        ),
      );
      const total = (wanted: (state: string) => boolean) =>
        rows.filter(row => wanted(row.state)).reduce((sum, row) => sum + row.messages, 0);
      const [matched, planned] = [total(() => true), total(state => state === 'planned')];
      await tx.run(finishFreeze(workspaceId, id, matched, planned, this.clock.now()));
      return { channel: dispatch.channel, made: matched, matched, planned };
    });
    freezeSeconds.observe({ channel }, (performance.now() - startedAt) / 1000);
    frozenMessages.inc({ channel, state: 'planned' }, frozen.planned);
    frozenMessages.inc({ channel, state: 'refused' }, made - Math.min(made, frozen.planned));
    return frozen;
  }

  /** For after a freeze and its first rings: the ledger has grown by an audience, and nothing that sends waits for the planner to know. */
  async freshenStatistics(): Promise<void> {
    await this.statistics.freshen(['message', 'tally']);
  }

  /** Rings one drain for each slot that has something due. */
  async ringDrains(workspaceId: WorkspaceId, dispatchId: DispatchId): Promise<void> {
    const slots = await this.db.rows<{ slot: number }>(selectPlannedSlots(workspaceId, dispatchId, this.clock.now()));
    await this.jobs.ringAll(
      drainDispatch,
      slots.map(({ slot }, turn) => ({ workspaceId, dispatchId, slot, turn })),
    );
  }

  /** Nothing more is claimed; what is on the wire ends. `reason` is shown to people. */
  async pauseDispatch(tx: Tx, workspaceId: WorkspaceId, id: DispatchId, reason: string | null): Promise<void> {
    await this.move(tx, workspaceId, id, 'paused', reason);
  }

  async resumeDispatch(tx: Tx, workspaceId: WorkspaceId, id: DispatchId): Promise<void> {
    await this.move(tx, workspaceId, id, 'sending', null);
  }

  /**
   * No further message leaves: planned rows become canceled slot by slot; what is on the wire ends by itself. Safe to call again after a crash.
   */
  async cancelDispatch(workspaceId: WorkspaceId, id: DispatchId): Promise<void> {
    await this.db.transaction(async tx => {
      const dispatch = await tx.row<Dispatch>(lockDispatch(workspaceId, id));
      if (dispatch && dispatch.state !== 'canceled') await this.move(tx, workspaceId, id, 'canceled', null);
    });
    await this.endPlanned(workspaceId, id, 'canceled');
  }

  /** A dispatch that was done goes on; one that goes on is left alone. */
  async reopenDispatch(tx: Tx, workspaceId: WorkspaceId, id: DispatchId): Promise<void> {
    const dispatch = await tx.row<Dispatch>(lockDispatch(workspaceId, id));
    if (!dispatch || !isReopenable(dispatch.state)) throw conflict(`Dispatch ${id} is over; nothing of it can be sent again`);
    if (dispatch.state === 'done') await this.move(tx, workspaceId, id, 'sending', null);
  }

  async hasFailed(workspaceId: WorkspaceId, id: DispatchId, reasons: readonly string[] | null): Promise<boolean> {
    return (await this.db.row(selectFailedSlots(workspaceId, id, reasons))) !== null;
  }

  /**
   * Plans failed messages again (`reasons` null: all), slot by slot; counts by reason. Whatever ended the dispatch meanwhile is undone in
   * the same transaction that plans rows again, so none of them is left in a dispatch that is over.
   */
  async retryFailed(workspaceId: WorkspaceId, id: DispatchId, reasons: readonly string[] | null): Promise<Retried[]> {
    const retried: Retried[] = [];
    for (const { slot } of await this.db.rows<{ slot: number }>(selectFailedSlots(workspaceId, id, reasons)))
      await this.db
        .transaction(async tx => {
          await this.reopenDispatch(tx, workspaceId, id);
          await tx.run(lockSlot(workspaceId, slot));
          return tx.rows<Retried>(retrySlot(workspaceId, id, slot, reasons, this.clock.now()));
        })
        .then(rows => retried.push(...rows));
    return retried;
  }

  /** Ends everything still planned. Also run by the sweeper: for a cancel that was cut short, for a campaign whose end has come. */
  async endPlanned(workspaceId: WorkspaceId, id: DispatchId, to: 'canceled' | 'expired'): Promise<void> {
    const slots = await this.db.rows<{ slot: number }>(selectPlannedSlots(workspaceId, id, null));
    for (const { slot } of slots)
      await this.db.transaction(async tx => {
        await tx.run(lockSlot(workspaceId, slot));
        await tx.run(moveSlot(workspaceId, id, slot, 'planned', to));
      });
  }

  /** What the sweeper looks after. */
  async listOpenDispatches(): Promise<OpenDispatch[]> {
    return this.db.rows<OpenDispatch>(selectOpenDispatches(new Date(this.clock.now().getTime() - lookedAfterMs)));
  }

  async report(workspaceId: WorkspaceId, id: DispatchId): Promise<Report> {
    const row = await this.db.row<DispatchTallies>(selectTallies(workspaceId, id));
    if (!row) throw notFound('dispatch', id);
    return toReport(row.tallies, row.responses);
  }

  /** Applies receipts in any order, late or twice: only moves that the state table allows happen. Returns those that moved their message. */
  async applyReceipts(tx: Tx, workspaceId: WorkspaceId, receipts: readonly Receipt[]): Promise<Set<Receipt>> {
    const taken = new Set<Receipt>();
    for (const group of groupBySlot(receipts)) {
      const [first] = group;
      if (!first) continue;
      const dispatch = { ...first, id: first.dispatchId };
      await tx.run(lockSlot(workspaceId, slotOf(first.contactId)));
      // One message may have several receipts in a batch: one statement each round, oldest first.
      for (const round of rounds(group)) {
        const rows = await tx.rows<Moved>(moveMessages(workspaceId, dispatch, round.map(toMove), null));
        const moved = new Set(rows.map(row => row.contact_id));
        for (const receipt of round) if (moved.has(receipt.contactId)) taken.add(receipt);
        const late = round.filter(({ contactId, providerId }) => providerId && !moved.has(contactId)).map(toMove);
        if (late.length > 0) await tx.run(fillProviderIds(workspaceId, dispatch, late));
      }
    }
    countReceipts(receipts, taken);
    return taken;
  }

  /** Notes what people did with messages they got; those that never existed are passed over. */
  async recordResponses(tx: Tx, workspaceId: WorkspaceId, responses: readonly Response[]): Promise<void> {
    if (responses.length === 0) return;
    const slots = new Set(responses.map(({ contactId }) => slotOf(contactId)));
    for (const slot of [...slots].sort((a, b) => a - b)) await tx.run(lockSlot(workspaceId, slot));
    await tx.run(insertResponses(workspaceId, responses));
  }

  private async move(tx: Tx, workspaceId: WorkspaceId, id: DispatchId, to: DispatchState, reason: string | null): Promise<void> {
    const moved = await tx.run(moveDispatch(workspaceId, id, to, reason, this.clock.now()));
    if (moved === 0) throw conflict(`Dispatch ${id} cannot become ${to} from where it is`);
  }
}

/** Over the rows of a freeze or a plan. */
const variantOfRow = (sourceId: string, variants: readonly Variant[]): Sql => variantSql(sql`v.contact_id`, sourceId, variants);

const isReopenable = (state: DispatchState): boolean => ['sending', 'paused', 'done'].includes(state);

function countReceipts(receipts: readonly Receipt[], taken: ReadonlySet<Receipt>): void {
  for (const receipt of receipts)
    receiptsTaken.inc({ state: receipt.state, outcome: taken.has(receipt) ? 'moved' : 'no-change' });
}

function toMove(receipt: Receipt): Move {
  const { contactId, state: to, at, providerId, errorCode } = receipt;
  return { contactId, to, at, providerId: providerId ?? undefined, errorCode: errorCode ?? undefined };
}

/** Groups in one order for everyone, so that two batches never wait for each other's slot locks crosswise. */
function groupBySlot(receipts: readonly Receipt[]): Receipt[][] {
  const groups = new Map<string, Receipt[]>();
  for (const receipt of receipts) {
    const { contactId, dispatchId, channel, step } = receipt;
    const key = [String(slotOf(contactId)).padStart(2, '0'), dispatchId.padStart(19, '0'), channel, step].join('.');
    const group = groups.get(key);
    if (group) group.push(receipt);
    else groups.set(key, [receipt]);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

/** Splits so that each round names a contact once, keeping the order of one contact's receipts. */
function rounds(receipts: readonly Receipt[]): Receipt[][] {
  const result: Receipt[][] = [];
  const seen = new Map<string, number>();
  for (const receipt of receipts) {
    const round = seen.get(receipt.contactId) ?? 0;
    seen.set(receipt.contactId, round + 1);
    (result[round] ??= []).push(receipt);
  }
  return result;
}
