/**
 * What the sending benches share: a sink, a product with an audience and campaigns to it, how fast one of them goes out, and the comparison
 * with a bare loop of the same bytes to the same sink.
 */
import { insertAudience } from './audience.js';
import type { Bench } from './bench.js';
import { type Campaign, createCampaigns, launch, until } from './campaign.js';
import { printed, startChild } from './child.js';
import { connect } from './connection.js';
import { cpuOf, describeCpu, ownCpuEach } from './cpu.js';
import type { Door } from './doors.js';
import { withPeakMemory } from './memory.js';
import { type Product, startProduct } from './product.js';
import { median, perSecond } from './timing.js';

const rounds = 3;
const lookEveryMs = 250;
/** Before anything is measured: a compiler that has warmed up is what a server has. */
const warmUp = 2_000;

export type Sending = { readonly product: Product; readonly campaigns: readonly Campaign[]; readonly sinkPort: number };

/** Everything that sending needs, with `count` campaigns to be launched. */
export async function openSending(bench: Bench, { channel, sink, gateway }: Door, count: number): Promise<Sending> {
  const child = await startChild(bench, `bench/support/${sink}.js`, {});
  const sinkPort = Number((await printed(child.process, /port (\d+)/))[1]);
  const product = await startProduct(bench);
  await insertAudience(bench, product, await connect(bench, product));
  return { product, sinkPort, campaigns: await createCampaigns(product.api, channel, gateway(sinkPort), count) };
}

/** Messages a second, from the moment the audience is frozen until the campaign is done. */
export async function sendCampaign(bench: Bench, product: Product, campaign: Campaign): Promise<number> {
  const before = await cpuOf(product);
  await launch(product.api, campaign);
  const { frozenAt, finishedAt, sent } = await until(product.api, campaign, ({ state }) => state === 'done', lookEveryMs);
  if (sent !== bench.size) throw new Error(`${sent} of ${bench.size} messages were sent`);
  const rate = (sent * 1000) / (Date.parse(finishedAt ?? '') - Date.parse(frozenAt ?? ''));
  bench.say(`${rate.toFixed(0)} messages/s, CPU each: ${describeCpu(before, await cpuOf(product), sent)}`);
  return rate;
}

/** `floor` sends as many messages to the sink's port, as bare as can be. */
export async function benchSending(
  bench: Bench,
  door: Door,
  floor: (port: number, count: number) => Promise<void>,
): Promise<void> {
  const { product, sinkPort, campaigns } = await openSending(bench, door, rounds);
  const [ours, floors]: [number[], number[]] = [[], []];
  await floor(sinkPort, Math.min(warmUp, bench.size));
  await withPeakMemory(bench, product, async () => {
    for (const campaign of campaigns) {
      const idle = process.cpuUsage();
      const rate = await perSecond(bench.size, () => floor(sinkPort, bench.size));
      bench.say(`floor ${rate.toFixed(0)} messages/s, CPU each: ${ownCpuEach(idle, bench.size)} µs`);
      floors.push(rate);
      ours.push(await sendCampaign(bench, product, campaign));
    }
  });
  bench.report({ figure: 'messages_per_second', value: median(ours), floor: median(floors) });
}
