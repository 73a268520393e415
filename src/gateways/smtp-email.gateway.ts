/** Email through an SMTP server. The sandbox's mailbox is one on loopback, told where to send receipts by a header. */
import type { Accepted } from './sms.gateway.js';
import { EmailGateway, type OutgoingEmail } from './email.gateway.js';
import { GatewayError } from './gateway-error.js';
import { buildMimeData, endOfData } from './mime.js';
import { asciiAddress } from './mime-headers.js';
import { SmtpConnections } from './smtp-connections.js';
import type { Mail } from './smtp-session.js';

export type SmtpSecurity = 'tls' | 'starttls' | 'opportunistic' | 'none';

export type SmtpGatewayOptions = {
  host: string;
  port: number;
  /** `tls` from the first byte, `starttls` required, `opportunistic` where the server offers it, `none` for loopback relays. */
  security: SmtpSecurity;
  login: { user: string; pass: string } | null;
  /** What EHLO says; null: this machine's name. */
  clientName?: string | undefined;
  connections: number;
  /** A header that carries the callback URL to servers that know it. */
  callbackHeader?: string;
  /** For the Date header. */
  now: () => Date;
  /** Silence in the middle of a session that counts as a lost connection. */
  answerMs?: number;
  /** What a message may wait for a free connection and for the server's "go on" together. */
  startMs?: number;
};

const connectMs = 10_000;
/** Long for a conversation, short for a lease: the reply to DATA usually takes below a second. */
const defaultAnswerMs = 60_000;
/** Together with the wait for the reply to DATA below the lease of two minutes, after which a message counts as unknown and may be sent again. */
const defaultStartMs = 45_000;

export class SmtpEmailGateway extends EmailGateway {
  private readonly connections: SmtpConnections;

  constructor(private readonly options: SmtpGatewayOptions) {
    super();
    const { host, port, security, clientName: name, login, connections } = options;
    const { answerMs = defaultAnswerMs, startMs = defaultStartMs } = options;
    this.connections = new SmtpConnections({
      connection: {
        host,
        port,
        name,
        secure: security === 'tls',
        requireTLS: security === 'starttls',
        ignoreTLS: security === 'none',
        connectionTimeout: connectMs,
        greetingTimeout: connectMs,
        socketTimeout: answerMs,
        socketCloseTimeout: 1_000,
        allowInternalNetworkInterfaces: true,
      },
      login,
      maxConnections: connections,
      startMs,
    });
  }

  async send(message: OutgoingEmail): Promise<Accepted> {
    const { serverMessageId, response } = await this.connections.send(room => this.write(message, room));
    return { providerId: serverMessageId ?? queueIdOf(response) ?? message.messageId };
  }

  check(): Promise<void> {
    return this.connections.check();
  }

  close(): Promise<void> {
    return this.connections.close();
  }

  private write(message: OutgoingEmail, room: Buffer): Mail {
    try {
      const data = buildMimeData(message, this.options.now(), this.receiptHeader(message), room);
      const [from, to] = [asciiAddress(message.from.address), asciiAddress(message.to)];
      return { data, envelope: { from, to: [to], size: data.length - endOfData.length } };
    } catch (error) {
      throw new GatewayError('rejected', `The message cannot be written as MIME: ${(error as Error).message}`, { cause: error });
    }
  }

  private receiptHeader(message: OutgoingEmail): Record<string, string> {
    return this.options.callbackHeader ? { [this.options.callbackHeader]: message.callbackUrl } : {};
  }
}

/** The id under which the server's own log knows the message, as Postfix, Exim and most others say it. */
function queueIdOf(response: string): string | undefined {
  return /\b(?:queued as|id=)\s*<?([\w.-]{4,80})/i.exec(response)?.[1];
}
