/**
 * The text of an API key: `mk_` + 32 random characters + a 6-character checksum, so that a key cut short in a paste is told
 * apart from a revoked one, and a secret scanner can recognise it. A BOOTSTRAP_API_KEY may be any text of 32 characters or more.
 */
import { createHash, randomBytes } from 'node:crypto';

const prefix = 'mk_';

export function newKey(): string {
  const secret = randomBytes(24).toString('base64url');
  return `${prefix}${secret}${checksum(secret)}`;
}

/** False for a key that starts like ours and whose checksum is wrong: mistyped, not revoked. */
export function isWellFormed(key: string): boolean {
  if (!key.startsWith(prefix)) return key.length >= 32;
  const body = key.slice(prefix.length);
  return body.length === 38 && checksum(body.slice(0, 32)) === body.slice(32);
}

export function hashKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

export function shownPrefix(key: string): string {
  return key.slice(0, key.startsWith(prefix) ? 9 : 4);
}

function checksum(secret: string): string {
  return createHash('sha256').update(`muster:${secret}`).digest('base64url').slice(0, 6);
}
