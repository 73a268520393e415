/**
 * Keyset cursors: the sort key of the last row, opaque to callers. A page is `limit` rows after the cursor, found by key,
 * so it costs the same at any depth and stays stable while rows are added.
 */
import { invalid } from '../errors.js';

export type Page<Row> = { data: Row[]; next: string | null };

/** Cursor for "rows after this key"; parts are strings or numbers in sort order. */
function encodeCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** The key inside a cursor of `parts` strings; a cursor that is not ours is the caller's mistake. */
export function decodeCursor(cursor: string, parts: number): string[] {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(key) && key.length === parts && key.every(isKeyPart)) return key.map(String);
  } catch {
    // fall through: not our cursor
  }
  throw invalid('?after', 'Not a cursor of this list');
}

/** PostgreSQL takes no NUL in a text. */
const isKeyPart = (part: unknown): boolean => (typeof part === 'string' && !part.includes('\0')) || typeof part === 'number';

/** The last id of the previous page, or null. For lists sorted by a bigint id. */
export function decodeIdCursor(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const [id = ''] = decodeCursor(cursor, 1);
  if (!/^\d{1,18}$/.test(id)) throw invalid('?after', 'Not a cursor of this list');
  return id;
}

/** Turns limit + 1 rows into a page: the extra row only says that there is a next one. */
export function toPage<Row, View>(
  rows: Row[],
  limit: number,
  keyOf: (row: Row) => (string | number)[],
  toView: (row: Row) => View,
): Page<View> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { data: shown.map(toView), next: rows.length > limit && last ? encodeCursor(keyOf(last)) : null };
}
