/** At each sweep: rings for receipts nobody applied (a lost ring, a killed worker). */
import type { WorkspaceId } from '../domain/ids.js';
import { Database } from '../platform/database/database.js';
import { type SweepTask, Sweeps } from '../platform/jobs/handles.js';
import { Jobs } from '../platform/jobs/jobs.service.js';
import { selectWorkspacesWithOpen } from './callbacks.sql.js';
import { applyCallbacks } from './jobs.js';

@Sweeps()
export class SweepCallbacks implements SweepTask {
  constructor(
    private readonly db: Database,
    private readonly jobs: Jobs,
  ) {}

  async sweep(): Promise<void> {
    await this.jobs.ringAll(applyCallbacks, await this.db.rows<{ workspaceId: WorkspaceId }>(selectWorkspacesWithOpen()));
  }
}
