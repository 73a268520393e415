/** "Attribute" as SQL. Text is compared by `lower()` on both sides; nothing is a LIKE pattern, so % and _ are plain signs. */
import { identifier, type Sql, sql } from '../../sql.js';
import type { Clause } from '../clause.js';
import { type Field, type FieldType, fields } from '../fields.js';
import { toUtc } from '../values.js';
import type { AttributeRule } from './attribute.js';

export function compileAttribute(rule: AttributeRule): Clause {
  const { column: name, type }: Field = fields[rule.field];
  const column = sql`c.${identifier(name)}`;
  return { condition: type === 'texts' ? compareTexts(column, rule) : compare(column, type, rule) };
}

function compare(column: Sql, type: FieldType, rule: AttributeRule): Sql {
  const value = (raw: string | number): Sql => parameter(type, raw);
  const left = type === 'text' ? sql`lower(${column})` : column;
  switch (rule.operator) {
    case 'known':
      return sql`${column} is not null`;
    case 'unknown':
      return sql`${column} is null`;
    case 'is':
      return sql`${left} = ${value(rule.value)}`;
    case 'is-not':
      return sql`(${left} = ${value(rule.value)}) is not true`;
    case 'in':
      return isOneOf(left, type, rule.value);
    case 'not-in':
      return sql`(${isOneOf(left, type, rule.value)}) is not true`;
    case 'contains':
      return sql`strpos(${left}, ${value(rule.value)}) > 0`;
    case 'prefix':
      // contact_name_idx and contact_first_name_idx serve this for names
      return sql`starts_with(${left}, ${value(rule.value)})`;
    case 'more':
      return sql`${left} > ${value(rule.value)}`;
    case 'less':
      return sql`${left} < ${value(rule.value)}`;
    case 'at-least':
      return sql`${left} >= ${value(rule.value)}`;
    case 'at-most':
      return sql`${left} <= ${value(rule.value)}`;
    case 'between':
      return sql`${left} between ${value(rule.value[0])} and ${value(rule.value[1])}`;
  }
}

/** Lists of what people said of themselves; an empty list is unknown. */
function compareTexts(column: Sql, rule: AttributeRule): Sql {
  switch (rule.operator) {
    case 'known':
      return sql`cardinality(${column}) > 0`;
    case 'unknown':
      return sql`(cardinality(${column}) > 0) is not true`;
    case 'contains':
      return anyItem(column, sql`lower(item) = lower(${rule.value}::text)`);
    case 'in':
      return anyItem(column, isOneOf(sql`lower(item)`, 'text', rule.value));
    case 'not-in':
      return sql`not ${anyItem(column, isOneOf(sql`lower(item)`, 'text', rule.value))}`;
    default:
      throw new Error(`"${rule.operator}" cannot be asked of ${rule.field}`);
  }
}

/** True or false, never NULL: a contact without the list has no item. */
function anyItem(column: Sql, condition: Sql): Sql {
  return sql`exists (select from unnest(${column}) as item where ${condition})`;
}

const sqlTypes = {
  text: 'text',
  texts: 'text',
  choice: 'text',
  number: 'numeric',
  day: 'date',
  instant: 'timestamptz',
} as const satisfies Record<FieldType, string>;

function parameter(type: FieldType, raw: string | number): Sql {
  const value = type === 'instant' ? toUtc(String(raw)) : raw;
  const typed = sql`${value}::${identifier(sqlTypes[type])}`;
  return type === 'text' ? sql`lower(${typed})` : typed;
}

/** Folded lists are a hashed subselect: folding them here would part from PostgreSQL's `lower()` on rare letters. */
function isOneOf(left: Sql, type: FieldType, values: readonly (string | number)[]): Sql {
  if (type === 'text') return sql`${left} in (select lower(given) from unnest(${values}::text[]) as given)`;
  return sql`${left} = any(${values}::${identifier(sqlTypes[type])}[])`;
}
