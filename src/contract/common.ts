// Shapes shared by all rooms of the HTTP API. Its scalars are the domain's.
import { z } from 'zod';
import { id, text } from '../domain/scalars.js';

export const name = text(200).trim().min(1);
export const channel = z.enum(['sms', 'email']).meta({ description: 'SMS or email' });
export const instant = z.iso.datetime({ offset: true }).meta({ example: '2026-11-22T09:00:00Z' });
export const day = z.iso.date().meta({ example: '1990-05-17' });

export const idParams = z.strictObject({ id: id.meta({ description: 'The id of the thing' }) });

export const pageQuery = {
  after: z.string().max(500).optional().meta({ description: '`next` of the page before; without it the first page' }),
  limit: z.coerce.number().int().min(1).max(500).default(50).meta({ description: 'Rows of a page, at most' }),
};

/** Of lists whose things are archived instead of deleted. */
export const archived = z.enum(['true', 'false']).default('false').meta({ description: '`true`: the archived ones instead' });

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
    'violated-policies': z.array(z.string()).optional(),
  })
  .meta({ id: 'Problem' });
