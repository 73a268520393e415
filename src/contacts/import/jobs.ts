// The doorbell of a staged import.
import { z } from 'zod';
import type { WorkspaceId } from '../../domain/ids.js';
import { defineJob } from '../../platform/jobs/define-job.js';

const workspaceId = z.string().transform(text => text as WorkspaceId) as unknown as z.ZodType<WorkspaceId>;

/** Merges a staged import to its end. Run again after a crash it goes on behind the last committed batch. */
export const mergeImport = defineJob({
  name: 'import.merge',
  queue: 'bulk',
  payload: z.object({ workspaceId, importId: z.string() }),
  attempts: 3,
  backoffMs: 1_000,
  once: ({ importId }) => importId,
});
