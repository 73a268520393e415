/** The scalars a rule is made of. Every one of them can be stored in and compared by PostgreSQL: nothing here may fail as SQL. */
import { z } from 'zod';
import * as scalars from '../scalars.js';

const maxListLength = 1000;

export const text = scalars.text(500).min(1, 'Must not be empty');
export const gender = z.enum(['female', 'male', 'other']);
export const number = z.number('Must be a number');

/** A whole number of days, 24 hours each, counted back from now. */
export const days = z
  .number()
  .int()
  .min(1)
  .max(36_500)
  .meta({ examples: [30] });

/** PostgreSQL has no year 0, and a year beyond these is a mistake of typing. */
const isPlausible = (at: string): boolean => at >= '1800' && at < '2200';

export const day = z.iso
  .date('Must be a day such as 1990-05-17')
  .refine(isPlausible, 'Must be between the years 1800 and 2199')
  .meta({ examples: ['1990-05-17'] });

export const instant = z.iso
  .datetime({ offset: true, error: 'Must be a moment such as 2026-11-22T09:00:00Z' })
  .refine(isPlausible, 'Must be between the years 1800 and 2199')
  .meta({ examples: ['2026-11-22T09:00:00Z'] });

export const listOf = <Item extends z.ZodType>(item: Item) => z.array(item).min(1).max(maxListLength);

/** Two ends, both included. */
export const rangeOf = <Item extends z.ZodType>(end: Item) => z.tuple([end, end]);

/** An instant in the one spelling that PostgreSQL and JavaScript read alike (any legal offset, as UTC). */
export function toUtc(moment: string): string {
  return new Date(moment).toISOString();
}

/** `days` times 24 hours before `now`, in the spelling of `toUtc`. */
export function daysBefore(now: Date, days: number): string {
  return new Date(now.getTime() - days * 86_400_000).toISOString();
}
