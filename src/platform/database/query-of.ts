/**
 * A statement as the driver takes it. A prepared one gets a name that stands for its text, the same on every connection: a connection that
 * has not met it prepares it, and PostgreSQL plans it anew when a table it reads was changed or analyzed.
 */
import type pg from 'pg';
import type { Sql } from '../../domain/sql.js';

const names = new Map<string, string>();

export function queryOf(statement: Sql): pg.QueryConfig {
  const { text, values } = statement.render();
  return statement.isPrepared ? { name: nameOf(text), text, values } : { text, values };
}

function nameOf(text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  const name = `muster_${names.size + 1}`;
  names.set(text, name);
  return name;
}
