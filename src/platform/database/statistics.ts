/**
 * Fresh statistics for the planner. A table that has just been filled counts as empty until it is analyzed, and joins on it
 * are planned as nested loops: a freeze of 4 000 people took 2.4 s instead of 30 ms. Autovacuum looks once a minute; whoever
 * is about to join big tables asks here first, and the sweeper asks for all tables.
 */
import { Injectable } from '@nestjs/common';
import { identifier, type Sql, sql } from '../../domain/sql.js';
import { Sweeps, type SweepTask } from '../jobs/handles.js';
import { Database } from './database.js';

/** A table is stale when it was never analyzed, or this many rows plus a tenth of it changed since. */
const staleRows = 500;

@Injectable()
export class Statistics {
  constructor(private readonly db: Database) {}

  /** Analyzes those of the tables whose statistics are stale (all of ours when none are named); cheap when none are. */
  async freshen(tables: readonly string[] | null): Promise<void> {
    const stale = await this.db.rows<{ name: string }>(selectStale(tables));
    for (const { name } of stale) await this.db.run(sql`analyze ${identifier(name)}`);
  }
}

/** Partitions are analyzed one by one, so a partitioned parent (relkind p) is left to them. */
function selectStale(tables: readonly string[] | null): Sql {
  return sql`
    select c.relname as name
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
    left join pg_stat_all_tables s on s.relid = c.oid
    where c.relkind = 'r' and (${tables}::text[] is null or c.relname = any (${tables}::text[]))
      and ((c.reltuples < 0 and pg_relation_size(c.oid) > 0) or s.n_mod_since_analyze > ${staleRows} + greatest(c.reltuples, 0) / 10)`;
}

@Sweeps()
export class FreshenStatistics implements SweepTask {
  constructor(private readonly statistics: Statistics) {}

  async sweep(): Promise<void> {
    await this.statistics.freshen(null);
  }
}
