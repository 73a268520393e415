/** Questions that read a whole workspace for somebody who waits: a turn, fresh statistics, read only, and an end. */
import { Injectable } from '@nestjs/common';
import { type Sql, sql } from '../../domain/sql.js';
import { AppError } from '../errors.js';
import { Database, type Tx } from './database.js';
import { HeavyReads } from './heavy-reads.js';
import { Statistics } from './statistics.js';

const canceledCode = '57014';

@Injectable()
export class BoundedReads {
  /** Longer than any sensible rule takes at millions of contacts; an editor must not hang the database. */
  readonly timeoutMs: number = 30_000;

  constructor(
    private readonly db: Database,
    private readonly statistics: Statistics,
    private readonly heavy: HeavyReads,
  ) {}

  /** `tables` are those it reads most of. */
  async run<Result>(tables: readonly string[], work: (tx: Tx) => Promise<Result>): Promise<Result> {
    try {
      return await this.heavy.run(async () => {
        await this.statistics.freshen(tables);
        return this.db.transaction(async tx => {
          await tx.run(readSettings(this.timeoutMs));
          return work(tx);
        });
      });
    } catch (error) {
      if ((error as { code?: string }).code !== canceledCode) throw error;
      throw new AppError('unavailable', `Counting took longer than ${this.timeoutMs / 1000} s and was stopped`, [], {
        cause: error,
      });
    }
  }
}

/**
 * For one transaction: read only, bounded in time, and room for the hashes of large semi-joins (a subplan that does not
 * fit is run once per contact: minutes instead of a second).
 */
function readSettings(timeoutMs: number): Sql {
  return sql`select set_config('transaction_read_only', 'on', true), set_config('work_mem', '64MB', true),
    set_config('statement_timeout', ${String(timeoutMs)}, true)`;
}
