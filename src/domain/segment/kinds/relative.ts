/**
 * Dates told by their distance from now, of any column of days or instants. A day is compared with the contact's own today, both
 * ends included; an instant with the moment, but "on" a day and "today" are the contact's own day for instants too.
 */
import { z } from 'zod';
import { type Sql, sql } from '../../sql.js';
import { type Day, dayOf } from '../local-day.js';
import { byOwnDay, isOnOwnDay } from '../own-day-sql.js';
import type { Context } from '../profile.js';
import { type Distance, distance, moveDay, moveInstant, type Span, span } from '../span.js';

export const relativeOperators = ['in-last', 'in-next', 'before', 'on', 'after', 'today'] as const;

export type RelativeTest =
  | { operator: 'in-last' | 'in-next'; value: Span }
  | { operator: 'before' | 'on' | 'after'; value: Distance }
  | { operator: 'today' };

/** The shapes of such a leaf, around what the leaf has beside them. */
export const relativeShapes = <Base extends z.ZodRawShape>(base: Base) =>
  [
    z.strictObject({ ...base, operator: z.enum(['in-last', 'in-next']), value: span }),
    z.strictObject({ ...base, operator: z.enum(['before', 'on', 'after']), value: distance }),
    z.strictObject({ ...base, operator: z.literal('today') }),
  ] as const;

export function isRelative<Test extends { operator: string }>(test: Test): test is Extract<Test, RelativeTest> {
  return (relativeOperators as readonly string[]).includes(test.operator);
}

export function compileRelative(column: Sql, type: 'day' | 'instant', test: RelativeTest, context: Context): Sql {
  if (type === 'day') return byOwnDay(context, today => isBetween(column, daysOf(test, today)));
  const on = distanceOf(test);
  if (on) return isOnOwnDay(column, context, today => moveDay(today, on));
  const { after, until, before } = momentsOf(test, context.now);
  const ends = [
    after && sql`${column} > ${after.toISOString()}::timestamptz`,
    until && sql`${column} <= ${until.toISOString()}::timestamptz`,
    before && sql`${column} < ${before.toISOString()}::timestamptz`,
  ];
  return ends.filter(end => end !== undefined).reduce((all, next) => sql`${all} and ${next}`);
}

/** `value` as `YYYY-MM-DD`, or an instant. */
export function matchesRelative(value: Day | Date, zone: string | null, test: RelativeTest, context: Context): boolean {
  const { now, timeZone } = context;
  const today = dayOf(zone, timeZone, now);
  if (!(value instanceof Date)) return isInside(value, daysOf(test, today));
  const on = distanceOf(test);
  if (on) return dayOf(zone, timeZone, value) === moveDay(today, on);
  const { after, until, before } = momentsOf(test, now);
  return (!after || value > after) && (!until || value <= until) && (!before || value < before);
}

/** Both ends included. */
type Days = { from?: Day; to?: Day };

function daysOf(test: RelativeTest, today: Day): Days {
  switch (test.operator) {
    case 'in-last':
      return { from: moveDay(today, { ...test.value, direction: 'ago' }), to: today };
    case 'in-next':
      return { from: today, to: moveDay(today, { ...test.value, direction: 'from-now' }) };
    case 'before':
      return { to: moveDay(moveDay(today, test.value), { amount: 1, unit: 'days', direction: 'ago' }) };
    case 'after':
      return { from: moveDay(moveDay(today, test.value), { amount: 1, unit: 'days', direction: 'from-now' }) };
    case 'on':
      return { from: moveDay(today, test.value), to: moveDay(today, test.value) };
    case 'today':
      return { from: today, to: today };
  }
}

function isBetween(column: Sql, { from, to }: Days): Sql {
  if (from === to) return sql`${column} = ${from}::date`;
  if (from === undefined) return sql`${column} <= ${to}::date`;
  return to === undefined ? sql`${column} >= ${from}::date` : sql`${column} between ${from}::date and ${to}::date`;
}

function isInside(day: Day, { from, to }: Days): boolean {
  return (from === undefined || day >= from) && (to === undefined || day <= to);
}

function distanceOf(test: RelativeTest): Distance | null {
  if (test.operator === 'today') return { amount: 0, unit: 'days', direction: 'ago' };
  return test.operator === 'on' ? test.value : null;
}

function momentsOf(test: RelativeTest, now: Date): { after?: Date; until?: Date; before?: Date } {
  switch (test.operator) {
    case 'in-last':
      return { after: moveInstant(now, { ...test.value, direction: 'ago' }), until: now };
    case 'in-next':
      return { after: now, until: moveInstant(now, { ...test.value, direction: 'from-now' }) };
    case 'before':
      return { before: moveInstant(now, test.value) };
    case 'after':
      return { after: moveInstant(now, test.value) };
    default:
      throw new Error(`"${test.operator}" asks for a day`);
  }
}
