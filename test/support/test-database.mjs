// The one PostgreSQL of a test run: our own launcher in a temporary folder, with a migrated template database that specs copy (db.ts).
// A process of its own, from the build: it ends the database when jest's process is gone, however that went.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { endLeftovers } from '../../dist/src/platform/database/embedded/leftovers.js';
import { placeIn } from '../../dist/src/platform/database/embedded/place.js';
import { startDatabase } from '../../dist/src/platform/database/embedded/start-database.js';
import { migrate } from '../../dist/src/platform/database/migrate.js';

const projectRoot = join(dirname(fileURLToPath(import.meta.url)), '../..');
const template = 'muster_template';
const prefix = 'muster-test-';
const keptMs = 3600_000;
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '400',
  shared_buffers: '256MB',
};

async function makeTemplate(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`create database ${template}`);
  await client.end();
  const target = new URL(url);
  target.pathname = `/${template}`;
  await migrate(target.href);
}

/** A run that was killed leaves its database running, one with a failed test its folder: that one is kept for an hour. */
async function removeOldRuns() {
  for (const name of readdirSync(tmpdir()).filter(entry => entry.startsWith(prefix))) {
    const old = join(tmpdir(), name);
    if (!isMine(old) || isRunning(join(old, 'run.pid'))) continue;
    await endLeftovers(placeIn(old));
    const kept = statSync(join(old, 'kept'), { throwIfNoEntry: false });
    if (kept === undefined || Date.now() - kept.mtimeMs > keptMs) rmSync(old, { recursive: true, force: true });
  }
}

function isMine(path) {
  return statSync(path, { throwIfNoEntry: false })?.uid === process.getuid();
}

function isRunning(pidFile) {
  if (!existsSync(pidFile)) return Date.now() - statSync(dirname(pidFile)).mtimeMs < 10_000; // about to write it
  try {
    process.kill(Number(readFileSync(pidFile, 'utf8')), 0);
    return true;
  } catch {
    return false;
  }
}

await removeOldRuns();
const folder = mkdtempSync(join(tmpdir(), prefix));
writeFileSync(join(folder, 'run.pid'), String(process.pid));
const database = await startDatabase({ dataDir: folder, projectRoot, log: () => undefined, settings });

async function stop() {
  await database.stop();
  const hasKept = existsSync(join(folder, 'kept')); // written by db.ts when a test failed
  rmSync(join(folder, 'run.pid'), { force: true });
  if (!hasKept) rmSync(folder, { recursive: true, force: true });
  process.exit(0);
}

process.on('disconnect', () => void stop());
process.on('SIGINT', () => undefined); // a Ctrl-C reaches the whole terminal; jest ends first, then we
try {
  await makeTemplate(database.url);
  process.send({ MUSTER_TEST_DATABASE_URL: database.url, MUSTER_TEST_FOLDER: folder });
} catch (error) {
  console.error(error);
  await stop();
}
