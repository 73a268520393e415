/**
 * A file of people through `POST /v1/imports` until its last row is merged, then the same file again.
 * Floor: COPY of that file into a plain table of its columns.
 */
import type { Client } from 'pg';
import { type Bench, runBench } from './support/bench.js';
import { connect, copyFile } from './support/connection.js';
import { cpuOf, describeCpu } from './support/cpu.js';
import { importPeople } from './support/import-people.js';
import { withPeakMemory } from './support/memory.js';
import { columns, writePeopleFile } from './support/people.js';
import { startProduct } from './support/product.js';
import { perSecond } from './support/timing.js';

await runBench('import', 100_000, async bench => {
  const file = await writePeopleFile(bench);
  const product = await startProduct(bench);
  const client = await connect(bench, product);
  await withPeakMemory(bench, product, async () => {
    for (const part of [undefined, 'again'] as const) {
      const floor = await perSecond(bench.size, () => copyBare(bench, client, file));
      const before = await cpuOf(product);
      const value = await perSecond(bench.size, () => importPeople(bench, product, file));
      bench.say(`CPU a row: ${describeCpu(before, await cpuOf(product), bench.size)}`);
      bench.report({ figure: 'rows_per_second', value, floor, part });
    }
  });
});

async function copyBare({ say }: Bench, client: Client, file: string): Promise<void> {
  say('floor: COPY');
  await client.query(`create table bench_floor (${columns.map(name => `"${name}" text`).join(', ')})`);
  await copyFile(client, 'bench_floor', file);
  await client.query('drop table bench_floor');
}
