/**
 * `POST /v1/exports` of all contacts, to the last byte of the CSV. Floor: COPY TO STDOUT of the same columns.
 */
import { finished } from 'node:stream/promises';
import type { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { request } from 'undici';
import { insertAudience } from './support/audience.js';
import { runBench } from './support/bench.js';
import { connect } from './support/connection.js';
import { withPeakMemory } from './support/memory.js';
import { type Product, startProduct } from './support/product.js';
import { median, perSecond } from './support/timing.js';

const rounds = 3;
/** Column of the file → of the table. */
const columns = {
  musterId: 'id',
  firstName: 'first_name',
  lastName: 'last_name',
  gender: 'gender',
  birthDate: 'birth_date',
  locale: 'locale',
  country: 'country',
  region: 'region',
  city: 'city',
  occupation: 'occupation',
};

await runBench('export', 100_000, async bench => {
  const product = await startProduct(bench);
  const client = await connect(bench, product);
  const workspaceId = await insertAudience(bench, product, client);
  const [ours, floors]: [number[], number[]] = [[], []];
  await withPeakMemory(bench, product, async () => {
    for (let round = 1; round <= rounds; round++) {
      bench.say(`round ${round} of ${rounds}`);
      floors.push(await perSecond(bench.size, () => copyOut(client, workspaceId)));
      ours.push(await perSecond(bench.size, () => download(product, bench.size)));
    }
  });
  bench.report({ figure: 'rows_per_second', value: median(ours), floor: median(floors) });
});

async function copyOut(client: Client, workspaceId: string): Promise<void> {
  const rows = `select ${Object.values(columns).join(', ')} from contact where workspace_id = ${workspaceId}`;
  await finished(client.query(copyTo(`copy (${rows}) to stdout with (format csv, header)`)).resume());
}

async function download({ url, key }: Product, size: number): Promise<void> {
  const { statusCode, body } = await request(`${url}/v1/exports`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ rule: { version: 1, rule: { kind: 'all', rules: [] } }, columns: Object.keys(columns) }),
  });
  let lines = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) lines += linesIn(chunk);
  if (statusCode !== 200 || lines !== size + 1) throw new Error(`the export answered ${statusCode} with ${lines} lines`);
}

function linesIn(chunk: Buffer): number {
  let lines = 0;
  for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++;
  return lines;
}
