/**
 * Who works on an import holds an advisory lock of it on a connection of its own: the upload while it stages, the job while
 * it merges; both at once for a large file. A free lock proves that nobody does, at once and without a timeout, whatever died.
 */
import type pg from 'pg';
import { sql } from '../../domain/sql.js';
import type { Database } from '../../platform/database/database.js';
import { locks } from '../../platform/database/locks.js';

/** Second keys of advisory locks have 31 bits; two imports that share one only wait for each other. */
const keySpace = 0x7fffffffn;
const keyOf = (importId: string): number => Number(BigInt(importId) % keySpace);

export type ImportWork = 'import' | 'mergeImport';

/** Runs `work` under the lock, with the connection that holds it; does nothing when somebody else does. */
export async function withImportLock(
  db: Database,
  kind: ImportWork,
  importId: string,
  work: (client: pg.PoolClient) => Promise<unknown>,
): Promise<void> {
  await withClient(db, async client => {
    if (!(await tryLock(client, kind, importId))) return;
    try {
      await work(client);
    } finally {
      await unlock(client, kind, importId);
    }
  });
}

/** A connection for one piece of work. One that broke meanwhile is closed, not reused, which frees its locks too. */
export async function withClient<Result>(db: Database, work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
  const client = await db.pool.connect();
  let failure: Error | undefined;
  // A connection that dies while nothing runs on it says so by an event that must not end the process.
  const onError = (error: Error): void => void (failure = error);
  client.on('error', onError);
  try {
    return await work(client);
  } finally {
    client.off('error', onError);
    client.release(failure);
  }
}

export async function tryLock(client: pg.ClientBase, kind: ImportWork, importId: string): Promise<boolean> {
  const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1, $2) as got', [
    locks[kind],
    keyOf(importId),
  ]);
  return rows[0]?.got ?? false;
}

export async function unlock(client: pg.ClientBase, kind: ImportWork, importId: string): Promise<void> {
  await client.query('select pg_advisory_unlock($1, $2)', [locks[kind], keyOf(importId)]);
}

/** Imports that are open although nobody holds the lock of the work they are in; import_open_idx. */
export const listAbandoned = sql`
  select i.workspace_id, i.id, i.state from import i
  where i.state in ('uploading', 'merging') and not exists (
    select from pg_locks l where l.locktype = 'advisory' and l.granted and l.objsubid = 2
      and l.database = (select oid from pg_database where datname = current_database())
      and l.classid::bigint = case i.state when 'uploading' then ${locks.import}::bigint else ${locks.mergeImport}::bigint end and l.objid::bigint = i.id % ${keySpace.toString()}::bigint)
  order by i.id`;
