/** Where a campaign stands, read in one statement for any number of campaigns: what the report shows once and live progress again and again. */
import type { CampaignReport } from '../contract/campaigns.js';
import type { CampaignState, DispatchState } from '../domain/campaign/states.js';
import type { WorkspaceId } from '../domain/ids.js';
import { type Sql, sql } from '../domain/sql.js';
import type { PinnedVariant } from '../messages/dispatch.js';
import { toReport } from '../messages/report.js';
import { type ResponseTallyRow, responsesOfDispatch, talliesOfDispatch, type TallyRow } from '../messages/tally.sql.js';

export type CampaignKey = { workspaceId: WorkspaceId; id: string };

type DispatchStanding = Pick<
  CampaignReport['dispatches'][number],
  'id' | 'stateReason' | 'createdAt' | 'frozenAt' | 'finishedAt'
> & {
  state: DispatchState;
  variants: PinnedVariant[];
  tallies: TallyRow[];
  responses: ResponseTallyRow[];
};

export type Standing = CampaignKey & { state: CampaignState; stateReason: string | null; dispatches: DispatchStanding[] };

/** Sums of tallies, never of messages: some hundred rows a dispatch. Relies on dispatch_source_idx and the keys of both tallies. */
export function selectStandings(campaigns: readonly CampaignKey[]): Sql {
  return sql`
    select c.workspace_id as "workspaceId", c.id, c.state, c.state_reason as "stateReason", coalesce(run.dispatches, '[]') as dispatches
    from unnest(${campaigns.map(c => c.workspaceId)}::bigint[], ${campaigns.map(c => c.id)}::bigint[]) as wanted (workspace_id, id)
    join campaign c on c.workspace_id = wanted.workspace_id and c.id = wanted.id
    left join lateral (
      select jsonb_agg(jsonb_build_object('id', d.id::text, 'state', d.state, 'stateReason', d.state_reason,
        'createdAt', ${instant(sql`d.created_at`)}, 'frozenAt', ${instant(sql`d.frozen_at`)}, 'finishedAt', ${instant(sql`d.finished_at`)},
        'variants', d.variants, 'tallies', ${talliesOfDispatch}, 'responses', ${responsesOfDispatch}) order by d.id) as dispatches
      from dispatch d where d.workspace_id = c.workspace_id and d.source_kind = 'campaign' and d.source_id = c.id
    ) run on true`;
}

/** As the API writes instants. */
function instant(column: Sql): Sql {
  return sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

export function toCampaignReport({ id, state, stateReason, dispatches }: Standing): CampaignReport {
  return { campaignId: id, state, stateReason, dispatches: dispatches.map(toDispatchReport) };
}

function toDispatchReport({ tallies, responses, variants, ...dispatch }: DispatchStanding): CampaignReport['dispatches'][number] {
  const isOf = (name: string) => (row: { variant: string }) => row.variant === name;
  return {
    ...dispatch,
    ...toReport(tallies, responses),
    variants: variants.map(variant => ({
      ...variant,
      ...toReport(tallies.filter(isOf(variant.name)), responses.filter(isOf(variant.name))),
    })),
  };
}
