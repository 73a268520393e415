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
import { mergeBatch, StagingLost } from './merge-batch.js';
import { dropStaging } from './staging.sql.js';

type Payload = { workspaceId: WorkspaceId; importId: string };

const failureLimit = 5;

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
    await withImportLock(this.db, payload.importId, () => this.merge(payload, signal));
  }

  private async merge(payload: Payload, signal: AbortSignal): Promise<void> {
    const analyze = new AnalyzeAsItGrows(this.db);
    // A shutdown ends it between two batches; the sweep of the next process rings again.
    while (!signal.aborted) {
      const state = await this.mergeNext(payload);
      if (state !== 'more') return this.finish(payload, analyze);
      await analyze.afterBatch();
    }
  }

  private async mergeNext({ workspaceId, importId }: Payload): ReturnType<typeof mergeBatch> {
    try {
      return await this.db.transaction(tx => mergeBatch(tx, workspaceId, importId, this.batchRows, this.clock.now()));
    } catch (error) {
      await this.recordFailure({ workspaceId, importId }, error);
      if (error instanceof StagingLost) return 'over';
      throw error;
    }
  }

  private async recordFailure({ workspaceId, importId }: Payload, error: unknown): Promise<void> {
    const isLost = error instanceof StagingLost;
    const shown = isLost ? error.message : 'A batch failed on our side and is tried again; the log says why';
    await this.db.run(recordFailure(workspaceId, importId, shown, isLost ? 1 : failureLimit, this.clock.now()));
  }

  /** Also after a cancel: what was merged up to it is worth statistics, and its staging goes. */
  private async finish({ workspaceId, importId }: Payload, analyze: AnalyzeAsItGrows): Promise<void> {
    await analyze.atEnd();
    await this.db.transaction(async tx => {
      const ended = await tx.run(endImport(workspaceId, importId, ['merging'], 'done', null, this.clock.now()));
      if (ended > 0) await audit(tx, systemActor(workspaceId, 'job:import.merge'), 'import.merged', `import:${importId}`);
    });
    await this.db.run(dropStaging(importId));
  }
}

/**
 * Statistics of the tables a merge fills: fresh bulk data is planned badly without them, and autovacuum comes too late.
 * Those that the merge itself reads, after the first batch and then each time four times as many have gone in; all at the end.
 */
class AnalyzeAsItGrows {
  private batches = 0;
  private next = 1;

  constructor(private readonly db: Database) {}

  async afterBatch(): Promise<void> {
    this.batches++;
    if (this.batches < this.next) return;
    this.next = this.batches * 4;
    await this.db.run(sql`analyze contact (workspace_id, id), identity (workspace_id, kind, value, contact_id),
      reach (workspace_id, contact_id, channel, address, address_hash), consent (workspace_id, contact_id, channel, topic)`);
  }

  /** Not after a small import: one batch changes no statistics worth a scan of big tables. */
  async atEnd(): Promise<void> {
    if (this.batches > 0)
      await this.db.run(sql`analyze contact, identity, reach, consent, list_member, contact_tag, purchase, contact_value`);
  }
}
