/** The Idempotency-Key header: a quoted string (RFC 8941) or a bare token of 1 to 255 characters, both meaning the same key. */
import { createHash } from 'node:crypto';
import { AppError } from '../platform/errors.js';

const maxLength = 255;
/** Printable ASCII; a quote and a backslash are escaped by a backslash. */
const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;
/** A comma would mean that the header was sent twice; a semicolon begins parameters, of which none are known. */
const bare = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+$/;

/** null: the caller sent none. */
export function readIdempotencyKey(header: string | string[] | undefined): string | null {
  if (header === undefined) return null;
  const text = typeof header === 'string' ? header.trim() : '';
  const key = quoted.exec(text)?.[1]?.replaceAll(/\\(["\\])/g, '$1') ?? bare.exec(text)?.[0] ?? '';
  if (key.length >= 1 && key.length <= maxLength) return key;
  const message = `Must be one quoted string or bare token of 1 to ${maxLength} ASCII characters`;
  throw new AppError('malformed', `Idempotency-Key: ${message}`, [{ pointer: 'Idempotency-Key', message }]);
}

/** Tells two calls apart. An upload has no bytes yet when it is asked for; its announced length stands for them. */
export function hashCall(call: { method: string; url: string; body: Buffer | null; length: string | undefined }): Buffer {
  const hash = createHash('sha256').update(`${call.method} ${call.url}\n`);
  return (call.body ? hash.update(call.body) : hash.update(`length ${call.length ?? '0'}`)).digest();
}
