// Doorbells of the campaigns room.
import { z } from 'zod';
import { workspaceId } from '../domain/scalars.js';
import { defineJob } from '../platform/jobs/define-job.js';

/** Freeze the audience of a launched campaign and begin to send. */
export const launchCampaign = defineJob({
  name: 'campaign.launch',
  queue: 'bulk',
  payload: z.object({ workspaceId, campaignId: z.string(), dispatchId: z.string() }),
  attempts: 5,
  backoffMs: 1_000,
});
