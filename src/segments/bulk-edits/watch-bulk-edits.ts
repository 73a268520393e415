// At each sweep: bulk edits that are not at their end are rung again, whatever became of the process that worked on them.
import type { WorkspaceId } from '../../domain/ids.js';
import { Database } from '../../platform/database/database.js';
import { Sweeps, type SweepTask } from '../../platform/jobs/handles.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { selectRunning } from './bulk-edits.sql.js';
import { applyBulkEdit } from './jobs.js';

@Sweeps()
export class WatchBulkEdits implements SweepTask {
  constructor(
    private readonly db: Database,
    private readonly jobs: Jobs,
  ) {}

  async sweep(): Promise<void> {
    const running = await this.db.rows<{ workspaceId: WorkspaceId; bulkEditId: string }>(selectRunning);
    for (const one of running) await this.jobs.ring(applyBulkEdit, one);
  }
}
