/**
 * "Age" in whole years on the contact's own day: it is a birthday in Auckland while Lima still has yesterday. Compiles to
 * a cut-off birth date per day of the world. Born on 29 February: a year older on 1 March of years without one.
 */
import { z } from 'zod';
import { type Sql, sql } from '../../sql.js';
import type { Clause } from '../clause.js';
import { dayOf, yearsBefore } from '../local-day.js';
import { byOwnDay } from '../own-day-sql.js';
import { type Context, type Profile, zoneOf } from '../profile.js';
import { rangeOf } from '../values.js';

const base = { kind: z.literal('age') };
const years = z.number('Must be a number').int().min(0).max(150);

const one = z.strictObject({
  ...base,
  operator: z.enum(['is', 'is-not', 'more', 'less', 'at-least', 'at-most']),
  value: years,
});
const between = z.strictObject({
  ...base,
  operator: z.literal('between'),
  value: rangeOf(years).refine(([from, to]) => from <= to, 'The first age must not be above the second'),
});
const known = z.strictObject({ ...base, operator: z.enum(['known', 'unknown']) });

/** Both ends of `between` are included; `is-not` holds for people whose birth date is unknown. */
export const ageRule = z
  .discriminatedUnion('operator', [one, between, known], 'Not an operator of age')
  .meta({ id: 'AgeRule', examples: [{ kind: 'age', operator: 'between', value: [25, 35] }] });

export type AgeRule = z.infer<typeof ageRule>;

/** Ages from `min` to `max`, both included; null is no bound. */
type Ages = { min: number | null; max: number | null };

export function compileAge(rule: AgeRule, context: Context): Clause {
  if (!('value' in rule))
    return { condition: rule.operator === 'known' ? sql`c.birth_date is not null` : sql`c.birth_date is null` };
  const condition = isWithin(agesOf(rule), context);
  return { condition: rule.operator === 'is-not' ? sql`(${condition}) is not true` : condition };
}

function isWithin({ min, max }: Ages, context: Context): Sql {
  const oldest = min === null ? null : sql`c.birth_date <= ${cutOff(min, context)}`;
  const youngest = max === null ? null : sql`c.birth_date > ${cutOff(max + 1, context)}`;
  if (oldest && youngest) return sql`(${oldest}\n    and ${youngest})`;
  return oldest ?? youngest ?? sql`true`;
}

/** The last birth date of those who are `age` or older today, wherever they are. */
function cutOff(age: number, context: Context): Sql {
  return byOwnDay(context, today => sql`${yearsBefore(today, age)}::date`);
}

export function matchesAge(rule: AgeRule, profile: Profile, context: Context): boolean {
  const birthDate = profile.fields.birthDate ?? null;
  if (!('value' in rule)) return (birthDate !== null) === (rule.operator === 'known');
  if (birthDate === null) return rule.operator === 'is-not';
  const age = ageOn(dayOf(zoneOf(profile), context.timeZone, context.now), String(birthDate));
  const { min, max } = agesOf(rule);
  return ((min === null || age >= min) && (max === null || age <= max)) !== (rule.operator === 'is-not');
}

function ageOn(today: string, birthDate: string): number {
  const years = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return today.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

function agesOf(rule: Exclude<AgeRule, { operator: 'known' | 'unknown' }>): Ages {
  switch (rule.operator) {
    case 'is':
    case 'is-not':
      return { min: rule.value, max: rule.value };
    case 'more':
      return { min: rule.value + 1, max: null };
    case 'at-least':
      return { min: rule.value, max: null };
    case 'less':
      return { min: null, max: rule.value - 1 };
    case 'at-most':
      return { min: null, max: rule.value };
    case 'between':
      return { min: rule.value[0], max: rule.value[1] };
  }
}
