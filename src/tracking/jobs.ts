// Tracking's doorbell: raw callbacks of one workspace wait to be applied.
import { z } from 'zod';
import type { WorkspaceId } from '../domain/ids.js';
import { defineJob } from '../platform/jobs/define-job.js';

const workspaceId = z.string().transform(text => text as WorkspaceId) as unknown as z.ZodType<WorkspaceId>;

export const applyCallbacks = defineJob({
  name: 'callbacks.apply',
  queue: 'track',
  payload: z.object({ workspaceId }),
  attempts: 5,
  backoffMs: 1_000,
});
