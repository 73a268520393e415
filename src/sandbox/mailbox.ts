/** A real SMTP server on loopback: takes every mail for everybody, signed in as a workspace. Nothing is relayed, ever. */
import { Injectable } from '@nestjs/common';
import { decodeWords } from 'postal-mime';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { WorkspaceId } from '../domain/ids.js';
import { callbackHeader, SandboxAddress } from '../gateways/sandbox-address.js';
import { outcomeFor } from './magic.js';
import { TakeMessages } from './take-messages.js';

/** Largest mail; providers take 10 to 50 MB, we send none that is near. */
const maxBytes = 10 * 1024 * 1024;
const closeMs = 500;

type Done = (error?: Error | null, message?: string) => void;

@Injectable()
export class Mailbox {
  private server: SMTPServer | null = null;

  constructor(
    private readonly sandbox: SandboxAddress,
    private readonly taking: TakeMessages,
  ) {}

  /** The port it listens on, picked by the system. */
  listen(): Promise<number> {
    const server = new SMTPServer({
      name: 'sandbox.localhost',
      banner: 'the sandbox: nothing leaves this machine',
      size: maxBytes,
      authMethods: ['PLAIN', 'LOGIN'],
      allowInsecureAuth: true,
      hideSTARTTLS: true,
      disableReverseLookup: true,
      logger: false,
      closeTimeout: closeMs,
      onAuth: ({ username = '', password }, _session, done) => {
        const workspaceId = this.sandbox.workspaceOf(username, password ?? '');
        if (workspaceId === null) done(smtpError('535 5.7.8', 'Unknown workspace or token'));
        else done(null, { user: workspaceId });
      },
      onRcptTo: ({ address }, _session, done) => {
        const { refusal } = outcomeFor('email', address);
        done(
          refusal === undefined ? null : smtpError(refusal, refusal.startsWith('4') ? 'Come back later' : 'No such user here'),
        );
      },
      onData: (stream, session, done) => void this.takeMail(stream, session, done),
    });
    // A client that breaks off in mid-session is its own trouble; without a listener it would be ours.
    server.on('error', () => undefined);
    this.server = server;
    return new Promise((resolve, reject) => {
      server.server.once('error', reject);
      server.listen(0, '127.0.0.1', () => resolve((server.server.address() as { port: number }).port));
    });
  }

  close(): Promise<void> {
    return new Promise(resolve => (this.server ? this.server.close(() => resolve()) : resolve()));
  }

  private async takeMail(stream: SMTPServerDataStream, session: SMTPServerSession, done: Done): Promise<void> {
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      if (stream.sizeExceeded) return done(smtpError('552 5.3.4', 'Too large for the sandbox'));
      const ids = await this.store(Buffer.concat(chunks).toString('utf8'), session);
      if (session.envelope.rcptTo.some(({ address }) => outcomeFor('email', address).isAnswerLost)) return this.breakOff(session);
      done(null, `Ok: queued as ${ids[0]}`);
    } catch (error) {
      done(smtpError('451 4.3.0', `The sandbox could not store it: ${(error as Error).message}`));
    }
  }

  private store(raw: string, { user, envelope }: SMTPServerSession): Promise<string[]> {
    const headers = readHeaders(raw);
    const common = {
      workspaceId: user as WorkspaceId,
      channel: 'email' as const,
      sender: headers.get('from') ?? (envelope.mailFrom ? envelope.mailFrom.address : ''),
      subject: headers.get('subject') ?? '',
      body: raw,
      headers: { messageId: headers.get('message-id') ?? null, listUnsubscribe: headers.get('list-unsubscribe') ?? null },
      receiptUrl: headers.get(callbackHeader.toLowerCase()) ?? null,
    };
    return Promise.all(envelope.rcptTo.map(({ address }) => this.taking.take({ ...common, recipient: address })));
  }

  private breakOff(session: SMTPServerSession): void {
    for (const connection of this.server?.connections ?? []) if (connection.session === session) connection.close();
  }
}

/** `code` is "550 5.1.1": the reply code and the enhanced one. */
function smtpError(code: string, text: string): Error {
  const [reply = '', enhanced = ''] = code.split(' ');
  return Object.assign(new Error(`${enhanced} ${text}`), { responseCode: Number(reply) });
}

/** Header fields by lower-case name, unfolded and decoded; the first of each. The body is left for whoever opens the mail. */
function readHeaders(raw: string): Map<string, string> {
  const end = raw.search(/\r?\n\r?\n/);
  const fields = new Map<string, string>();
  for (const line of raw
    .slice(0, end < 0 ? raw.length : end)
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    if (colon > 0 && !fields.has(name)) fields.set(name, decodeWords(line.slice(colon + 1).trim()));
  }
  return fields;
}
