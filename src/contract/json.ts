/**
 * Free JSON objects (event properties, proof of consent): what PostgreSQL's jsonb can store and a reader can bear. Text with
 * NUL or half a surrogate pair, numbers too large for a double and deep nesting are refused, not repaired.
 */
import { z } from 'zod';
import { isStorableText } from '../domain/scalars.js';

const maxDepth = 10;

type JsonObject = Record<string, unknown>;

/** `maxBytes` of its JSON text in UTF-8. */
export const jsonObject = (maxBytes: number) =>
  z
    .record(z.string(), z.unknown())
    .refine(value => isStorable(value, maxDepth), `Must be plain JSON without NUL characters, nested at most ${maxDepth} deep`)
    .refine(
      value => !isStorable(value, maxDepth) || jsonBytes(value) <= maxBytes,
      `Must be at most ${Math.floor(maxBytes / 1024)} kB of JSON`,
    );

function isStorable(value: unknown, depthLeft: number): boolean {
  if (typeof value === 'string') return isStorableText(value);
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depthLeft === 0) return false;
  return Object.entries(value).every(([key, item]) => isStorableText(key) && isStorable(item, depthLeft - 1));
}

function jsonBytes(value: JsonObject): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}
