/**
 * The two sending benches in one: N messages to a sink from the moment their audience is frozen until the campaign is done, and a bare
 * loop of the same bytes to the same sink before and after it.
 */
import { insertAudience } from './audience.js';
import type { Bench } from './bench.js';
import { createCampaigns, launch, until } from './campaign.js';
import { printed, startChild } from './child.js';
import { connect } from './connection.js';
import { cpuOf, describeCpu } from './cpu.js';
import { withPeakMemory } from './memory.js';
import { startProduct } from './product.js';
import { median, perSecond } from './timing.js';

export type Sending = {
  readonly channel: 'sms' | 'email';
  /** A script beside this file. */
  readonly sink: string;
  /** What `POST /v1/gateways` takes, pointed at the sink. */
  gateway(port: number): object;
  /** Sends `count` messages as bare as can be. */
  floor(port: number, count: number): Promise<void>;
};

const rounds = 3;
const lookEveryMs = 250;
/** Connections of both sides. */
export const connections = 20;
/** The widest there is. A quarter of it is a wave: what is written down as on the wire in one transaction. */
export const windowSize = 1_000;
/** Before anything is measured: a compiler that has warmed up is what a server has. */
const warmUp = 2_000;

export async function benchSending(bench: Bench, { channel, sink, gateway, floor }: Sending): Promise<void> {
  const child = await startChild(bench, `bench/support/${sink}.js`, {});
  const port = Number((await printed(child.process, /port (\d+)/))[1]);
  const product = await startProduct(bench);
  await insertAudience(bench, product, await connect(bench, product));
  const campaigns = await createCampaigns(product.api, channel, gateway(port), rounds);
  const [ours, floors]: [number[], number[]] = [[], []];
  await floor(port, Math.min(warmUp, bench.size));
  await withPeakMemory(bench, product, async () => {
    for (const campaign of campaigns) {
      const idle = process.cpuUsage();
      floors.push(await perSecond(bench.size, () => floor(port, bench.size)));
      const { user, system } = process.cpuUsage(idle);
      const before = await cpuOf(product);
      await launch(product.api, campaign);
      const { frozenAt, finishedAt, sent } = await until(product.api, campaign, ({ state }) => state === 'done', lookEveryMs);
      if (sent !== bench.size) throw new Error(`${sent} of ${bench.size} messages were sent`);
      ours.push((sent * 1000) / (Date.parse(finishedAt ?? '') - Date.parse(frozenAt ?? '')));
      const cpu = describeCpu(before, await cpuOf(product), bench.size);
      bench.say(`${ours.at(-1)?.toFixed(0)} messages/s, floor ${floors.at(-1)?.toFixed(0)}`);
      bench.say(`  ${cpu}, ${Math.round((user + system) / bench.size)} µs floor`);
    }
  });
  bench.report({ figure: 'messages_per_second', value: median(ours), floor: median(floors) });
}
