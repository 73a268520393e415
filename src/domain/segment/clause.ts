/**
 * What one rule becomes in SQL: a condition on `c` (the contact), or a select of `contact_id`s. Selects stay selects as
 * long as possible: PostgreSQL runs `c.id in (…)` as one semi-join and its absence as one anti-join, whatever the size.
 */
import { joinSql, type Sql, sql } from '../sql.js';

export type Clause = { condition: Sql } | { contactIds: Sql };

export const everyone: Clause = { condition: sql`true` };
export const nobody: Clause = { condition: sql`false` };

export function asCondition(clause: Clause): Sql {
  return 'condition' in clause ? clause.condition : sql`c.id in (${clause.contactIds})`;
}

/**
 * All contacts for whom the clause is not true: with `not` alone, or `not in`, an unknown (NULL) would drop people from
 * both the rule and its opposite.
 */
export function absence(clause: Clause): Clause {
  if ('condition' in clause) return { condition: sql`(${clause.condition}) is not true` };
  return { condition: sql`not exists (select from (${clause.contactIds}) as found where found.contact_id = c.id)` };
}

export function allOf(clauses: readonly Clause[]): Clause {
  const [only] = clauses;
  if (clauses.length === 1 && only) return only;
  return { condition: sql`(${joinSql(clauses.map(asCondition), '\n  and ')})` };
}

/** Selects are joined into one, so that any number of "did this or that" costs one semi-join. */
export function anyOf(clauses: readonly Clause[]): Clause {
  const selects = clauses.flatMap(clause => ('contactIds' in clause ? [clause.contactIds] : []));
  const joined: Clause[] = selects.length > 0 ? [{ contactIds: joinSql(selects, '\n  union all ') }] : [];
  const all = [...clauses.filter(clause => 'condition' in clause), ...joined];
  const [only] = all;
  if (all.length === 1 && only) return only;
  return { condition: sql`(${joinSql(all.map(asCondition), '\n  or ')})` };
}
