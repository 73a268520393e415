/** The one place where MIME is built: text and HTML alternatives, quoted-printable, encoded headers, by nodemailer's composer. */
import MailComposer from 'nodemailer/lib/mail-composer';
import type { Mailbox, OutgoingEmail } from './email.gateway.js';

export function buildMime(message: OutgoingEmail, extraHeaders: Readonly<Record<string, string>> = {}): Promise<Buffer> {
  const composer = new MailComposer({
    from: mailbox(message.from),
    to: { name: '', address: message.to },
    ...(message.replyTo ? { replyTo: { name: '', address: message.replyTo } } : {}),
    subject: message.subject,
    messageId: message.messageId,
    text: message.text,
    html: message.html,
    headers: { ...message.headers, ...extraHeaders },
    textEncoding: 'quoted-printable',
    // A template is data from the API: nothing in it may make us read a file or fetch a URL.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}

const mailbox = ({ name = '', address }: Mailbox): { name: string; address: string } => ({ name, address });
