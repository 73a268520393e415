/**
 * "Anniversary": a birthday or the day of another date, each year, on the contact's own day. The year of the date itself does not
 * count. In years without one, 29 February is kept on the 28th, or on 1 March where the rule says so.
 */
import { z } from 'zod';
import { id } from '../../scalars.js';
import { joinSql, type Sql, sql } from '../../sql.js';
import type { Clause } from '../clause.js';
import { type Day, dayOf, isLeap } from '../local-day.js';
import { byOwnDay } from '../own-day-sql.js';
import { type Context, type Profile, zoneOf } from '../profile.js';
import { moveDay } from '../span.js';

const base = {
  kind: z.literal('anniversary'),
  /** The birth date, or a custom attribute of type date. */
  of: z.union([z.strictObject({ field: z.literal('birthDate') }), z.strictObject({ attributeId: id })], {
    error: 'Must be {"field": "birthDate"} or {"attributeId": "…"}',
  }),
  leapDay: z.enum(['feb-28', 'mar-1']).default('feb-28'),
};
const days = z.number('Must be a number').int().min(0).max(364);

export const anniversaryRule = z
  .discriminatedUnion(
    'operator',
    [
      z.strictObject({ ...base, operator: z.enum(['today', 'this-month']) }),
      /** `in-days`: that many days from today, exactly; `within-days`: today or on one of the next days. */
      z.strictObject({ ...base, operator: z.enum(['in-days', 'within-days']), days }),
    ],
    'Must be today, in-days, within-days or this-month',
  )
  .meta({
    id: 'AnniversaryRule',
    examples: [{ kind: 'anniversary', of: { field: 'birthDate' }, operator: 'in-days', days: 7, leapDay: 'feb-28' }],
  });

export type AnniversaryRule = z.infer<typeof anniversaryRule>;

export function compileAnniversary(rule: AnniversaryRule, context: Context): Clause {
  const date = 'field' in rule.of ? sql`c.birth_date` : sql`(c.attributes ->> ${rule.of.attributeId}::text)::date`;
  return { condition: byOwnDay(context, today => isOneOf(date, keptOn(rule, today))) };
}

export function matchesAnniversary(rule: AnniversaryRule, profile: Profile, context: Context): boolean {
  const date = 'field' in rule.of ? profile.fields.birthDate : profile.attributes[rule.of.attributeId];
  if (typeof date !== 'string') return false;
  const today = dayOf(zoneOf(profile), context.timeZone, context.now);
  const monthDay = monthDayOf(date);
  return [...keptOn(rule, today)].some(([year, monthDays]) => Number(date.slice(0, 4)) < year && monthDays.includes(monthDay));
}

/** Months and days, as 1231, by the year in which they are asked for: at the end of December there are two. */
type MonthDays = ReadonlyMap<number, number[]>;

function keptOn(rule: AnniversaryRule, today: Day): MonthDays {
  const found = new Map<number, number[]>();
  for (const day of daysAsked(rule, today)) {
    const year = Number(day.slice(0, 4));
    const monthDay = monthDayOf(day);
    const isLeapDay = !isLeap(year) && monthDay === (rule.leapDay === 'feb-28' ? 228 : 301);
    found.set(year, [...(found.get(year) ?? []), monthDay, ...(isLeapDay ? [229] : [])]);
  }
  return found;
}

function daysAsked(rule: AnniversaryRule, today: Day): Day[] {
  const later = (amount: number): Day => moveDay(today, { amount, unit: 'days', direction: 'from-now' });
  switch (rule.operator) {
    case 'today':
      return [today];
    case 'in-days':
      return [later(rule.days)];
    case 'within-days':
      return Array.from({ length: rule.days + 1 }, (_, amount) => later(amount));
    case 'this-month':
      return daysOfMonth(today.slice(0, 7));
  }
}

function daysOfMonth(month: string): Day[] {
  const first = `${month}-01`;
  return Array.from({ length: 31 }, (_, amount) => moveDay(first, { amount, unit: 'days', direction: 'from-now' })).filter(day =>
    day.startsWith(month),
  );
}

function isOneOf(date: Sql, asked: MonthDays): Sql {
  const monthDay = sql`date_part('month', ${date}) * 100 + date_part('day', ${date})`;
  const years = [...asked].map(
    ([year, monthDays]) => sql`${date} < ${`${year}-01-01`}::date and ${monthDay} = any(${monthDays}::float8[])`,
  );
  return years.length === 1 ? joinSql(years, '') : sql`(${joinSql(years, ' or ')})`;
}

function monthDayOf(day: Day): number {
  return Number(day.slice(5, 7)) * 100 + Number(day.slice(8, 10));
}
