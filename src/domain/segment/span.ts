/**
 * A length of time counted from now, as rules say it: "30 days", "2 weeks", "3 months". On days it is exact; on instants a day is
 * 24 hours and a month ends at the same hour of the UTC calendar. Where a month is too short, its last day is meant.
 */
import { z } from 'zod';
import type { Day } from './local-day.js';

/** A hundred years: beyond it nothing but a mistake of typing. */
const most = { days: 36_500, weeks: 5_200, months: 1_200 } as const;

const unit = z.enum(['days', 'weeks', 'months']);
const wholeFrom = (least: number) =>
  z.number('Must be a number').int('Must be a whole number').min(least, `Must be at least ${least}`);

const isSensible = ({ amount, unit }: { amount: number; unit: keyof typeof most }): boolean => amount <= most[unit];
const tooLong = { path: ['amount'], message: 'Must be at most a hundred years' };

export const span = z
  .strictObject({ amount: wholeFrom(1), unit })
  .refine(isSensible, tooLong)
  .meta({ id: 'TimeSpan', examples: [{ amount: 30, unit: 'days' }] });

/** A moment or day told by its distance from now; zero days are today. */
export const distance = z
  .strictObject({ amount: wholeFrom(0), unit, direction: z.enum(['ago', 'from-now']) })
  .refine(isSensible, tooLong)
  .meta({ id: 'TimeDistance', examples: [{ amount: 7, unit: 'days', direction: 'from-now' }] });

export type Span = z.infer<typeof span>;
export type Distance = z.infer<typeof distance>;

export function moveDay(day: Day, { amount, unit, direction }: Distance): Day {
  return moveDate(new Date(`${day}T00:00:00Z`), unit, direction === 'ago' ? -amount : amount)
    .toISOString()
    .slice(0, 10);
}

export function moveInstant(now: Date, { amount, unit, direction }: Distance): Date {
  return moveDate(now, unit, direction === 'ago' ? -amount : amount);
}

function moveDate(date: Date, unit: Span['unit'], amount: number): Date {
  if (unit !== 'months') return new Date(date.getTime() + amount * (unit === 'weeks' ? 7 : 1) * 86_400_000);
  const moved = new Date(date);
  moved.setUTCMonth(moved.getUTCMonth() + amount);
  // The 31st of a month of 30 days became the 1st of the next one: day 0 is the last of the month meant.
  if (moved.getUTCDate() !== date.getUTCDate()) moved.setUTCDate(0);
  return moved;
}
