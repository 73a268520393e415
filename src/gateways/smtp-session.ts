/** The steps of one SMTP session as promises: open, log in, hand a mail over. They throw GatewayError. */
import type { Transform } from 'node:stream';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { GatewayError } from './gateway-error.js';
import { smtpError } from './smtp-errors.js';

type Envelope = Parameters<SMTPConnection['send']>[0];

/** A mail as it goes over SMTP; `data` is what follows DATA (buildMimeData). */
export type Mail = { envelope: Envelope; data: Buffer };

export type SentInfo = { response: string; serverMessageId?: string | undefined };

/** Throttled: it costs the message no try, and the gateway gets a rest when most of a wave fares like this. */
export function tooLate(): GatewayError {
  return new GatewayError('throttled', 'The mail server was too slow to take this message in time', { code: 'TOO_LATE' });
}

export function opened(connection: SMTPConnection): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (failure: Error) => reject(smtpError(failure, false));
    connection.once('error', refuse);
    connection.connect(failure => {
      connection.removeListener('error', refuse);
      if (failure) refuse(failure);
      else resolve();
    });
  });
}

export function loggedIn(connection: SMTPConnection, login: { user: string; pass: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (failure: Error) => reject(smtpError(failure, false));
    connection.once('error', refuse);
    connection.login({ ...login }, failure => {
      connection.removeListener('error', refuse);
      if (failure) refuse(failure);
      else resolve();
    });
  });
}

/**
 * nodemailer pipes a message only when the server has said "go on" to DATA, so the call of `pipe` is the moment after which a lost
 * connection leaves the message's fate unknown. Its stream would look at each byte for dots to double and end with one; our data
 * has none and is ended, so it goes past that in one write (a third of the CPU that a mail takes).
 */
export function handOver(connection: SMTPConnection, { envelope, data }: Mail, until: number): Promise<SentInfo> {
  let isHandedOver = false;
  return new Promise((resolve, reject) => {
    const piped = {
      pipe(stream: Transform) {
        if (until < performance.now()) {
          // Without the dot that ends a message the server has none (RFC 5321 4.1.1.4); nor may "QUIT" become a line of it.
          connection.close();
          return reject(tooLate());
        }
        isHandedOver = true;
        stream.push(data);
        stream.push(null);
      },
    };
    connection.send(envelope, piped as never, (failure, info) => {
      if (failure) reject(smtpError(failure, isHandedOver));
      else resolve(info as SentInfo);
    });
  });
}
