/**
 * PostgreSQL for services: statements are `Sql` fragments, a transaction is opened by a service and passed on as `Tx`,
 * by-id work on one table may use a TypeORM repository of the same transaction. Dates without time stay strings, bigints
 * and numerics are strings.
 */
import { Injectable } from '@nestjs/common';
import pg from 'pg';
import QueryStream from 'pg-query-stream';
import {
  DataSource,
  type EntityManager,
  type EntityTarget,
  type ObjectLiteral,
  type QueryRunner,
  type Repository,
} from 'typeorm';
import { setTimeout as delay } from 'node:timers/promises';
import type { Sql } from '../../domain/sql.js';
import { queryOf } from './query-of.js';

const dateType = 1082;
pg.types.setTypeParser(dateType, text => text);

/** Whatever runs statements: the database (each statement its own transaction) or a transaction. */
export abstract class Queryable {
  protected abstract client(): Promise<{ client: Pick<pg.PoolClient, 'query'>; release: () => void }>;

  /** All rows of a statement. */
  async rows<Row extends object>(statement: Sql): Promise<Row[]> {
    const { client, release } = await this.client();
    try {
      return (await client.query<Row & pg.QueryResultRow>(queryOf(statement))).rows;
    } finally {
      release();
    }
  }

  /** The first row, or null. */
  async row<Row extends object>(statement: Sql): Promise<Row | null> {
    return (await this.rows<Row>(statement))[0] ?? null;
  }

  /** Runs a statement for its effect; the number of rows it touched. */
  async run(statement: Sql): Promise<number> {
    const { client, release } = await this.client();
    try {
      return (await client.query(queryOf(statement))).rowCount ?? 0;
    } finally {
      release();
    }
  }
}

/** One open transaction. Never kept beyond the callback that received it. */
export class Tx extends Queryable {
  constructor(
    private readonly raw: pg.PoolClient,
    readonly manager: EntityManager,
  ) {
    super();
  }

  protected override client() {
    return Promise.resolve({ client: this.raw, release: () => undefined });
  }

  repository<Entity extends ObjectLiteral>(entity: EntityTarget<Entity>): Repository<Entity> {
    return this.manager.getRepository(entity);
  }

  /** Rows as a stream, for exports: never more than `batchSize` of them in memory. */
  stream<Row>(statement: Sql, batchSize = 1000): AsyncIterable<Row> {
    const { text, values } = statement.render();
    return this.raw.query(new QueryStream(text, values, { batchSize })) as AsyncIterable<Row>;
  }
}

/** How often, and for how long, a lost database is asked for again. */
const napMs = 100;
const longestWaitMs = 60_000;

const retriedCodes = new Set(['40001', '40P01']);
const transactionTries = 3;

@Injectable()
export class Database extends Queryable {
  constructor(private readonly dataSource: DataSource) {
    super();
  }

  protected override client() {
    return Promise.resolve({ client: this.pool, release: () => undefined });
  }

  /** The driver's pool, for what needs a connection of its own (LISTEN, a session lock). */
  get pool(): pg.Pool {
    return (this.dataSource.driver as unknown as { master: pg.Pool }).master;
  }

  repository<Entity extends ObjectLiteral>(entity: EntityTarget<Entity>): Repository<Entity> {
    return this.dataSource.getRepository(entity);
  }

  /**
   * Runs `work` again until the database is back, when the connection was lost: for what must be written and is safe to
   * write twice. Gives up after a minute.
   */
  async whenBack<Result>(work: () => Promise<Result>): Promise<Result> {
    for (let naps = 0; ; naps++) {
      try {
        return await work();
      } catch (error) {
        if (!isConnectionLost(error) || naps >= longestWaitMs / napMs) throw error;
        await delay(napMs);
      }
    }
  }

  /** Lends one connection for what outlives a statement and is no transaction: a session lock. It is thrown away if it broke. */
  async session<Result>(work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    // A lent connection that breaks between statements tells only its own listeners; without one the process would end.
    const note = (error: Error) => (broken = error);
    client.on('error', note);
    try {
      return await work(client);
    } catch (error) {
      broken ??= error as Error;
      throw error;
    } finally {
      client.off('error', note);
      client.release(broken);
    }
  }

  /**
   * Runs `work` in one READ COMMITTED transaction. Run again from the start when PostgreSQL chose it as the victim of a
   * deadlock, so `work` must have no effect outside the transaction.
   */
  async transaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once(work);
      } catch (error) {
        if (attempt >= transactionTries || !retriedCodes.has((error as { code?: string }).code ?? '')) throw error;
      }
    }
  }

  private async once<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    const runner: QueryRunner = this.dataSource.createQueryRunner();
    try {
      const client = (await runner.connect()) as pg.PoolClient;
      await runner.startTransaction();
      const result = await work(new Tx(client, runner.manager));
      await runner.commitTransaction();
      return result;
    } catch (error) {
      // A lost connection cannot roll back; PostgreSQL does that by itself.
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      await runner.release();
    }
  }
}

/** True when PostgreSQL refused a duplicate; `constraint` narrows it to one unique constraint or index. */
export function isDuplicate(error: unknown, constraint?: string): boolean {
  const cause = error as { code?: string; constraint?: string; driverError?: { code?: string; constraint?: string } };
  const { code, constraint: violated } = cause.driverError ?? cause;
  return code === '23505' && (constraint === undefined || violated === constraint);
}

/** SQLSTATE classes 08 (connection), 57P0x (shutdown, crash, starting up) and 53300 (no connection is free). */
const lostStates = /^(08[0-9A-Z]{3}|57P0[1-5]|53300)$/;
/** The socket's own codes, and those of a name that is not known while a container or a replica takes over. */
const lostCodes = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;
const lostMessages = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** True when the database went away (it restarts, or the network broke): the statement may or may not have been carried out. */
export function isConnectionLost(error: unknown): boolean {
  const { code, message } = (error as { code?: unknown; message?: unknown } | null) ?? {};
  return [lostStates, lostCodes].some(codes => codes.test(String(code))) || lostMessages.test(String(message));
}
