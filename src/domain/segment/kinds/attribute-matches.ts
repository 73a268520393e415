/** "Attribute" judged in memory, the same answers as its SQL. */
import { type Field, type FieldType, fields } from '../fields.js';
import { fold } from '../fold.js';
import type { FieldValue, Profile } from '../profile.js';
import type { AttributeRule } from './attribute.js';

export function matchesAttribute(rule: AttributeRule, profile: Profile): boolean {
  const { type }: Field = fields[rule.field];
  const value = profile.fields[rule.field] ?? null;
  if (!('value' in rule)) return isKnown(value) === (rule.operator === 'known');
  if (type === 'texts') return holdsForTexts(rule, (value ?? []) as readonly string[]);
  if (value === null) return rule.operator === 'is-not' || rule.operator === 'not-in';
  return holds(rule, type, value);
}

/** A list without items tells as little as no list. */
function isKnown(value: FieldValue): boolean {
  return value !== null && !(Array.isArray(value) && value.length === 0);
}

type Comparison = Extract<AttributeRule, { value: unknown }>;

function holds(rule: Comparison, type: FieldType, raw: FieldValue): boolean {
  const value = comparable(type, raw);
  const wanted = [rule.value].flat().map(item => comparable(type, item));
  const [first = value, last = first] = wanted;
  switch (rule.operator) {
    case 'is':
    case 'in':
      return wanted.includes(value);
    case 'is-not':
    case 'not-in':
      return !wanted.includes(value);
    case 'contains':
      return String(value).includes(String(first));
    case 'prefix':
      return String(value).startsWith(String(first));
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
  }
}

function holdsForTexts(rule: Comparison, items: readonly string[]): boolean {
  const wanted = new Set([rule.value].flat().map(item => fold(String(item))));
  const hasOne = items.some(item => wanted.has(fold(item)));
  return hasOne !== (rule.operator === 'not-in');
}

/** A form in which === and < mean what they mean in PostgreSQL. */
function comparable(type: FieldType, value: FieldValue): string | number {
  if (value instanceof Date) return value.getTime();
  if (type === 'instant') return Date.parse(String(value));
  if (type === 'number') return Number(value);
  return type === 'text' ? fold(String(value)) : String(value);
}
