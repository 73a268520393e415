/**
 * Brings a database to the newest schema: our migrations, then BullMQ's own (for a queue that lives in PostgreSQL). Called
 * by the launcher before anything else and by the test set-up. Safe to call from many processes at once: one does the
 * work under an advisory lock, the others wait for it.
 */
import { runMigrations } from 'bullmq';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { migrations } from '../../../migrations/all.js';
import { locks } from './locks.js';

/** Oldest and newest PostgreSQL we run on. */
const supportedMajors = { from: 15, to: 18 };

/** `count`: only the first so many of our migrations; a backup is restored into the schema that it was made from. */
export async function migrate(
  url: string,
  log: (line: string) => void = () => undefined,
  count = migrations.length,
): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await checkVersion(client);
    await client.query('select pg_advisory_lock($1, $2)', [locks.migrate, 0]);
    await refuseNewer(client);
    await runOurs(url, log, count);
    await runMigrations(client as unknown as Parameters<typeof runMigrations>[0], 'bullmq');
  } finally {
    await client.end();
  }
}

async function checkVersion(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ server_version_num: string }>('show server_version_num');
  const major = Math.floor(Number(rows[0]?.server_version_num) / 10_000);
  if (major < supportedMajors.from || major > supportedMajors.to)
    throw new Error(`PostgreSQL ${major} is not supported: Muster runs on ${supportedMajors.from} to ${supportedMajors.to}`);
}

/** What a newer version has changed this one would misread, and there is no way back but a backup. */
async function refuseNewer(client: pg.Client): Promise<void> {
  const known = migrations.map(migration => migration.name);
  const unknown = (await appliedMigrations(client)).filter(name => !known.includes(name));
  if (unknown.length > 0)
    throw new Error(`the database was migrated by a newer Muster (${unknown.join(', ')}): start that version or a later one`);
}

/** Oldest first; empty in a database that was never migrated. */
export async function appliedMigrations(client: Pick<pg.ClientBase, 'query'>): Promise<string[]> {
  const found = await client.query<{ there: boolean }>(`select to_regclass('public.migration') is not null as there`);
  if (!found.rows[0]?.there) return [];
  const { rows } = await client.query<{ name: string }>('select name from public.migration order by "timestamp", id');
  return rows.map(row => row.name);
}

async function runOurs(url: string, log: (line: string) => void, count: number): Promise<void> {
  const dataSource = new DataSource({
    type: 'postgres',
    url,
    migrations: migrations.slice(0, count),
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'each',
  });
  await dataSource.initialize();
  try {
    for (const done of await dataSource.runMigrations()) log(`migrated: ${done.name}`);
  } finally {
    await dataSource.destroy();
  }
}
