// Shapes shared by all rooms of the HTTP API.
import { z } from 'zod';

/** bigint as a decimal string. */
export const id = z
  .string()
  .regex(/^[1-9]\d{0,17}$/, 'Must be an id (a positive whole number as text)')
  .meta({ example: '42' });

/** Text a person typed, trimmed; no NUL, which PostgreSQL cannot store. */
export const text = (max: number) =>
  z
    .string()
    .max(max)
    .refine(value => !value.includes('\0') && value.isWellFormed(), 'Must be well-formed text without NUL characters');

export const name = text(200).trim().min(1);
export const channel = z.enum(['sms', 'email']);
export const instant = z.iso.datetime({ offset: true }).meta({ example: '2026-11-22T09:00:00Z' });
export const day = z.iso.date().meta({ example: '1990-05-17' });
export const country = z
  .string()
  .regex(/^[A-Z]{2}$/, 'Must be a two-letter country code (ISO 3166-1), upper case')
  .meta({ example: 'FI' });
export const currency = z.string().regex(/^[A-Z]{3}$/, 'Must be a three-letter currency code (ISO 4217), upper case');
/** Topic of consent: what the person agreed to hear about. */
export const topic = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'Must be lower-case letters, digits, "-" or "_", at most 64');

export const idParams = z.strictObject({ id });

export const pageQuery = {
  after: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
};

export const pageOf = <Item extends z.ZodType>(item: Item) => z.object({ data: z.array(item), next: z.string().nullable() });

export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    code: z.string(),
    detail: z.string(),
    instance: z.string(),
    requestId: z.string(),
    errors: z
      .array(z.object({ pointer: z.string(), message: z.string(), line: z.number().optional(), column: z.number().optional() }))
      .optional(),
  })
  .meta({ id: 'Problem' });
