/**
 * A whole Muster beside the bench, in processes of its own so that the bench does not measure itself: an embedded PostgreSQL, and one process of
 * role all, or one of role api and N of role worker.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newKey } from '../../src/accounts/key-format.js';
import { Api } from '../../src/demo/api.js';
import { placeIn } from '../../src/platform/database/embedded/place.js';
import { startDatabase } from '../../src/platform/database/embedded/start-database.js';
import type { Bench } from './bench.js';
import { type Child, printed, startChild } from './child.js';

export type Product = {
  readonly url: string;
  readonly api: Api;
  /** Its API key, for requests whose answer is a stream. */
  readonly key: string;
  readonly databaseUrl: string;
  /** Processes of ours, PostgreSQL not among them. */
  readonly processes: readonly Child[];
  readonly postmaster: number;
};

export function pidsOf({ processes }: Product): number[] {
  return processes.map(({ pid }) => pid);
}

const databaseStopMs = 30_000;
const projectRoot = join(import.meta.dirname, '../../..');

export async function startProduct(bench: Bench): Promise<Product> {
  bench.say('starting PostgreSQL and the product');
  const database = await bench.life.hold(
    'the database',
    databaseStopMs,
    () => startDatabase({ dataDir: bench.folder, projectRoot, log: bench.say }),
    running => running.stop(),
  );
  const key = newKey();
  const environment = {
    DATA_DIR: bench.folder,
    DATABASE_URL: database.url,
    SECRET_KEY: randomBytes(32).toString('hex'),
    BOOTSTRAP_API_KEY: key,
    REQUESTS_PER_MINUTE: '1000000',
    LOG_LEVEL: 'warn',
  };
  const first = await start(bench, { ...environment, ROLE: bench.workers > 0 ? 'api' : 'all', PORT: '0' });
  const workers = await Promise.all(
    Array.from({ length: bench.workers }, () => start(bench, { ...environment, ROLE: 'worker', PUBLIC_URL: first.url })),
  );
  return {
    url: first.url,
    key,
    api: new Api(first.url, key, new AbortController().signal),
    databaseUrl: database.url,
    processes: [first, ...workers].map(({ child }) => child),
    postmaster: await postmasterIn(bench.folder),
  };
}

async function start(bench: Bench, environment: Record<string, string>): Promise<{ child: Child; url: string }> {
  const child = await startChild(bench, 'src/main.js', environment);
  const [, url = ''] = await printed(child.process, /(?:URL|Health) +(http:\/\/[^\s/]+)/);
  return { child, url };
}

async function postmasterIn(dataDir: string): Promise<number> {
  return Number((await readFile(join(placeIn(dataDir).cluster, 'postmaster.pid'), 'utf8')).split('\n', 1)[0]);
}
