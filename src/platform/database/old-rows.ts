/** Counting rows that are old enough to go, and deleting them some at a time: short transactions whatever the size of the table. */
import { identifier, type Sql, sql } from '../../domain/sql.js';
import type { Queryable } from './database.js';

export async function countOld(db: Queryable, table: string, condition: Sql): Promise<number> {
  const row = await db.row<{ n: number }>(sql`select count(*)::float8 as n from ${identifier(table)} where ${condition}`);
  return row?.n ?? 0;
}

/** Deletes at most `limit`; how many it was. By row address, which needs no key; not for partitioned tables, whose addresses are not unique. */
export function forgetBatch(tx: Queryable, table: string, condition: Sql, limit: number): Promise<number> {
  const name = identifier(table);
  return tx.run(sql`delete from ${name} where ctid = any (array(select ctid from ${name} where ${condition} limit ${limit}))`);
}
