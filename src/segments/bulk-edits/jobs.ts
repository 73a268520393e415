// The doorbell of a bulk edit.
import { z } from 'zod';
import { workspaceId } from '../../domain/scalars.js';
import { defineJob } from '../../platform/jobs/define-job.js';

/** Edits whom the rule picked, batch by batch, to the end. Run again after a crash it goes on behind the last committed batch. */
export const applyBulkEdit = defineJob({
  name: 'bulk-edit.apply',
  queue: 'bulk',
  payload: z.object({ workspaceId, bulkEditId: z.string() }),
  attempts: 3,
  backoffMs: 1_000,
  once: ({ bulkEditId }) => bulkEditId,
});
