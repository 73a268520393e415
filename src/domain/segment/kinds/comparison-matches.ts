/** Comparisons judged in memory, the same answers as their SQL. */
import type { ValueType } from '../fields.js';
import { fold } from '../fold.js';
import type { Context, FieldValue } from '../profile.js';
import type { Comparison, ValueTest } from './comparison.js';
import type { Scalar } from './comparison-sql.js';
import { isRelative, matchesRelative } from './relative.js';

/** `zone` is the contact's own; null, when it is not known. */
export function matchesComparison(
  value: FieldValue,
  type: ValueType,
  test: Comparison<Scalar>,
  zone: string | null,
  context: Context,
): boolean {
  if (isRelative(test)) return value !== null && matchesRelative(value as string | Date, zone, test, context);
  if (!('value' in test)) return isKnown(value) === (test.operator === 'known');
  if (type === 'texts' || type === 'choices') return holdsForList(test, (value ?? []) as readonly string[], type);
  if (value === null) return test.operator === 'is-not' || test.operator === 'not-in' || test.operator === 'not-contains';
  return holds(test, type, value as Scalar | Date);
}

/** A list without items tells as little as no list. */
function isKnown(value: FieldValue): boolean {
  return value !== null && !(Array.isArray(value) && value.length === 0);
}

function holds(test: ValueTest<Scalar>, type: ValueType, raw: Scalar | Date): boolean {
  const value = comparable(type, raw);
  const wanted = [test.value].flat().map(item => comparable(type, item));
  const [first = value, last = first] = wanted;
  switch (test.operator) {
    case 'is':
    case 'in':
      return wanted.includes(value);
    case 'is-not':
    case 'not-in':
      return !wanted.includes(value);
    case 'contains':
      return String(value).includes(String(first));
    case 'not-contains':
      return !String(value).includes(String(first));
    case 'prefix':
      return String(value).startsWith(String(first));
    case 'suffix':
      return String(value).endsWith(String(first));
    case 'more':
      return value > first;
    case 'less':
      return value < first;
    case 'at-least':
      return value >= first;
    case 'at-most':
      return value <= first;
    case 'between':
      return value >= first && value <= last;
    case 'contains-all':
      throw new Error(`"contains-all" cannot be asked of ${type}`);
  }
}

function holdsForList(test: ValueTest<Scalar>, items: readonly string[], type: 'texts' | 'choices'): boolean {
  const same = (item: Scalar): string => (type === 'texts' ? fold(String(item)) : String(item));
  const wanted = new Set([test.value].flat().map(same));
  const known = new Set(items.map(same));
  if (test.operator === 'contains-all') return [...wanted].every(item => known.has(item));
  return [...wanted].some(item => known.has(item)) !== (test.operator === 'not-in');
}

/** A form in which === and < mean what they mean in PostgreSQL. */
function comparable(type: ValueType, value: Scalar | Date): Scalar {
  if (value instanceof Date) return value.getTime();
  if (type === 'instant') return Date.parse(String(value));
  if (type === 'number') return Number(value);
  if (type === 'boolean') return value;
  return type === 'text' ? fold(String(value)) : String(value);
}
