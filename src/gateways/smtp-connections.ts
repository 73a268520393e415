/**
 * A few SMTP connections kept open. Connections are opened when there is more to do than open ones can, dropped after an error (the next
 * message opens a new one) and closed after half a minute of silence. Messages wait in line for the first free connection, but not for ever:
 * a message that left after its lease had ended would be a second one.
 */
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { GatewayError } from './gateway-error.js';
import type { SmtpFailure } from './smtp-errors.js';
import { handOver, loggedIn, type Mail, opened, type SentInfo, tooLate } from './smtp-session.js';

type ConnectionOptions = NonNullable<ConstructorParameters<typeof SMTPConnection>[0]>;

export type SmtpOptions = {
  connection: ConnectionOptions;
  login: { user: string; pass: string } | null;
  maxConnections: number;
  /** A message of which the server has not said "go on" this long after `send` was called does not go. */
  startMs: number;
};

/** Writes a mail when its connection is free, into the room that the connection has for it, or elsewhere when that is too small. */
type WriteMail = (room: Buffer) => Mail;

const idleMs = 30_000;
const noRoom = Buffer.alloc(0);

/** `until`: of performance.now(). */
type Line = { use: (connection: SMTPConnection) => void; reject: (error: GatewayError) => void; until: number };

export class SmtpConnections {
  private readonly idle = new Map<SMTPConnection, NodeJS.Timeout>();
  private readonly line: Line[] = [];
  private readonly rooms = new WeakMap<SMTPConnection, Buffer>();
  private open = 0;
  private isClosed = false;

  constructor(private readonly options: SmtpOptions) {}

  /** Hands one message over; resolves with the server's reply to it, throws GatewayError. */
  async send(write: WriteMail): Promise<SentInfo> {
    const until = performance.now() + this.options.startMs;
    const reused = this.takeIdle();
    if (!reused) return this.sendOver(await this.take(until), write, until);
    try {
      return await this.sendOver(reused, write, until);
    } catch (error) {
      // The server hung up while the connection was idle, and we learn it only now: that is no failed attempt.
      if (!(error as GatewayError).isSurelyNotTaken || isSessionWhole(error as GatewayError)) throw error;
      return this.sendOver(await this.take(until), write, until);
    }
  }

  private async sendOver(connection: SMTPConnection, write: WriteMail, until: number): Promise<SentInfo> {
    try {
      const info = await handOver(connection, this.write(connection, write), until);
      this.putBack(connection);
      return info;
    } catch (error) {
      // A server that refuses early may leave bytes of this mail still to be sent.
      this.rooms.delete(connection);
      this.putBackOrDrop(connection, error as GatewayError);
      throw error;
    }
  }

  /** The server's reply comes after the last byte of a mail has left, so its room is free for the next one. */
  private write(connection: SMTPConnection, write: WriteMail): Mail {
    const mail = write(this.rooms.get(connection) ?? noRoom);
    if (mail.data.buffer !== this.rooms.get(connection)?.buffer) this.rooms.set(connection, Buffer.from(mail.data.buffer));
    return mail;
  }

  /** Opens (or takes) a connection and logs in: what a check of the settings needs. */
  async check(): Promise<void> {
    this.putBack(await this.take(performance.now() + this.options.startMs));
  }

  close(): Promise<void> {
    this.isClosed = true;
    for (const connection of this.idle.keys()) this.drop(connection);
    return Promise.resolve();
  }

  private takeIdle(): SMTPConnection | undefined {
    const [free] = this.idle.keys();
    if (!free) return undefined;
    clearTimeout(this.idle.get(free));
    this.idle.delete(free);
    return free;
  }

  private async take(until: number): Promise<SMTPConnection> {
    const free = this.takeIdle();
    if (free) return free;
    if (this.open < this.options.maxConnections) return this.connect();
    return new Promise((use, reject) => this.line.push({ use, reject, until }));
  }

  /** Whoever stands first in line; those who have stood there too long are sent away. */
  private nextInLine(): Line | undefined {
    const now = performance.now();
    let next = this.line.shift();
    for (; next && next.until < now; next = this.line.shift()) next.reject(tooLate());
    return next;
  }

  private async connect(): Promise<SMTPConnection> {
    this.open++;
    const connection = new SMTPConnection(this.options.connection);
    // Told by every failed command as well; an idle connection that breaks is told here only.
    connection.on('error', () => undefined);
    connection.once('end', () => this.forget(connection));
    try {
      await opened(connection);
      if (this.options.login) await loggedIn(connection, this.options.login);
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  private putBack(connection: SMTPConnection): void {
    if (this.isClosed) return this.drop(connection);
    const next = this.nextInLine();
    if (next) return next.use(connection);
    const timer = setTimeout(() => this.drop(connection), idleMs);
    timer.unref();
    this.idle.set(connection, timer);
  }

  /** After a refused recipient the session goes on (RFC 5321 4.1.1.5 needs no RSET then, but servers differ); after a lost connection it is gone. */
  private putBackOrDrop(connection: SMTPConnection, error: GatewayError): void {
    if (!isSessionWhole(error) || connection.destroyed) return this.drop(connection);
    connection.reset(failed => (failed ? this.drop(connection) : this.putBack(connection)));
  }

  private drop(connection: SMTPConnection): void {
    if (!connection.destroyed) connection.quit();
    connection.close();
  }

  /** A place is free again: whoever stands first in line opens a connection of their own. */
  private forget(connection: SMTPConnection): void {
    clearTimeout(this.idle.get(connection));
    this.idle.delete(connection);
    this.open--;
    const next = this.nextInLine();
    if (next) this.connect().then(next.use, next.reject);
  }
}

/** True when the server answered, or was never asked because the message cannot be written: the session goes on. */
function isSessionWhole(error: GatewayError): boolean {
  return error.kind === 'rejected' || (error.cause as SmtpFailure | undefined)?.responseCode !== undefined;
}
