// One campaign through the sandbox: template, campaign, plan, launch, live progress until the receipts have settled.
import type { CampaignPlan, CampaignReport, CampaignView } from '../../contract/campaigns.js';
import { listAll, saveByName } from '../by-name.js';
import type { DemoCampaign } from '../campaigns.js';
import { type Demo, msSince, watch } from '../demo.js';
import { bar, count, seconds } from '../screen.js';
import type { SegmentIds } from './save-segments.js';
import { newestMessage } from './show-messages.js';
import type { SandboxMessage } from '../../contract/sandbox.js';

export type DispatchReport = CampaignReport['dispatches'][number];
export type CampaignRun = {
  readonly channel: 'sms' | 'email';
  readonly name: string;
  readonly report: DispatchReport;
  readonly message: SandboxMessage;
};

/** A stretch without any change after which the demo reports what it has: receipts of a sandbox come within a second. */
const stillMs = 30_000;

export async function runCampaign(demo: Demo, wanted: DemoCampaign, segments: SegmentIds): Promise<CampaignRun> {
  const campaign = await createCampaign(demo, wanted, segments);
  const plan = await demo.api.post<CampaignPlan>(`/v1/campaigns/${campaign.id}/plan`);
  demo.screen.line(`  ${campaign.name}, ${wanted.sender.channel}: ${planLine(plan)}`);
  const start = demo.now();
  await demo.api.post(`/v1/campaigns/${campaign.id}/launch`);
  const report = await watch(demo, {
    read: () => readReport(demo, campaign.id),
    isDone: isSettled,
    show: current => demo.screen.progress(progressLine(current, plan, msSince(demo, start))),
    stillMs,
  });
  demo.screen.done(progressLine(report, plan, msSince(demo, start)));
  if (report.state !== 'done')
    throw new Error(`the campaign "${campaign.name}" is ${report.state}: ${report.stateReason ?? 'it stood still'}`);
  return {
    channel: wanted.sender.channel,
    name: campaign.name,
    report,
    message: await newestMessage(demo, wanted.sender.channel),
  };
}

async function createCampaign(demo: Demo, wanted: DemoCampaign, segments: SegmentIds): Promise<CampaignView> {
  const templateId = await saveByName(demo.api, '/v1/templates', wanted.template, ({ channel: _, ...content }) => content);
  const runs = (await listAll(demo.api, '/v1/campaigns')).filter(({ name }) => name.startsWith(`${wanted.title} #`));
  return demo.api.post<CampaignView>('/v1/campaigns', {
    name: `${wanted.title} #${runs.length + 1}`,
    ...wanted.sender,
    class: 'marketing',
    topic: 'marketing',
    templateId,
    includeSegmentIds: [segments.get(wanted.segment)],
  });
}

async function readReport(demo: Demo, campaignId: string): Promise<DispatchReport> {
  const { dispatches } = await demo.api.get<CampaignReport>(`/v1/campaigns/${campaignId}/report`);
  const [dispatch] = dispatches;
  if (!dispatch) throw new Error(`campaign ${campaignId} was launched and has no dispatch`);
  return { ...dispatch, refused: Object.fromEntries(Object.entries(dispatch.refused).sort()) };
}

/** Nothing to send is left, and every message that went out has had its last receipt. */
function isSettled(report: DispatchReport): boolean {
  if (report.state === 'paused' || report.state === 'failed' || report.state === 'canceled') return true;
  return report.state === 'done' && report.delivered + report.undelivered + report.bounced >= report.sent;
}

function planLine({ matched, refused, toSend }: CampaignPlan): string {
  const reasons = Object.entries(refused).map(([reason, people]) => `${count(people)} ${reason}`);
  return `${count(matched)} people, ${count(toSend)} to send${reasons.length === 0 ? '' : `, without ${reasons.join(', ')}`}`;
}

function progressLine({ sent, delivered }: DispatchReport, { toSend }: CampaignPlan, ms: number): string {
  const goal = Math.max(1, toSend);
  return `${bar(sent / goal)}  ${count(sent)} of ${count(toSend)} sent, ${count(delivered)} delivered, ${seconds(ms)}`;
}
