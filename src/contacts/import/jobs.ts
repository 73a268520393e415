// The doorbell of a staged import.
import { z } from 'zod';
import { workspaceId } from '../../domain/scalars.js';
import { defineJob } from '../../platform/jobs/define-job.js';

/** Merges a staged import to its end. Run again after a crash it goes on behind the last committed batch. */
export const mergeImport = defineJob({
  name: 'import.merge',
  queue: 'bulk',
  payload: z.object({ workspaceId, importId: z.string() }),
  attempts: 3,
  backoffMs: 1_000,
  once: ({ importId }) => importId,
});
