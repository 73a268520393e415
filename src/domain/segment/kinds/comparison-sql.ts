/** Comparisons as SQL. Text is compared by `lower()` on both sides; nothing is a LIKE pattern, so % and _ are plain signs. */
import { identifier, type Sql, sql } from '../../sql.js';
import type { ScalarType, ValueType } from '../fields.js';
import type { Context } from '../profile.js';
import { toUtc } from '../values.js';
import type { Comparison } from './comparison.js';
import { compileRelative, isRelative } from './relative.js';

export type Scalar = string | number | boolean;

/** `column` is of the type's own SQL type: text[] for lists. */
export function compileComparison(column: Sql, type: ValueType, test: Comparison<Scalar>, context: Context): Sql {
  if (type === 'texts' || type === 'choices') return compareList(column, type === 'texts' ? 'text' : 'choice', test);
  if (isRelative(test)) return compileRelative(column, type === 'day' ? 'day' : 'instant', test, context);
  return compare(column, type, test);
}

function compare(column: Sql, type: ScalarType, test: Comparison<Scalar>): Sql {
  const value = (raw: Scalar): Sql => parameter(type, raw);
  const left = type === 'text' ? sql`lower(${column})` : column;
  switch (test.operator) {
    case 'known':
      return sql`${column} is not null`;
    case 'unknown':
      return sql`${column} is null`;
    case 'is':
      return sql`${left} = ${value(test.value)}`;
    case 'is-not':
      return sql`(${left} = ${value(test.value)}) is not true`;
    case 'in':
      return isOneOf(left, type, test.value);
    case 'not-in':
      return sql`(${isOneOf(left, type, test.value)}) is not true`;
    case 'contains':
      return sql`strpos(${left}, ${value(test.value)}) > 0`;
    case 'not-contains':
      return sql`(strpos(${left}, ${value(test.value)}) > 0) is not true`;
    case 'prefix':
      // contact_name_idx and contact_first_name_idx serve this for names
      return sql`starts_with(${left}, ${value(test.value)})`;
    case 'suffix':
      return sql`right(${left}, length(${value(test.value)})) = ${value(test.value)}`;
    case 'more':
      return sql`${left} > ${value(test.value)}`;
    case 'less':
      return sql`${left} < ${value(test.value)}`;
    case 'at-least':
      return sql`${left} >= ${value(test.value)}`;
    case 'at-most':
      return sql`${left} <= ${value(test.value)}`;
    case 'between':
      return sql`${left} between ${value(test.value[0])} and ${value(test.value[1])}`;
    default:
      throw new Error(`"${test.operator}" cannot be asked of ${type}`);
  }
}

/** An empty list tells as little as none: it is unknown. */
function compareList(column: Sql, type: 'text' | 'choice', test: Comparison<Scalar>): Sql {
  const item = type === 'text' ? sql`lower(item)` : sql`item`;
  const given = type === 'text' ? sql`lower(given)` : sql`given`;
  switch (test.operator) {
    case 'known':
      return sql`cardinality(${column}) > 0`;
    case 'unknown':
      return sql`(cardinality(${column}) > 0) is not true`;
    case 'contains':
      return anyItem(column, sql`${item} = ${parameter(type, test.value)}`);
    case 'in':
      return anyItem(column, isOneOf(item, type, test.value));
    case 'not-in':
      return sql`not ${anyItem(column, isOneOf(item, type, test.value))}`;
    case 'contains-all':
      // Each given one is looked for among the items; without items the array is NULL and none is found.
      return sql`not exists (select from unnest(${test.value}::text[]) as given where (${given} = any(array(select ${item} from unnest(${column}) as item))) is not true)`;
    default:
      throw new Error(`"${test.operator}" cannot be asked of a list`);
  }
}

/** True or false, never NULL: a contact without the list has no item. */
function anyItem(column: Sql, condition: Sql): Sql {
  return sql`exists (select from unnest(${column}) as item where ${condition})`;
}

const sqlTypes = {
  text: 'text',
  choice: 'text',
  number: 'numeric',
  boolean: 'boolean',
  day: 'date',
  instant: 'timestamptz',
} as const satisfies Record<ScalarType, string>;

function parameter(type: ScalarType, raw: Scalar): Sql {
  const value = type === 'instant' ? toUtc(String(raw)) : raw;
  const typed = sql`${value}::${identifier(sqlTypes[type])}`;
  return type === 'text' ? sql`lower(${typed})` : typed;
}

/** Folded lists are a hashed subselect: folding them here would part from PostgreSQL's `lower()` on rare letters. */
function isOneOf(left: Sql, type: ScalarType, values: readonly Scalar[]): Sql {
  if (type === 'text') return sql`${left} in (select lower(given) from unnest(${values}::text[]) as given)`;
  return sql`${left} = any(${values}::${identifier(sqlTypes[type])}[])`;
}
