/** A campaign and its dispatches as the report shows them. Pure. */
import type { CampaignReport } from '../contract/campaigns.js';
import type { DispatchView } from '../messages/dispatch.js';
import type { Report } from '../messages/report.js';
import type { Campaign } from './campaign.js';

type DispatchTallies = { dispatch: DispatchView; report: Report };

export function toReport({ id, state, stateReason }: Campaign, dispatches: readonly DispatchTallies[]): CampaignReport {
  return { campaignId: id, state, stateReason, dispatches: dispatches.map(toDispatchReport) };
}

function toDispatchReport({ dispatch, report }: DispatchTallies): CampaignReport['dispatches'][number] {
  const { id, state, stateReason, createdAt, frozenAt, finishedAt } = dispatch;
  return {
    id,
    state,
    stateReason,
    createdAt: createdAt.toISOString(),
    frozenAt: frozenAt?.toISOString() ?? null,
    finishedAt: finishedAt?.toISOString() ?? null,
    ...report,
  };
}
