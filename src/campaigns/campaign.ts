/** A campaign as its row has it and as the API shows it. */
import type { CampaignView } from '../contract/campaigns.js';
import type { CampaignState } from '../domain/campaign/states.js';
import type { Channel, WorkspaceId } from '../domain/ids.js';
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
  templateId: string;
  gatewayId: string | null;
  includeSegmentIds: string[];
  excludeSegmentIds: string[];
  launchAt: Date | null;
  endsAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
  archivedAt: Date | null;
};

/** What a marketer decides: all that create and update write. */
export type CampaignContent = Pick<
  Campaign,
  'name' | 'class' | 'topic' | 'sender' | 'templateId' | 'gatewayId' | 'includeSegmentIds' | 'excludeSegmentIds' | 'endsAt'
>;

export function toView({ workspaceId: _workspaceId, ...campaign }: Campaign): CampaignView {
  return {
    ...campaign,
    launchAt: campaign.launchAt?.toISOString() ?? null,
    endsAt: campaign.endsAt?.toISOString() ?? null,
    createdAt: campaign.createdAt.toISOString(),
    updatedAt: campaign.updatedAt.toISOString(),
    archivedAt: campaign.archivedAt?.toISOString() ?? null,
  };
}
