// Uploads a file of people and waits until its last row is merged.
import { createReadStream } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { ImportView } from '../../src/contract/imports.js';
import type { Bench } from './bench.js';
import type { Product } from './product.js';

const lookEveryMs = 100;

export async function importPeople(bench: Bench, { api }: Product, file: string): Promise<void> {
  const fields = { kind: 'contacts', options: JSON.stringify({ consentSource: 'bench' }) };
  let view = await api.upload<ImportView>('/v1/imports', { fields, fileName: 'people.csv', file: createReadStream(file) });
  bench.say(`uploaded ${view.rowsRead} rows`);
  while (view.state === 'uploading' || view.state === 'merging') {
    await delay(lookEveryMs);
    view = await api.get<ImportView>(`/v1/imports/${view.id}`);
  }
  if (view.state !== 'done' || view.rowsMerged !== bench.size)
    throw new Error(`the import is ${view.state}, ${view.rowsMerged} of ${bench.size} rows merged: ${view.error ?? 'no error'}`);
}
