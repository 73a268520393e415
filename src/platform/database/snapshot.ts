/**
 * One moment of the database, read for as long as it takes: a REPEATABLE READ transaction of its own, read only, whose rows come as a
 * stream. For exports: however long the reader is, what it sees fits together.
 */
import type pg from 'pg';
import QueryStream from 'pg-query-stream';
import { type Sql, sql } from '../../domain/sql.js';
import { type Database, Queryable } from './database.js';

/** A reader that takes nothing for this long is gone or hopeless; its snapshot must not keep dead rows from being cleaned. */
const stalledMs = 5 * 60_000;

export class Snapshot extends Queryable {
  constructor(private readonly raw: pg.PoolClient) {
    super();
  }

  protected override client() {
    return Promise.resolve({ client: this.raw, release: () => undefined });
  }

  /** Never more than `batchSize` rows in memory: the next are asked for when these are taken. */
  stream<Row>(statement: Sql, batchSize = 500): AsyncIterable<Row> {
    const { text, values } = statement.render();
    return this.raw.query(new QueryStream(text, values, { batchSize })) as AsyncIterable<Row>;
  }
}

/** Yields what `read` yields. The connection is free again at the end, at an error, and when the reader stops early. */
export async function* inSnapshot<Piece>(
  db: Database,
  read: (snapshot: Snapshot) => AsyncIterable<Piece>,
): AsyncGenerator<Piece, void, undefined> {
  const client = await db.pool.connect();
  let broken: Error | undefined;
  const note = (error: Error) => (broken = error);
  client.on('error', note);
  try {
    await client.query('begin isolation level repeatable read, read only');
    const snapshot = new Snapshot(client);
    await snapshot.run(settings);
    yield* read(snapshot);
  } finally {
    // Nothing was written, so it ends the same way however it ends. A connection that cannot even do that is thrown away.
    await client.query('rollback').catch(note);
    client.off('error', note);
    client.release(broken);
  }
}

/** Room for the hashes of large semi-joins, as a preview has it. */
const settings = sql`select set_config('work_mem', '64MB', true),
  set_config('idle_in_transaction_session_timeout', ${String(stalledMs)}, true)`;
