/**
 * An email campaign through the SMTP adapter, until the last message is settled. Floor: nodemailer's `SMTPConnection` in a bare loop over 20
 * connections, one prepared message of the same size, in one process.
 */
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { buildMime } from '../src/gateways/mime.js';
import { unsubscribeHeaders } from '../src/gateways/unsubscribe-headers.js';
import { runBench } from './support/bench.js';
import { paragraphs } from './support/campaign.js';
import { connections, smtpDoor } from './support/doors.js';
import { benchSending } from './support/send.js';

await runBench('send-email', 20_000, bench => benchSending(bench, smtpDoor, floor));

async function floor(port: number, count: number): Promise<void> {
  const message = preparedMessage();
  let left = count;
  const lane = async () => {
    const connection = await connect(port);
    while (left-- > 0) await send(connection, message);
    connection.close();
  };
  await Promise.all(Array.from({ length: connections }, lane));
}

function connect(port: number): Promise<SMTPConnection> {
  const connection = new SMTPConnection({ host: '127.0.0.1', port, ignoreTLS: true, allowInternalNetworkInterfaces: true });
  return new Promise((resolve, reject) => {
    connection.once('error', reject);
    connection.connect(error => (error ? reject(error) : resolve(connection)));
  });
}

function send(connection: SMTPConnection, message: Buffer): Promise<void> {
  const envelope = { from: 'news@shop.example', to: ['p12345@example.com'], size: message.length };
  return new Promise((resolve, reject) => connection.send(envelope, message, error => (error ? reject(error) : resolve())));
}

/** What our mails look like on the wire, to the header. */
function preparedMessage(): Buffer {
  const html =
    `<html><body><table width="100%"><tr><td><h1>Hello First123 Last4567</h1></td></tr>${paragraphs.join('\n')}` +
    `<tr><td><a href="http://127.0.0.1:3000/u/${'x'.repeat(40)}">Unsubscribe</a></td></tr></table></body></html>`;
  const message = {
    to: 'p12345@example.com',
    from: { name: 'The Shop', address: 'news@shop.example' },
    subject: 'First123, your autumn offers',
    html,
    text: html.replace(/<[^>]*>/g, ' '),
    messageId: '<m.1.1.12345.0@shop.example>',
    headers: unsubscribeHeaders('http://127.0.0.1:3000', 'x'.repeat(40)),
    callbackUrl: '',
  };
  return buildMime(message, new Date(0));
}
