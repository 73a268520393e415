/**
 * The one place where MIME is built: a text and an HTML alternative, quoted-printable. Written for the hot path (nodemailer's composer, made for any mail
 * with streams and attachments, takes twenty times as long); mime.spec.ts reads its output back with postal-mime.
 */
import type { OutgoingEmail } from './email.gateway.js';
import { encodeText, headerField, mailboxText } from './mime-headers.js';
import { quotedPrintable } from './quoted-printable.js';

/** "=_" cannot occur in quoted-printable text, so no content can end its part too early (RFC 2045 6.7). */
const boundary = '=_muster_alternative';

const [textPart, htmlPart] = ['plain', 'html'].map(kind =>
  Buffer.from(
    `--${boundary}\r\nContent-Type: text/${kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`,
  ),
) as [Buffer, Buffer];
const lineEnd = Buffer.from('\r\n');
const lastLine = Buffer.from(`\r\n--${boundary}--\r\n`);

/** Throws when an address or a header name cannot be written. */
export function buildMime(message: OutgoingEmail, now: Date, extraHeaders: Readonly<Record<string, string>> = {}): Buffer {
  const head = Buffer.from(`${headersOf(message, now, extraHeaders).join('\r\n')}\r\n\r\n`);
  return Buffer.concat([
    head,
    textPart,
    quotedPrintable(message.text),
    lineEnd,
    htmlPart,
    quotedPrintable(message.html),
    lastLine,
  ]);
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
