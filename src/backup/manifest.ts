// What a backup says about itself: how it begins, and what stands around the rows of each table.
import { z } from 'zod';
import { BackupError } from './backup-error.js';

const name = z.string().regex(/^[a-z_][a-z0-9_]*$/);

export const manifestShape = z.object({
  format: z.literal(1),
  madeAt: z.string(),
  /** Of the PostgreSQL it was read from. */
  postgres: z.string(),
  /** Names of the migrations applied, oldest first. */
  migrations: z.array(z.string()).min(1),
  tables: z.array(name),
  /** Tells whether two SECRET_KEYs are the same, and nothing else about them. */
  keyFingerprint: z.string(),
});
export type Manifest = z.infer<typeof manifestShape>;

export const tableShape = z.object({
  table: name,
  columns: z.array(name).min(1),
  /** For contact_event: the months that have a partition, e.g. 2026-11. */
  months: z.array(z.string().regex(/^\d{4}-\d{2}$/)),
});
export type TableHead = z.infer<typeof tableShape>;

export const tableEndShape = z.object({ rows: z.number().int().nonnegative(), sha256: z.string() });

export const sequencesShape = z.record(name, z.string().regex(/^\d{1,19}$/));

/** A body that has the shape, or a sentence. */
export function readBody<Shape extends z.ZodType>(shape: Shape, body: Buffer): z.infer<Shape> {
  const result = shape.safeParse(parseJson(body));
  if (!result.success) throw new BackupError('this is not a backup that this version can read, or it is damaged');
  return result.data;
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}
