/**
 * Server-sent events to one client. Whoever is slower than the news gets only the latest of it: each event says all there is, so nothing
 * piles up. A comment now and then keeps proxies from hanging up, and shows us clients that are gone.
 */
import { StreamableFile } from '@nestjs/common';
import { Readable } from 'node:stream';

export type ServerEvent = { id: string; name: string; data: string };

/** Proxies hang up on what is silent for a minute or less. */
const heartbeatMs = 15_000;
/** After that the client asks again, and shows its key again: a key that was revoked does not listen for ever. */
const longestMs = 10 * 60_000;
/** How long a client waits before it asks again. */
const retryMs = 2_000;

export class EventStream extends Readable {
  private waiting: string | null = null;
  private canTake = true;
  private isLast = false;
  private readonly heartbeat = setInterval(() => this.beat(), heartbeatMs);
  private readonly longest = setTimeout(() => this.finish(), longestMs);

  constructor() {
    super();
    this.canTake = this.push(`retry: ${retryMs}\n\n`);
  }

  /** Takes the place of an event that the client has not taken yet. */
  offer(event: ServerEvent): void {
    if (this.isLast) return;
    this.waiting = textOf(event);
    if (this.canTake) this.pass();
  }

  /** What was offered still arrives, then the stream ends. */
  finish(): void {
    this.isLast = true;
    if (this.canTake) this.pass();
  }

  toFile(): StreamableFile {
    return new StreamableFile(this, { type: 'text/event-stream; charset=utf-8' });
  }

  override _read(): void {
    this.canTake = true;
    this.pass();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearInterval(this.heartbeat);
    clearTimeout(this.longest);
    done(error);
  }

  private pass(): void {
    if (this.readableEnded || this.destroyed) return;
    const text = this.waiting;
    this.waiting = null;
    if (text !== null) this.canTake = this.push(text);
    if (this.isLast) this.push(null);
  }

  /** A client that did not take the end since the last beat takes nothing any more. */
  private beat(): void {
    if (this.isLast) this.destroy();
    else if (this.canTake) this.canTake = this.push(': still here\n\n');
  }
}

/** `data` is one line: JSON has no line ends. */
function textOf({ id, name, data }: ServerEvent): string {
  return `id: ${id}\nevent: ${name}\ndata: ${data}\n\n`;
}
