/**
 * Who holds a claim. Each worker process takes a number and holds an advisory lock on it for its life: a number whose lock
 * is free belongs to a dead process, proved by PostgreSQL and not by a timeout. The connection is remade with the same
 * number when it breaks (the database restarted).
 */
import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { type Sql, sql } from '../../domain/sql.js';
import { Database } from '../database/database.js';
import { locks } from '../database/locks.js';
import { Logs } from '../log.js';

const reconnectMs = 250;

@Injectable()
export class WorkerIdentity {
  private client: pg.PoolClient | undefined;
  private number = 0;
  private stopped = false;

  constructor(
    private readonly db: Database,
    private readonly logs: Logs,
  ) {}

  /** This process's worker number: what it writes as owner of what it claims. */
  get id(): number {
    return this.number;
  }

  /** False while the lock is lost: others may take us for dead, so nothing new may be claimed or sent. */
  get isHeld(): boolean {
    return this.client !== undefined;
  }

  /** Called once by the job host before it takes the first job. */
  async take(): Promise<void> {
    const row = await this.db.row<{ id: number }>(sql`select nextval('worker_id_seq')::int as id`);
    this.number = row?.id ?? 0;
    await this.hold();
  }

  /** Called by the job host when its last job has ended. In a shutdown hook of our own it would come after the pool's end, which waits for this connection. */
  giveUp(): void {
    this.stopped = true;
    this.client?.release(true);
    this.client = undefined;
  }

  private async hold(): Promise<void> {
    const client = await this.db.pool.connect();
    client.once('error', error => {
      this.client = undefined;
      client.release(error);
      if (!this.stopped) this.reconnect();
    });
    await client.query('select pg_advisory_lock($1, $2)', [locks.worker, this.number]);
    this.client = client;
  }

  private reconnect(): void {
    setTimeout(() => {
      if (this.stopped) return;
      this.hold().catch((error: unknown) => {
        this.logs.log.warn({ err: error }, 'worker identity not held yet');
        this.reconnect();
      });
    }, reconnectMs);
  }
}

/** True where the worker number in `column` has no living process. */
export function isOwnerDead(column: Sql): Sql {
  return sql`not exists (select from pg_locks l where l.locktype = 'advisory' and l.classid = ${locks.worker}::bigint::oid
    and l.objid = ${column}::bigint::oid and l.objsubid = 2 and l.granted
    and l.database = (select oid from pg_database where datname = current_database()))`;
}
