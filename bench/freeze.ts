/**
 * An audience frozen into ledger rows, from the launch to the last row. Floor: `insert … select` of the same rows into a table of the same shape
 * and indexes, which grows as the ledger does.
 */
import type { Client } from 'pg';
import type { Api } from '../src/demo/api.js';
import { insertAudience } from './support/audience.js';
import { runBench } from './support/bench.js';
import { type Campaign, createCampaigns, launch, until } from './support/campaign.js';
import { connect } from './support/connection.js';
import { withPeakMemory } from './support/memory.js';
import { startProduct } from './support/product.js';
import { median, perSecond } from './support/timing.js';

const rounds = 3;
const lookEveryMs = 20;
/** Nothing is to be sent: a door that opens once a second, with nobody behind it. */
const gateway = {
  kind: 'smtp',
  settings: { host: '127.0.0.1', port: 9, security: 'none', connections: 1 },
  windowSize: 1,
  unitsPerSecond: 1,
};

await runBench('freeze', 100_000, async bench => {
  const product = await startProduct(bench);
  const client = await connect(bench, product);
  await insertAudience(bench, product, client);
  await client.query('create table bench_floor (like message including all) with (fillfactor = 80)');
  const campaigns = await createCampaigns(product.api, 'email', gateway, rounds);
  const [ours, floor]: [number[], number[]] = [[], []];
  await withPeakMemory(bench, product, async () => {
    for (const campaign of campaigns) {
      bench.say(`round ${ours.length + 1} of ${rounds}`);
      ours.push(await perSecond(bench.size, () => freeze(product.api, campaign)));
      await product.api.post(`/v1/campaigns/${campaign.id}/pause`);
      floor.push(await perSecond(bench.size, () => copyRows(client)));
    }
  });
  bench.report({ figure: 'rows_per_second', value: median(ours), floor: median(floor) });
});

async function freeze(api: Api, campaign: Campaign): Promise<void> {
  await launch(api, campaign);
  await until(api, campaign, ({ state }) => state !== 'freezing', lookEveryMs);
}

async function copyRows(client: Client): Promise<void> {
  await client.query('insert into bench_floor select * from message where dispatch_id = (select max(dispatch_id) from message)');
}
