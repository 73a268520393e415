/**
 * `POST /v1/segments/preview` of rules that people make, with its counts by channel and its sample. Floor: a bare count(*) over the contacts.
 * Milliseconds: a ratio of 2 is twice as long as the floor.
 */
import type { SegmentPreview } from '../src/contract/segments.js';
import { insertAudience, topic } from './support/audience.js';
import { runBench } from './support/bench.js';
import { connect } from './support/connection.js';
import { withPeakMemory } from './support/memory.js';
import { startProduct } from './support/product.js';
import { median, msOf } from './support/timing.js';

const rounds = 5;

const women = { kind: 'attribute', field: 'gender', operator: 'is', value: 'female' };
const young = { kind: 'age', operator: 'between', value: [25, 35] };
const city = { kind: 'place', country: ['US'], city: ['City 7', 'City 8', 'City 9'] };
const reachable = { kind: 'reachable', channel: 'sms', topic };
const rules = {
  everyone: { kind: 'all', rules: [] },
  attribute: women,
  age: young,
  place: city,
  reachable,
  combined: {
    kind: 'all',
    rules: [
      women,
      young,
      city,
      { kind: 'none', rules: [{ kind: 'attribute', field: 'occupation', operator: 'is', value: 'Job 3' }] },
      reachable,
    ],
  },
};

await runBench('preview', 100_000, async bench => {
  const product = await startProduct(bench);
  const client = await connect(bench, product);
  const workspaceId = await insertAudience(bench, product, client);
  await withPeakMemory(bench, product, async () => {
    const all: number[] = [];
    const floors: number[] = [];
    for (const [name, rule] of Object.entries(rules)) {
      const times: number[] = [];
      for (let round = 0; round < rounds; round++) {
        floors.push(await msOf(() => client.query('select count(*) from contact where workspace_id = $1', [workspaceId])));
        const body = { rule: { version: 1, rule }, topic };
        times.push(await msOf(() => product.api.post<SegmentPreview>('/v1/segments/preview', body)));
      }
      bench.report({ figure: 'milliseconds', value: median(times), floor: median(floors), part: name });
      all.push(median(times));
    }
    bench.report({ figure: 'milliseconds', value: median(all), floor: median(floors) });
  });
});
