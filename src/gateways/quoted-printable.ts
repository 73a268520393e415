/**
 * Quoted-printable (RFC 2045 6.7) of a text, with CRLF line ends and lines of at most 76 characters, none of which begins with a dot (so that
 * SMTP has none to double). Pure, and on the hot path.
 */
const [tab, lineFeed, carriageReturn, space, dot, equals] = [9, 10, 13, 32, 46, 61];
/** A line may have 76 characters, one of which a soft break needs. */
const usable = 75;
const hex = Buffer.from('0123456789ABCDEF');
/** 1 for bytes that stand for themselves anywhere but in front of a line, 2 for those that do so within a line. */
const kinds = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === space || byte === tab) return 2;
  return Number(byte > space && byte < 127 && byte !== equals);
});
/** Where a text is as bytes while it is encoded. Encoding is synchronous, so one will do; it grows to the longest text. */
let source = Buffer.allocUnsafe(16_384);

/** Room that a text can need: every byte escaped, and a soft break after each 25 of them. */
export function quotedPrintableBound(text: string): number {
  const bytes = Buffer.byteLength(text);
  return bytes * 3 + Math.ceil(bytes / 25) * 3 + 3;
}

/** Writes at `start` of `out`, which has room; returns where it ended. */
export function writeQuotedPrintable(text: string, out: Buffer, start: number): number {
  const end = toSource(text);
  const bytes = source;
  let length = start;
  let column = 0;
  for (let i = 0; i < end; i++) {
    // Nearly all of a text: what stands for itself, as far as the line has room.
    if (column > 0) {
      const stop = Math.min(end, i + usable - column);
      const from = i;
      while (i < stop && standsForItself(bytes, i, end)) out[length++] = bytes[i++] as number;
      column += i - from;
      if (i === end) break;
    }
    const byte = bytes[i] as number;
    if (byte === carriageReturn || byte === lineFeed) {
      out[length++] = carriageReturn;
      out[length++] = lineFeed;
      column = 0;
      if (byte === carriageReturn && bytes[i + 1] === lineFeed && i + 1 < end) i++;
      continue;
    }
    let isItself = standsForItself(bytes, i, end);
    if (column + (isItself ? 1 : 3) > usable) {
      out[length++] = equals;
      out[length++] = carriageReturn;
      out[length++] = lineFeed;
      column = 0;
    }
    if (byte === dot && column === 0) isItself = false;
    column += isItself ? 1 : 3;
    if (isItself) out[length++] = byte;
    else {
      out[length++] = equals;
      out[length++] = hex[byte >> 4] as number;
      out[length++] = hex[byte & 15] as number;
    }
  }
  return length;
}

/** Space before a line's end would be lost on the way, so it is escaped there. */
function standsForItself(bytes: Buffer, at: number, end: number): boolean {
  const kind = kinds[bytes[at] as number];
  if (kind !== 2) return kind === 1;
  const next = at + 1 === end ? lineFeed : bytes[at + 1];
  return next !== carriageReturn && next !== lineFeed;
}

/** The text as bytes in `source`; returns how many. */
function toSource(text: string): number {
  const most = text.length * 3;
  if (most > source.length) source = Buffer.allocUnsafe(most);
  return source.write(text, 'utf8');
}
