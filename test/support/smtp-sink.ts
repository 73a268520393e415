/** A peer for the SMTP adapter: a server that answers as told and remembers what it got. Written on a bare socket, for servers that break off at any byte. */
import { createServer, type Socket } from 'node:net';
import type { PeerBehaviour } from '../../src/gateways/conformance.js';

export type SmtpSink = {
  port: number;
  /** Whole messages it took, with their envelope. */
  taken: { from: string; to: string; message: string }[];
  connections: number;
  mostAtOnce: number;
  behave(behaviour: PeerBehaviour): Promise<void>;
  /** Hangs up on every client, as a server does after an idle time. */
  hangUp(): void;
  close(): Promise<void>;
};

export async function startSmtpSink(): Promise<SmtpSink> {
  let behaviour: PeerBehaviour = 'accept';
  const open = new Set<Socket>();
  const server = createServer(socket => {
    sink.connections++;
    open.add(socket);
    sink.mostAtOnce = Math.max(sink.mostAtOnce, open.size);
    socket.on('close', () => open.delete(socket)).on('error', () => undefined);
    new Session(socket, sink, () => behaviour).start();
  });
  const listen = (port: number) =>
    new Promise<number>(resolve => server.listen(port, '127.0.0.1', () => resolve((server.address() as { port: number }).port)));
  const sink: SmtpSink = {
    port: await listen(0),
    taken: [],
    connections: 0,
    mostAtOnce: 0,
    async behave(next) {
      behaviour = next;
      sink.taken.length = 0;
      sink.hangUp();
      if (next === 'not-listening') await sink.close();
      else if (!server.listening) await listen(sink.port);
    },
    hangUp: () => open.forEach(socket => socket.destroy()),
    close: () =>
      new Promise(resolve => {
        sink.hangUp();
        if (server.listening) server.close(() => resolve());
        else resolve();
      }),
  };
  return sink;
}

class Session {
  private buffered = '';
  private isInData = false;
  private from = '';
  private to = '';

  constructor(
    private readonly socket: Socket,
    private readonly sink: SmtpSink,
    private readonly behaviour: () => PeerBehaviour,
  ) {}

  start(): void {
    this.say('220 sink ESMTP');
    this.socket.on('data', chunk => {
      this.buffered += chunk.toString('latin1');
      while (this.takeMessage() || this.takeLine());
    });
  }

  private takeMessage(): boolean {
    const end = this.isInData ? this.buffered.indexOf('\r\n.\r\n') : -1;
    if (end < 0) return false;
    const message = this.buffered.slice(0, end);
    this.buffered = this.buffered.slice(end + 5);
    this.isInData = false;
    this.sink.taken.push({ from: this.from, to: this.to, message });
    if (this.behaviour() === 'drop-after-hand-off') this.socket.destroy();
    else if (this.behaviour() !== 'never-answer') this.say(`250 2.0.0 Ok: queued as Q${this.sink.taken.length}abc`);
    return true;
  }

  private takeLine(): boolean {
    const end = this.isInData ? -1 : this.buffered.indexOf('\r\n');
    if (end < 0) return false;
    const line = this.buffered.slice(0, end);
    this.buffered = this.buffered.slice(end + 2);
    this.obey(line.split(' ', 1)[0]?.toUpperCase() ?? '', line);
    return true;
  }

  private obey(verb: string, line: string): void {
    const behaviour = this.behaviour();
    if (verb === 'EHLO') return this.say('250-sink\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250 AUTH PLAIN');
    if (verb === 'AUTH')
      return this.say(behaviour === 'refuse-credentials' ? '535 5.7.8 Authentication failed' : '235 2.7.0 Welcome');
    if (verb === 'MAIL') return this.mail(line, behaviour);
    if (verb === 'RCPT') return this.recipient(line, behaviour);
    if (verb === 'DATA') return this.data(behaviour);
    if (verb === 'QUIT') return void this.socket.end('221 Bye\r\n');
    this.say('250 2.0.0 Ok');
  }

  private mail(line: string, behaviour: PeerBehaviour): void {
    this.from = /<(.*?)>/.exec(line)?.[1] ?? '';
    this.to = '';
    this.say(behaviour === 'throttle' ? '421 4.7.0 Too many messages, slow down' : '250 2.1.0 Ok');
  }

  private recipient(line: string, behaviour: PeerBehaviour): void {
    if (behaviour === 'reject-recipient') return this.say('550 5.1.1 No such user');
    if (behaviour === 'fail-for-now') return this.say('450 4.2.1 Mailbox busy');
    this.to = /<(.*?)>/.exec(line)?.[1] ?? '';
    this.say('250 2.1.5 Ok');
  }

  private data(behaviour: PeerBehaviour): void {
    if (behaviour === 'drop-before-hand-off') return void this.socket.destroy();
    if (this.to === '') return this.say('503 5.5.1 No recipients');
    this.isInData = true;
    this.say('354 Go on');
  }

  private say(reply: string): void {
    if (!this.socket.destroyed) this.socket.write(`${reply}\r\n`);
  }
}
