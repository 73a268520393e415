/** Quoted-printable (RFC 2045 6.7) of a text, with CRLF line ends and lines of at most 76 characters. Pure, and on the hot path. */
const [tab, lineFeed, carriageReturn, space, equals] = [9, 10, 13, 32, 61];
/** A line may have 76 characters, one of which a soft break needs. */
const usable = 75;
const hex = Buffer.from('0123456789ABCDEF');

export function quotedPrintable(text: string): Buffer {
  const bytes = Buffer.from(text.replace(/\r\n?|\n/g, '\r\n'), 'utf8');
  // Every byte escaped, and a soft break after each 25 of them.
  const out = Buffer.allocUnsafe(bytes.length * 3 + Math.ceil(bytes.length / 25) * 3 + 3);
  let length = 0;
  let column = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (byte === carriageReturn) {
      out[length++] = carriageReturn;
      out[length++] = lineFeed;
      column = 0;
      i++;
      continue;
    }
    const isPlain = byte === space || byte === tab ? !isLineEnd(bytes, i + 1) : byte > space && byte < 127 && byte !== equals;
    const width = isPlain ? 1 : 3;
    if (column + width > usable) {
      out[length++] = equals;
      out[length++] = carriageReturn;
      out[length++] = lineFeed;
      column = 0;
    }
    column += width;
    if (isPlain) out[length++] = byte;
    else {
      out[length++] = equals;
      out[length++] = hex[byte >> 4] as number;
      out[length++] = hex[byte & 15] as number;
    }
  }
  return out.subarray(0, length);
}

/** Space before a line's end would be lost on the way, so it is escaped there. */
function isLineEnd(bytes: Buffer, at: number): boolean {
  return at === bytes.length || bytes[at] === carriageReturn;
}
