/**
 * Job import.merge: one batch after the other until all staged rows are in. Idempotent (the row says how far it is); tried
 * again by the queue, then by the sweep; an import whose batches fail five times in a row fails.
 */
import { systemActor } from '../../accounts/actor.js';
import { audit } from '../../accounts/audit.js';
import type { WorkspaceId } from '../../domain/ids.js';
import { sql } from '../../domain/sql.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { Handles, type JobHandler } from '../../platform/jobs/handles.js';
import { withImportLock } from './import-lock.js';
import { endImport, recordFailure } from './import.sql.js';
import { mergeImport } from './jobs.js';
import { type BatchResult, ImportMovedOn, mergeBatch, StagingLost } from './merge-batch.js';
import { MergeLanes } from './merge-lanes.js';
import { dropStaging } from './staging.sql.js';

type Payload = { workspaceId: WorkspaceId; importId: string };

const failureLimit = 5;
/** Two imports at once, each with two lanes and its lock, and the worker's own lock leave a pool of this size something for everybody else. */
const poolForTwo = 10;

@Handles(mergeImport)
export class MergeImportJob implements JobHandler<Payload> {
  /** Rows of one transaction: some 0.5 s of work, so that a shutdown is quick and the change feed is not held up. */
  batchRows = 20_000;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** Does nothing when another worker merges this import already. */
  async handle(payload: Payload, signal: AbortSignal): Promise<void> {
    await withImportLock(this.db, 'mergeImport', payload.importId, () => this.merge(payload, signal));
  }

  private async merge(payload: Payload, signal: AbortSignal): Promise<void> {
    const rows = this.batchRows;
    const analyze = this.analyzeAsItGrows();
    let merged = 0;
    const lanes = new MergeLanes(
      lane => this.db.transaction(tx => mergeBatch(tx, { ...payload, rows, now: this.clock.now(), lane })),
      (this.db.pool.options.max ?? 0) >= poolForTwo,
      () => analyze(merged),
    );
    try {
      // A shutdown ends it between two batches; the sweep of the next process rings again.
      while (!signal.aborted) {
        const { state, mergedTo, isAllNew } = await this.mergeNext(lanes, payload);
        if (state === 'waiting') return;
        if (state !== 'more') return await this.finish(payload, mergedTo > rows);
        merged = mergedTo;
        // New people are looked up in nothing. Once a file meets people it knows, the tables may have grown a lot.
        if (!isAllNew) await analyze(merged);
      }
    } finally {
      await lanes.end();
    }
  }

  private async mergeNext(lanes: MergeLanes, payload: Payload): Promise<BatchResult> {
    try {
      return await lanes.next();
    } catch (error) {
      if (error instanceof ImportMovedOn) return { state: 'more', mergedTo: 0, isAllNew: true };
      const isOpen = await this.recordFailure(payload, error);
      if (!isOpen || error instanceof StagingLost) return { state: 'over', mergedTo: 0, isAllNew: true };
      throw error;
    }
  }

  /** False when the import is over: an upload that broke off takes the staging table away under the batch. */
  private async recordFailure({ workspaceId, importId }: Payload, error: unknown): Promise<boolean> {
    const isLost = error instanceof StagingLost;
    const shown = isLost ? error.message : 'A batch failed on our side and is tried again; the log says why';
    const limit = isLost ? 1 : failureLimit;
    return (await this.db.run(recordFailure(workspaceId, importId, shown, limit, this.clock.now()))) > 0;
  }

  /** Also after a cancel: its staging goes, unless the upload still writes to it and will see to that itself. */
  private async finish({ workspaceId, importId }: Payload, isLarge: boolean): Promise<void> {
    await this.db.transaction(async tx => {
      const ended = await tx.run(endImport(workspaceId, importId, ['merging'], 'done', null, this.clock.now()));
      if (ended > 0) await audit(tx, systemActor(workspaceId, 'job:import.merge'), 'import.merged', `import:${importId}`);
    });
    await withImportLock(this.db, 'import', importId, client => client.query(dropStaging(importId).render()));
    // Not after a small import: one batch changes no statistics worth a scan of big tables.
    if (isLarge) await this.db.run(analyzeAll);
  }

  /**
   * Statistics of the tables a merge reads, whenever the import has grown fourfold: fresh bulk data is planned badly without
   * them, and autovacuum comes too late.
   */
  private analyzeAsItGrows(): (merged: number) => Promise<void> {
    let analyzed = 0;
    return async merged => {
      if (merged === 0 || merged < 4 * analyzed) return;
      analyzed = merged;
      await this.db.run(analyzeMerged);
    };
  }
}

const analyzeMerged = sql`analyze contact (workspace_id, id), identity (workspace_id, kind, value, contact_id),
  reach (workspace_id, contact_id, channel, address, address_hash), consent (workspace_id, contact_id, channel, topic)`;
const analyzeAll = sql`analyze contact, identity, reach, consent, list_member, contact_tag, purchase, contact_value`;
