/**
 * The one place where MIME is built: a text and an HTML alternative, quoted-printable. Written for the hot path (nodemailer's composer, made for any mail
 * with streams and attachments, takes twenty times as long); mime.spec.ts reads its output back with postal-mime.
 */
import type { OutgoingEmail } from './email.gateway.js';
import { encodeText, headerField, mailboxText } from './mime-headers.js';
import { quotedPrintableBound, writeQuotedPrintable } from './quoted-printable.js';

/** "=_" cannot occur in quoted-printable text, so no content can end its part too early (RFC 2045 6.7). */
const boundary = '=_muster_alternative';

const [textPart, htmlPart] = ['plain', 'html'].map(kind =>
  Buffer.from(
    `--${boundary}\r\nContent-Type: text/${kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`,
  ),
) as [Buffer, Buffer];
const lineEnd = Buffer.from('\r\n');
const lastLine = Buffer.from(`\r\n--${boundary}--\r\n`);
/** What SMTP has after a message. */
export const endOfData = Buffer.from('.\r\n');
const frameLength = [textPart, lineEnd, htmlPart, lastLine, endOfData].reduce((sum, piece) => sum + piece.length, 0);

/** Bytes by which a later mail of the same template may be longer and still fit. */
const spareRoom = 1_024;

/** Where a mail is written before it is copied out. Writing is synchronous, so one will do; it grows to the longest mail. */
let desk = Buffer.allocUnsafe(65_536);

/** The mail. Throws when an address or a header name cannot be written. */
export function buildMime(message: OutgoingEmail, now: Date, extraHeaders: Readonly<Record<string, string>> = {}): Buffer {
  return Buffer.from(desk.subarray(0, writeMime(message, now, extraHeaders)));
}

/**
 * The mail as SMTP sends it after DATA, with the dot that ends it. No line of it begins with a dot: what we write has none to double. It is put into
 * `room` where it fits; a connection keeps its room, because thousands of buffers a second are what the garbage collector works on most.
 */
export function buildMimeData(
  message: OutgoingEmail,
  now: Date,
  extraHeaders: Readonly<Record<string, string>>,
  room: Buffer,
): Buffer {
  const length = put(endOfData, writeMime(message, now, extraHeaders));
  const target = length <= room.length ? room : Buffer.allocUnsafeSlow(length + spareRoom);
  return target.subarray(0, desk.copy(target, 0, 0, length));
}

/** Writes the mail on the desk, with room for the dot behind it; returns its length. */
function writeMime(message: OutgoingEmail, now: Date, extraHeaders: Readonly<Record<string, string>>): number {
  const { text, html } = message;
  const head = `${headersOf(message, now, extraHeaders).join('\r\n')}\r\n\r\n`;
  makeRoom(Buffer.byteLength(head) + quotedPrintableBound(text) + quotedPrintableBound(html) + frameLength);
  let length = desk.write(head);
  length = writeQuotedPrintable(text, desk, put(textPart, length));
  length = writeQuotedPrintable(html, desk, put(htmlPart, put(lineEnd, length)));
  return put(lastLine, length);
}

function makeRoom(bytes: number): void {
  if (bytes > desk.length) desk = Buffer.allocUnsafe(bytes);
}

function put(piece: Buffer, at: number): number {
  return at + piece.copy(desk, at);
}

function headersOf(
  { from, to, replyTo, subject, messageId, headers }: OutgoingEmail,
  now: Date,
  extra: Readonly<Record<string, string>>,
): string[] {
  return [
    headerField('From', mailboxText(from.name, from.address)),
    headerField('To', mailboxText(undefined, to)),
    ...(replyTo ? [headerField('Reply-To', mailboxText(undefined, replyTo))] : []),
    headerField('Subject', encodeText(subject)),
    headerField('Message-ID', messageId),
    headerField('Date', now.toUTCString().replace('GMT', '+0000')),
    ...Object.entries({ ...headers, ...extra }).map(([name, value]) => headerField(name, encodeText(value))),
    'MIME-Version: 1.0',
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
  ];
}
