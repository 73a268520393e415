// Tracking's doorbell: raw callbacks of one workspace wait to be applied.
import { z } from 'zod';
import { workspaceId } from '../domain/scalars.js';
import { defineJob } from '../platform/jobs/define-job.js';

export const applyCallbacks = defineJob({
  name: 'callbacks.apply',
  queue: 'track',
  payload: z.object({ workspaceId }),
  attempts: 5,
  backoffMs: 1_000,
  once: ({ workspaceId: id }) => id,
});
