// The doorbell of a staged import.
import { z } from 'zod';
import { id } from '../../contract/common.js';
import type { WorkspaceId } from '../../domain/ids.js';
import { defineJob } from '../../platform/jobs/define-job.js';

/** Merges a staged import to its end. Run again after a crash it goes on behind the last committed batch. */
export const mergeImport = defineJob({
  name: 'import.merge',
  queue: 'bulk',
  payload: z.object({ workspaceId: id.transform(value => value as WorkspaceId), importId: id }) as unknown as z.ZodType<{
    workspaceId: WorkspaceId;
    importId: string;
  }>,
  attempts: 3,
  backoffMs: 1000,
});
