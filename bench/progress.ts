/**
 * What live progress costs: an email campaign with 50 listeners of its server-sent events. Floor: the same campaign without any, so a ratio of 1 is
 * no cost at all.
 */
import { request } from 'undici';
import { runBench } from './support/bench.js';
import { smtpDoor } from './support/doors.js';
import { withPeakMemory } from './support/memory.js';
import type { Product } from './support/product.js';
import { openSending, sendCampaign } from './support/send.js';
import { median } from './support/timing.js';

const rounds = 2;
const listeners = 50;

await runBench('progress', 20_000, async bench => {
  const { product, campaigns } = await openSending(bench, smtpDoor, 2 * rounds);
  const rates = { with: [] as number[], without: [] as number[] };
  let events = 0;
  await withPeakMemory(bench, product, async () => {
    for (const [turn, campaign] of campaigns.entries()) {
      const isWatched = turn % 2 === 1;
      const stop = new AbortController();
      const heard = isWatched ? Array.from({ length: listeners }, () => listen(product, campaign.id, stop.signal)) : [];
      rates[isWatched ? 'with' : 'without'].push(await sendCampaign(bench, product, campaign));
      stop.abort();
      for (const count of await Promise.all(heard)) events += count;
    }
  });
  if (events < listeners * rounds) throw new Error(`${events} events were heard by ${listeners} listeners in ${rounds} rounds`);
  bench.say(`${events} events were heard`);
  bench.report({ figure: 'messages_per_second', value: median(rates.with), floor: median(rates.without) });
});

/** Listens until the campaign ends or `signal` aborts; returns how many events came. */
async function listen({ url, key }: Product, campaignId: string, signal: AbortSignal): Promise<number> {
  let events = 0;
  try {
    const headers = { authorization: `Bearer ${key}` };
    const { body } = await request(`${url}/v1/campaigns/${campaignId}/progress`, { headers, signal, bodyTimeout: 0 });
    for await (const chunk of body as AsyncIterable<Buffer>) events += chunk.toString().split('\ndata:').length - 1;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return events;
}
