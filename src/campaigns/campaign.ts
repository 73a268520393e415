/** A campaign as its row has it and as the API shows it. */
import type { CampaignView } from '../contract/campaigns.js';
import type { CampaignState } from '../domain/campaign/states.js';
import type { Variant } from '../domain/campaign/variants.js';
import type { Channel, WorkspaceId } from '../domain/ids.js';
import { resolveWallTime, type WallTime } from '../domain/schedule/wall-time.js';
import type { Sender } from '../messages/dispatch.js';

export type Campaign = {
  workspaceId: WorkspaceId;
  id: string;
  name: string;
  channel: Channel;
  class: 'marketing' | 'transactional';
  topic: string;
  state: CampaignState;
  stateReason: string | null;
  sender: Sender;
  /** That of the first variant where there are variants. */
  templateId: string;
  variants: Variant[];
  gatewayId: string | null;
  includeSegmentIds: string[];
  excludeSegmentIds: string[];
  launchAt: Date | null;
  /** As its author said it, when that was a time on the wall of a place. */
  launchWall: WallTime | null;
  endsAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
  archivedAt: Date | null;
};

/** What a marketer decides: all that create and update write. */
export type CampaignContent = Pick<
  Campaign,
  | 'name'
  | 'class'
  | 'topic'
  | 'sender'
  | 'templateId'
  | 'variants'
  | 'gatewayId'
  | 'includeSegmentIds'
  | 'excludeSegmentIds'
  | 'endsAt'
>;

export function toView({ workspaceId: _workspaceId, ...campaign }: Campaign): CampaignView {
  return {
    ...campaign,
    launchAt: campaign.launchAt?.toISOString() ?? null,
    launchWall: campaign.launchWall && { ...campaign.launchWall, shift: resolveWallTime(campaign.launchWall).shift },
    endsAt: campaign.endsAt?.toISOString() ?? null,
    createdAt: campaign.createdAt.toISOString(),
    updatedAt: campaign.updatedAt.toISOString(),
    archivedAt: campaign.archivedAt?.toISOString() ?? null,
  };
}
