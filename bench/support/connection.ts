// The bench's own connection to the product's database: for floors, and for rows that the API has no verb to make by the million.
import pg from 'pg';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import type { Bench } from './bench.js';
import type { Product } from './product.js';

const closeMs = 5_000;

export function connect(bench: Bench, { databaseUrl }: Product): Promise<pg.Client> {
  const open = async () => {
    const client = new pg.Client({ connectionString: databaseUrl, application_name: 'muster bench' });
    await client.connect();
    return client;
  };
  return bench.life.hold("the bench's connection", closeMs, open, client => client.end());
}

export async function copyFile(client: pg.Client, table: string, file: string): Promise<void> {
  await pipeline(createReadStream(file), client.query(copyFrom(`copy ${table} from stdin with (format csv, header)`)));
}
