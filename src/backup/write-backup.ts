/** Reads a whole database into one file, as it is at one moment, in flat memory. The file appears when it is complete. */
import { createHash } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { link, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { appliedMigrations } from '../platform/database/migrate.js';
import { BackupError } from './backup-error.js';
import { listColumns, listMonths, listTables, quoted, readSequences, sessionSettings } from './catalog.js';
import { FrameWriter } from './frames.js';
import type { Keys } from './keys.js';
import type { Manifest } from './manifest.js';

export type Done = { tables: number; rows: number };

export async function writeBackup(url: string, file: string, keys: Keys, now: Date): Promise<Done> {
  if (existsSync(file)) throw new BackupError(`${file} is there already`);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const draft = `${file}.${process.pid}.part`;
  try {
    await client.query(sessionSettings);
    await client.query('begin transaction isolation level repeatable read read only');
    const done: Done = { tables: 0, rows: 0 };
    await pipeline(
      readAll(client, keys, now, done),
      createGzip(),
      createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true }),
    );
    await link(draft, file); // unlike rename, link refuses to replace a file that has appeared meanwhile
    return done;
  } finally {
    await rm(draft, { force: true });
    await client.end();
  }
}

async function* readAll(client: pg.Client, keys: Keys, now: Date, done: Done): AsyncGenerator<Buffer> {
  const frames = new FrameWriter(keys.seal);
  const manifest = await describe(client, keys, now);
  yield frames.json('M', manifest);
  for (const table of manifest.tables) yield* readTable(client, table, frames, done);
  // Sequences belong to no snapshot: read last, they are beyond every row that was copied.
  yield frames.json('S', await readSequences(client));
  yield frames.seal();
}

async function describe(client: pg.Client, keys: Keys, now: Date): Promise<Manifest> {
  const { rows } = await client.query<{ server_version: string }>('show server_version');
  const migrations = await appliedMigrations(client);
  if (migrations.length === 0) throw new BackupError('there is no Muster in this database');
  return {
    format: 1,
    madeAt: now.toISOString(),
    postgres: rows[0]?.server_version ?? '',
    migrations,
    tables: await listTables(client),
    keyFingerprint: keys.fingerprint,
  };
}

async function* readTable(client: pg.Client, table: string, frames: FrameWriter, done: Done): AsyncGenerator<Buffer> {
  const columns = await listColumns(client, table);
  yield frames.json('T', { table, columns, months: await listMonths(client, table) });
  const hash = createHash('sha256');
  // A query, because COPY of a partitioned table itself gives nothing.
  const rows = client.query(copyTo(`copy (select ${columns.map(quoted).join(', ')} from public.${quoted(table)}) to stdout`));
  for await (const chunk of rows as AsyncIterable<Buffer>) {
    hash.update(chunk);
    yield frames.frame('D', chunk);
  }
  done.tables++;
  done.rows += rows.rowCount;
  yield frames.json('E', { rows: rows.rowCount, sha256: hash.digest('hex') });
}
