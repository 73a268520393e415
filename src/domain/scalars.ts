/**
 * The scalars that the API, the rules of segments and the payloads of jobs are made of, each in one place. All of them can be
 * stored in PostgreSQL as they are.
 */
import { z } from 'zod';
import type { WorkspaceId } from './ids.js';

/** bigint as a decimal string. */
export const id = z
  .string()
  .regex(/^[1-9]\d{0,17}$/, 'Must be an id (a positive whole number as text)')
  .meta({ example: '42' });

/** For payloads of jobs: written by us, so a string of the right shape is what it says it is. */
export const workspaceId = id.transform(text => text as WorkspaceId);

/** PostgreSQL stores no NUL, and half of a surrogate pair is no text. */
export function isStorableText(value: string): boolean {
  return !value.includes('\0') && value.isWellFormed();
}

export const text = (max: number) =>
  z
    .string()
    .max(max, `Must be at most ${max} characters`)
    .refine(isStorableText, 'Must be well-formed text without NUL characters');

export const country = z
  .string()
  .regex(/^[A-Z]{2}$/, 'Must be a two-letter country code (ISO 3166-1), upper case')
  .meta({ example: 'FI' });

export const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'Must be a three-letter currency code (ISO 4217), upper case')
  .meta({ example: 'EUR' });

/** Topic of consent: what the person agreed to hear about. */
export const topic = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'Must be lower-case letters, digits, "-" or "_", at most 64')
  .meta({ example: 'news' });
