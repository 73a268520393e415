/**
 * Puts a backup into an empty database: the schema that it was made from, all rows in one transaction with every constraint in force, checked
 * against counts, checksums and the seal, then the migrations that came since. Whatever is wrong, nothing is kept.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { pipeline as piped } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { migrations } from '../../migrations/all.js';
import { codeOf } from '../platform/errno.js';
import { appliedMigrations, migrate } from '../platform/database/migrate.js';
import { BackupError } from './backup-error.js';
import { listColumns, listTables, quoted, sessionSettings } from './catalog.js';
import { type Frame, type FrameKind, readFrames } from './frames.js';
import type { Keys } from './keys.js';
import { type Manifest, manifestShape, readBody, sequencesShape, tableEndShape, type TableHead, tableShape } from './manifest.js';
import type { Done } from './write-backup.js';

type Frames = AsyncGenerator<Frame, void>;

export async function restoreBackup(url: string, file: string, keys: Keys, log: (line: string) => void): Promise<Done> {
  const frames = readFrames(unzip(file), () => keys.seal);
  try {
    const manifest = readBody(manifestShape, (await next(frames, 'M')).body);
    checkManifest(manifest, keys);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      await client.query(sessionSettings);
      await checkIsEmpty(client, manifest);
      await migrate(url, log, manifest.migrations.length);
      const done = await inTransaction(client, () => loadAll(client, frames, manifest));
      await migrate(url, log);
      return done;
    } finally {
      await client.end();
    }
  } finally {
    await frames.return();
  }
}

async function* unzip(file: string): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of pipeline(createReadStream(file), createGunzip(), () => undefined)) yield chunk as Buffer;
  } catch (error) {
    if (/^Z_/.test(codeOf(error) ?? '')) throw new BackupError(`${file} is cut short, damaged, or no backup`, { cause: error });
    throw error;
  }
}

async function next(frames: Frames, ...kinds: FrameKind[]): Promise<Frame> {
  const { value } = await frames.next();
  if (!value || !kinds.includes(value.kind)) throw new BackupError('the file is cut short or damaged');
  return value;
}

function checkManifest(manifest: Manifest, keys: Keys): void {
  if (manifest.migrations.some((name, i) => migrations[i]?.name !== name))
    throw new BackupError('the backup was made by a newer Muster: restore it with that version or a later one');
  if (manifest.keyFingerprint !== keys.fingerprint)
    throw new BackupError(
      'the backup was made under another SECRET_KEY, without which its gateway secrets and address hashes are useless: ' +
        'set SECRET_KEY to that one, or copy secret.key from that DATA_DIR into this one',
    );
}

async function checkIsEmpty(client: pg.Client, { migrations: wanted }: Manifest): Promise<void> {
  const applied = await appliedMigrations(client);
  if (applied.some((name, i) => wanted[i] !== name))
    throw new BackupError('the database has a newer schema than the backup: give an empty one');
  for (const table of await listTables(client)) await refuseRows(client, table);
}

async function refuseRows(client: pg.Client, table: string): Promise<void> {
  const { rows } = await client.query(`select from public.${quoted(table)} limit 1`);
  if (rows.length > 0) throw new BackupError(`the database is not empty (there are rows in ${table}): restore into an empty one`);
}

async function inTransaction<Result>(client: pg.Client, work: () => Promise<Result>): Promise<Result> {
  await client.query('begin');
  try {
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => undefined); // a lost connection cannot, and need not
    throw error;
  }
}

async function loadAll(client: pg.Client, frames: Frames, manifest: Manifest): Promise<Done> {
  const tables = await listTables(client);
  if (tables.join() !== manifest.tables.join()) throw new BackupError('the backup has other tables than its migrations make');
  await client.query(`lock table ${tables.map(table => `public.${quoted(table)}`).join(', ')} in exclusive mode`);
  for (const table of tables) await refuseRows(client, table); // again: nobody can write now
  const done: Done = { tables: 0, rows: 0 };
  for (const table of tables) {
    done.rows += await loadTable(client, frames, table);
    done.tables++;
  }
  const sequences = readBody(sequencesShape, (await next(frames, 'S')).body);
  await next(frames, 'Z');
  if (!(await frames.next()).done) throw new BackupError('the file goes on after its seal');
  for (const [name, value] of Object.entries(sequences))
    await client.query('select setval(to_regclass($1), $2::bigint)', [`public.${quoted(name)}`, value]);
  return done;
}

async function loadTable(client: pg.Client, frames: Frames, table: string): Promise<number> {
  const head = readBody(tableShape, (await next(frames, 'T')).body);
  await checkHead(client, head, table);
  for (const month of head.months)
    await client.query(`select ensure_contact_event_months($1::timestamptz, $1::timestamptz)`, [`${month}-01 00:00:00+00`]);
  const hash = createHash('sha256');
  let end: Frame | undefined;
  async function* rows(): AsyncGenerator<Buffer> {
    for (let frame = await next(frames, 'D', 'E'); ; frame = await next(frames, 'D', 'E')) {
      if (frame.kind === 'E') return void (end = frame);
      hash.update(frame.body);
      yield frame.body;
    }
  }
  const into = client.query(copyFrom(`copy public.${quoted(table)} (${head.columns.map(quoted).join(', ')}) from stdin`));
  await piped(Readable.from(rows()), into);
  const wanted = end && readBody(tableEndShape, end.body);
  if (wanted?.rows !== into.rowCount || wanted.sha256 !== hash.digest('hex'))
    throw new BackupError(`the rows of ${table} are not those that were backed up: the file is damaged`);
  return into.rowCount;
}

async function checkHead(client: pg.Client, head: TableHead, table: string): Promise<void> {
  const columns = await listColumns(client, table);
  if (head.table !== table || head.columns.join() !== columns.join() || (head.months.length > 0 && table !== 'contact_event'))
    throw new BackupError(`the backup has another ${table} than its migrations make`);
}
