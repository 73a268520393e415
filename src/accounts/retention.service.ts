/** How long a workspace keeps things: its settings, what they would let go, and one small batch of letting go. */
import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import {
  type RetentionPlan,
  retentionRules,
  type RetentionSubject,
  retentionSubjects,
  type RetentionView,
  type UpdateRetention,
} from '../contract/retention.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { HeavyReads } from '../platform/database/heavy-reads.js';
import { type Actor, systemActor } from './actor.js';
import { audit } from './audit.js';
import { type Forgetter, forgetsKey } from './forgets.js';
import { type DueRetention, lockSetting, noteRun, resetRun, selectDue, selectOwn, upsertOwn } from './retention.sql.js';

const dayMs = 24 * 3_600_000;
/** Rows a transaction: some tens of milliseconds, so that nobody waits for it. */
const batchSize = 2_000;

@Injectable()
export class RetentionService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly heavy: HeavyReads,
    private readonly discovery: DiscoveryService,
  ) {}

  async view({ workspaceId }: Actor): Promise<RetentionView> {
    const own = await this.db.rows<{ subject: RetentionSubject; days: number | null }>(selectOwn(workspaceId));
    const said = new Map(own.map(({ subject, days }) => [subject, days]));
    return bySubject(subject => (said.has(subject) ? (said.get(subject) ?? null) : retentionRules[subject].days));
  }

  async update(actor: Actor, change: UpdateRetention): Promise<RetentionView> {
    await this.db.transaction(async tx => {
      for (const subject of retentionSubjects) {
        const days = change[subject];
        if (days !== undefined) await tx.run(upsertOwn(actor.workspaceId, subject, days));
      }
      await audit(tx, actor, 'retention.changed', null, change);
    });
    return this.view(actor);
  }

  /** Counts and changes nothing. */
  async plan(actor: Actor): Promise<RetentionPlan> {
    const settings = await this.view(actor);
    const counts = bySubject(() => 0);
    await this.heavy.run(async () => {
      for (const subject of retentionSubjects) {
        const days = settings[subject];
        if (days !== null) counts[subject] = await this.forgetterOf(subject).count(this.db, actor.workspaceId, this.before(days));
      }
    });
    return counts;
  }

  /** What the settings of all workspaces want gone and was not gone through for a day. */
  listDue(): Promise<DueRetention[]> {
    return this.db.rows<DueRetention>(selectDue(this.clock.now()));
  }

  /** One batch, unless the setting was changed since; true when there is more. A run that found anything is told in the audit trail. */
  async enforce(due: DueRetention): Promise<boolean> {
    return this.db.transaction(async tx => {
      const setting = await tx.row<{ isOwn: boolean; days: number | null }>(lockSetting(due));
      if (setting?.isOwn && setting.days !== due.days) return false;
      const count = await this.forgetterOf(due.subject).forget(tx, due.workspaceId, this.before(due.days), batchSize);
      const isMore = count >= batchSize;
      const now = this.clock.now();
      const run = await tx.row<{ forgotten: number }>(noteRun(due, count, isMore ? now : new Date(now.getTime() + dayMs)));
      if (isMore) return true;
      const { subject, days } = due;
      const actor = systemActor(due.workspaceId, 'sweep:retention');
      if (run && run.forgotten > 0) await audit(tx, actor, 'retention.enforced', null, { subject, days, rows: run.forgotten });
      await tx.run(resetRun(due));
      return false;
    });
  }

  private before(days: number): Date {
    return new Date(this.clock.now().getTime() - days * dayMs);
  }

  private forgetterOf(subject: RetentionSubject): Forgetter {
    const found = this.discovery
      .getProviders()
      .find(({ metatype }) => metatype && Reflect.getMetadata(forgetsKey, metatype) === subject);
    if (!found) throw new Error(`no room forgets ${subject}`);
    return found.instance as Forgetter;
  }
}

function bySubject<Value>(valueOf: (subject: RetentionSubject) => Value): Record<RetentionSubject, Value> {
  return Object.fromEntries(retentionSubjects.map(subject => [subject, valueOf(subject)])) as Record<RetentionSubject, Value>;
}
