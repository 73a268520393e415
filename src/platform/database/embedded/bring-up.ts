/** Brings the database up, whatever state it is in: attaches to one that runs, waits for one that recovers, ends a dead one's leftovers, makes a new one. */
import pg from 'pg';
import { existsSync } from 'node:fs';
import { findSecret } from '../../secret-file.js';
import { accountFor } from './account.js';
import { findBinaries } from './binaries.js';
import { makeCluster } from './cluster.js';
import { endLeftovers } from './leftovers.js';
import { DatabaseStartError, type Log, type Place } from './place.js';
import { startPostmaster } from './postmaster.js';
import { probe, urlOf } from './probe.js';
import { findPostmaster, readLockFile } from './processes.js';
import type { Settings } from './settings.js';
import { waitUntil } from './wait.js';

export type Wanted = { place: Place; projectRoot: string; pgBin: string | null; overrides: Settings; log: Log };
export type Endpoint = { port: number; password: string };

export const databaseName = 'muster';

/** A live postmaster that says nothing at all for this long is hung. */
const silenceMs = 5000;
const recoveryMs = 15 * 60_000;

/** Called under the start mutex. `pinnedPort` is where running pools expect the database; null: anywhere. */
export async function bringUp(wanted: Wanted, pinnedPort: number | null): Promise<Endpoint> {
  const endpoint = (await attach(wanted.place)) ?? (await start(wanted, pinnedPort));
  await makeDatabase(endpoint);
  return endpoint;
}

/** The running database, proved by a query; null when there is none that answers. Waits for one that starts, recovers or stops. */
async function attach(place: Place): Promise<Endpoint | null> {
  const password = existsSync(place.cluster) ? findSecret(place.passwordFile) : null;
  if (password === null) return null;
  let endpoint: Endpoint | null = null;
  let heardAt = performance.now();
  await waitUntil(async () => {
    const port = readLockFile(place)?.port ?? null;
    const answer = port === null ? 'nobody' : await probe(place, port, password);
    if (answer === 'ours' && port !== null) endpoint = { port, password };
    if (answer === 'busy') heardAt = performance.now();
    const isSilent = performance.now() - heardAt > silenceMs;
    return endpoint !== null || isSilent || findPostmaster(place) === null;
  }, recoveryMs);
  return endpoint;
}

async function start({ place, projectRoot, pgBin, overrides, log }: Wanted, pinnedPort: number | null): Promise<Endpoint> {
  const account = accountFor(place);
  const binaries = findBinaries({ projectRoot, pgBin, account });
  await endLeftovers(place);
  await makeCluster(place, binaries, account, log);
  const password = findSecret(place.passwordFile);
  if (password === null) throw new DatabaseStartError(`${place.passwordFile} is missing`);
  const port = await startPostmaster({ place, binaries, account, password, overrides, pinnedPort, log });
  return { port, password };
}

async function makeDatabase({ port, password }: Endpoint): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(port, password, 'postgres') });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [databaseName]);
    if (rowCount === 0) await client.query(`create database ${databaseName}`);
  } finally {
    await client.end();
  }
}
