/**
 * At each sweep: an import that nobody works on is found by its free lock. One that was uploading lost its client or its
 * process and fails; one that was merging is rung again. Staging tables of imports that are over are dropped.
 */
import type { WorkspaceId } from '../../domain/ids.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { Sweeps, type SweepTask } from '../../platform/jobs/handles.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { listAbandoned, withImportLock } from './import-lock.js';
import { failUpload } from './import.sql.js';
import { mergeImport } from './jobs.js';
import { dropStaging, listForgottenStaging } from './staging.sql.js';

type Abandoned = { workspace_id: WorkspaceId; id: string; state: 'uploading' | 'merging' };

@Sweeps()
export class WatchImports implements SweepTask {
  constructor(
    private readonly db: Database,
    private readonly jobs: Jobs,
    private readonly clock: Clock,
  ) {}

  async sweep(): Promise<void> {
    for (const abandoned of await this.db.rows<Abandoned>(listAbandoned)) await this.pickUp(abandoned);
    for (const { id } of await this.db.rows<{ id: string }>(listForgottenStaging))
      // Under the lock: an upload that was just canceled may still be writing.
      await withImportLock(this.db, 'import', id, client => client.query(dropStaging(id).render()));
  }

  private async pickUp({ workspace_id: workspaceId, id, state }: Abandoned): Promise<void> {
    if (state === 'merging') await this.jobs.ring(mergeImport, { workspaceId, importId: id });
    else await this.db.run(failUpload(workspaceId, id, 'The upload broke off before its end', this.clock.now()));
  }
}
