/** From whom a campaign is sent: parts are changed one by one, and which parts there are depends on the channel. Pure. */
import type { UpdateCampaign } from '../contract/campaigns.js';
import type { Channel } from '../domain/ids.js';
import type { Sender } from '../messages/dispatch.js';
import { invalid } from '../platform/errors.js';

const parts = { sms: ['from'], email: ['fromName', 'fromAddress', 'replyTo'] } as const;

/** null takes a part away, what is not sent stays. */
export function changeSender(channel: Channel, old: Sender, change: UpdateCampaign['sender']): Sender {
  if (!change) return old;
  const foreign = parts[channel === 'sms' ? 'email' : 'sms'].find(part => change[part] !== undefined);
  if (foreign) throw invalid(`/sender/${foreign}`, `A campaign by ${channel} has no ${foreign}`);
  const kept = parts[channel].map(part => [part, change[part] === undefined ? old[part] : change[part]] as const);
  return Object.fromEntries(kept.filter(([, value]) => value !== null && value !== undefined));
}
