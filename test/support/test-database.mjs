// The one PostgreSQL of a test run: our own launcher in a temporary folder, with a migrated template database that specs copy (db.ts).
// A process of its own, from the build: it ends the database when jest's process is gone, however that went.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startDatabase } from '../../dist/src/platform/database/embedded/start-database.js';
import { migrate } from '../../dist/src/platform/database/migrate.js';

const projectRoot = join(dirname(fileURLToPath(import.meta.url)), '../..');
const template = 'muster_template';
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

const folder = mkdtempSync(join(tmpdir(), 'muster-test-'));
const database = await startDatabase({ dataDir: folder, projectRoot, log: () => undefined, settings });

async function stop() {
  await database.stop();
  const hasKept = existsSync(join(folder, 'kept')); // written by db.ts when a test failed
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
