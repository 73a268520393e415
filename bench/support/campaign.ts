// Campaigns of a bench, through the API: one template and one gateway a channel, everyone as the audience, and what became of a launch.
import { setTimeout as delay } from 'node:timers/promises';
import type { Api } from '../../src/demo/api.js';
import type { CampaignReport } from '../../src/contract/campaigns.js';
import type { Channel } from '../../src/domain/ids.js';
import { topic } from './audience.js';

export type DispatchReport = CampaignReport['dispatches'][number];
export type Campaign = { readonly id: string };

/** A mail of a shop: some 3.5 kB of HTML. */
export const paragraphs = Array.from(
  { length: 12 },
  (_, i) =>
    `<tr><td style="padding:12px 24px;font-family:Helvetica,Arial,sans-serif;font-size:15px;color:#333333">` +
    `Offer ${i + 1}: a warm coat, a dry tent and good boots, this week a fifth off for all who know us. ` +
    `<a href="https://shop.example/offers/${i + 1}?utm_campaign=autumn">See offer ${i + 1}</a></td></tr>`,
);
const contents = {
  sms: { body: 'Hi {{firstName}}, your order is ready: show this message at the counter until Sunday. Reply STOP to opt out.' },
  email: {
    subject: '{{firstName}}, your autumn offers',
    html:
      `<html><body><table width="100%"><tr><td><h1>Hello {{firstName}} {{lastName}}</h1></td></tr>${paragraphs.join('\n')}` +
      `<tr><td><a href="{{unsubscribeUrl}}">Unsubscribe</a></td></tr></table></body></html>`,
  },
} as const;
const senders = {
  sms: { from: '+12025550100' },
  email: { fromName: 'The Shop', fromAddress: 'news@shop.example' },
} as const;

/** Campaigns to everyone, as many as asked for. */
export async function createCampaigns(api: Api, channel: Channel, gateway: object, count: number): Promise<Campaign[]> {
  const everyone = { name: 'Everyone', rule: { version: 1, rule: { kind: 'all', rules: [] } } };
  const [template, door, segment] = [
    await api.post<Campaign>('/v1/templates', { name: `Bench ${channel}`, channel, ...contents[channel] }),
    await api.post<Campaign>('/v1/gateways', { name: `Bench ${channel}`, ...gateway }),
    await api.post<Campaign>('/v1/segments', everyone),
  ];
  const common = { channel, sender: senders[channel], class: 'marketing', topic, templateId: template.id, gatewayId: door.id };
  const campaigns: Campaign[] = [];
  for (let n = 1; n <= count; n++) {
    const wanted = { name: `Bench ${n}`, ...common, includeSegmentIds: [segment.id] };
    campaigns.push(await api.post<Campaign>('/v1/campaigns', wanted));
  }
  return campaigns;
}

export async function launch(api: Api, { id }: Campaign): Promise<void> {
  await api.post(`/v1/campaigns/${id}/launch`);
}

/** The report of a launched campaign once `isSo` holds for it. A look costs a millisecond of the CPU that is measured. */
export async function until(
  api: Api,
  { id }: Campaign,
  isSo: (report: DispatchReport) => boolean,
  lookEveryMs: number,
): Promise<DispatchReport> {
  for (;;) {
    const { dispatches, state, stateReason } = await api.get<CampaignReport>(`/v1/campaigns/${id}/report`);
    const [dispatch] = dispatches;
    if (dispatch && isSo(dispatch)) return dispatch;
    if (state === 'failed' || dispatch?.state === 'paused')
      throw new Error(`the campaign is ${dispatch?.state ?? state}: ${dispatch?.stateReason ?? stateReason}`);
    await delay(lookEveryMs);
  }
}
