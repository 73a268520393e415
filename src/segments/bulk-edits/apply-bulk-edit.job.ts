/**
 * Applies a bulk edit. A batch is one transaction: its people leave the frozen set as they are edited, so a crash repeats nothing and
 * skips nobody. A failing batch is tried again by the queue and the sweep; five failures in a row end the edit.
 */
import { systemActor } from '../../accounts/actor.js';
import { audit } from '../../accounts/audit.js';
import { UpsertService } from '../../contacts/upsert.service.js';
import type { ContactEdit } from '../../contract/bulk-edits.js';
import type { ContactId, WorkspaceId } from '../../domain/ids.js';
import { Clock } from '../../platform/clock.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { Handles, type JobHandler } from '../../platform/jobs/handles.js';
import { dropTargets, endBulkEdit, lockRunning, noteFailure, noteProgress, takeTargets } from './bulk-edits.sql.js';
import { applyBulkEdit } from './jobs.js';

type Payload = { workspaceId: WorkspaceId; bulkEditId: string };
type Running = { edit: ContactEdit; actor: string; createdAt: Date };

const failureLimit = 5;

@Handles(applyBulkEdit)
export class ApplyBulkEditJob implements JobHandler<Payload> {
  /** Contacts of one transaction: some 0.2 s of work, so that a cancel and a shutdown are quick. */
  batchSize = 1_000;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly upserts: UpsertService,
  ) {}

  async handle(payload: Payload, signal: AbortSignal): Promise<void> {
    // A shutdown ends it between two batches; the sweep of the next process rings again.
    while (!signal.aborted && (await this.next(payload)));
  }

  /** True while there may be more. */
  private async next(payload: Payload): Promise<boolean> {
    try {
      return await this.db.transaction(tx => this.batch(tx, payload));
    } catch (error) {
      await this.fail(payload);
      throw error;
    }
  }

  private async batch(tx: Tx, { workspaceId, bulkEditId }: Payload): Promise<boolean> {
    const running = await tx.row<Running>(lockRunning(workspaceId, bulkEditId));
    if (!running) return false;
    const actor = systemActor(workspaceId, running.actor);
    const ids = (await tx.rows<{ id: ContactId }>(takeTargets(workspaceId, bulkEditId, this.batchSize))).map(({ id }) => id);
    if (ids.length > 0) {
      const edited = await this.upserts.edit(tx, actor, ids, running.edit, running.createdAt);
      await tx.run(noteProgress(workspaceId, bulkEditId, ids, edited));
      return true;
    }
    await tx.run(endBulkEdit(workspaceId, bulkEditId, 'done', this.clock.now()));
    await audit(tx, actor, 'bulk-edit.finished', `bulk-edit:${bulkEditId}`);
    return false;
  }

  private async fail({ workspaceId, bulkEditId }: Payload): Promise<void> {
    const shown = 'A batch failed on our side and is tried again; the log says why';
    const failed = noteFailure(workspaceId, bulkEditId, shown, failureLimit, this.clock.now());
    await this.db.transaction(async tx => {
      if ((await tx.row<{ state: string }>(failed))?.state !== 'failed') return;
      await tx.run(dropTargets(workspaceId, bulkEditId));
      await audit(tx, systemActor(workspaceId, 'job:bulk-edit.apply'), 'bulk-edit.failed', `bulk-edit:${bulkEditId}`);
    });
  }
}
