/**
 * The one PostgreSQL of a test run: our own launcher in a temporary folder, with a migrated template database that test files copy.
 * A run that was killed leaves its folder; the next one ends its processes and removes it.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../src/platform/database/migrate';
import { endLeftovers } from '../../src/platform/database/embedded/leftovers';
import { placeIn } from '../../src/platform/database/embedded/place';
import { type RunningDatabase, startDatabase } from '../../src/platform/database/embedded/start-database';
import { keptListIn, templateName } from './db';

const folderPrefix = 'muster-test-';
const keptMs = 24 * 3600_000;

type TestRun = { folder: string; database: RunningDatabase };

/** Jest loads set-up and teardown as separate modules of one process; the global object is what they share. */
const shared = globalThis as { musterTestRun?: TestRun };

export async function startTestDatabase(projectRoot: string): Promise<TestRun> {
  await removeOldRuns();
  const folder = mkdtempSync(join(tmpdir(), `${folderPrefix}${process.pid}-`));
  const database = await startDatabase({
    dataDir: folder,
    projectRoot,
    log: () => undefined,
    settings: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      max_connections: '400',
      shared_buffers: '256MB',
    },
  });
  shared.musterTestRun = { folder, database };
  await makeTemplate(database.url);
  return shared.musterTestRun;
}

/** Stops the database and removes it, unless a failed test asked to keep its copy. */
export async function stopTestDatabase(): Promise<void> {
  const run = shared.musterTestRun;
  if (run === undefined) return;
  const { folder, database } = run;
  await database.stop();
  if (!existsSync(keptListIn(folder))) rmSync(folder, { recursive: true, force: true });
}

async function makeTemplate(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`create database ${templateName}`);
  await client.end();
  const template = new URL(url);
  template.pathname = `/${templateName}`;
  await migrate(template.href);
}

async function removeOldRuns(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter(entry => entry.startsWith(folderPrefix))) {
    const folder = join(tmpdir(), name);
    if (isAlive(Number(name.split('-')[2])) || !isMine(folder) || isKeptLately(folder)) continue;
    await endLeftovers(placeIn(folder));
    rmSync(folder, { recursive: true, force: true });
  }
}

function isMine(folder: string): boolean {
  return statSync(folder, { throwIfNoEntry: false })?.uid === process.getuid?.();
}

function isKeptLately(folder: string): boolean {
  const kept = statSync(keptListIn(folder), { throwIfNoEntry: false });
  return kept !== undefined && Date.now() - kept.mtimeMs < keptMs;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
