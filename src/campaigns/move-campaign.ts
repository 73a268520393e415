/** One campaign from state to state, or a 409 that says where it is. Used by every verb. */
import { type CampaignState, campaignStates } from '../domain/campaign/states.js';
import type { WorkspaceId } from '../domain/ids.js';
import type { Tx } from '../platform/database/database.js';
import { type AppError, conflict, notFound } from '../platform/errors.js';
import type { Campaign } from './campaign.js';
import { type CampaignMove, moveCampaign, selectCampaign } from './campaigns.sql.js';

/** Two callers at once: the second waits for the first, then finds the campaign moved. */
export async function moveOrRefuse(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: string,
  move: CampaignMove,
  now: Date,
): Promise<Campaign> {
  const moved = await tx.row<Campaign>(moveCampaign(workspaceId, id, move, now));
  if (moved) return moved;
  const campaign = await tx.row<Campaign>(selectCampaign(workspaceId, id));
  throw campaign ? refusal(campaign, move) : notFound('campaign', id);
}

function refusal({ id, state, archivedAt, updatedAt }: Campaign, { to, readAt }: CampaignMove): AppError {
  if (archivedAt) return conflict(`Campaign ${id} is archived`);
  if (readAt && updatedAt > readAt && campaignStates.canMove(state, to))
    return conflict(`Campaign ${id} was changed just now; look at it and try again`);
  return conflict(`Campaign ${id} is ${state}; it cannot be ${verbs[to]} from there`);
}

const verbs: Record<CampaignState, string> = {
  draft: 'unscheduled',
  scheduled: 'scheduled',
  launching: 'launched',
  sending: 'resumed',
  paused: 'paused',
  canceled: 'canceled',
  done: 'finished',
  failed: 'given up',
};
