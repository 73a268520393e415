/**
 * Rows on their way into PostgreSQL by COPY: gathered to about a megabyte, sent as one short transaction while the next
 * megabyte is read. A slow client never holds a transaction open (an open one would hold back the followers of the
 * change feed), and memory never holds more than two buffers.
 */
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { finished } from 'node:stream/promises';
import type { CellValue } from './coerce.js';

const flushBytes = 1024 * 1024;

export class CopyBuffer {
  private gathering = Buffer.allocUnsafe(2 * flushBytes);
  private spare = Buffer.allocUnsafe(2 * flushBytes);
  private size = 0;
  private sending: Promise<void> = Promise.resolve();

  /** `command` is a COPY … FROM STDIN in text format, written by code. */
  constructor(
    private readonly client: pg.PoolClient,
    private readonly command: string,
  ) {}

  add(line: string): void {
    // A UTF-16 unit is at most three bytes of UTF-8.
    if (this.size + line.length * 3 > this.gathering.length) this.grow(line.length * 3);
    this.size += this.gathering.write(line, this.size, 'utf8');
  }

  get isFull(): boolean {
    return this.size >= flushBytes;
  }

  /** Starts sending what is gathered, once the piece before it has arrived. */
  async flush(): Promise<void> {
    await this.sending;
    if (this.size === 0) return;
    const piece = this.gathering.subarray(0, this.size);
    [this.gathering, this.spare] = [this.spare, this.gathering];
    this.size = 0;
    this.sending = this.send(piece);
    // Whoever waits next gets the error; until then it must not count as unhandled.
    this.sending.catch(() => undefined);
  }

  /** Resolves when every row is committed. */
  async finish(): Promise<void> {
    await this.flush();
    await this.sending;
  }

  private grow(wanted: number): void {
    const larger = Buffer.allocUnsafe(Math.max(2 * this.gathering.length, this.size + wanted));
    this.gathering.copy(larger, 0, 0, this.size);
    this.gathering = larger;
  }

  private async send(piece: Buffer): Promise<void> {
    const stream = this.client.query(copyFrom(this.command));
    stream.end(piece);
    await finished(stream);
  }
}

/** One row in COPY's text format. */
export function copyLine(values: readonly (CellValue | null)[]): string {
  let line = copyValue(values[0] ?? null);
  for (let i = 1; i < values.length; i++) line += `\t${copyValue(values[i] ?? null)}`;
  return `${line}\n`;
}

function copyValue(value: CellValue | null): string {
  if (value === null) return '\\N';
  return escape(typeof value === 'string' ? value : arrayLiteral(value));
}

const special = /[\\\t\n\r]/;
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function escape(text: string): string {
  return special.test(text) ? text.replace(/[\\\t\n\r]/g, char => escapes[char] ?? char) : text;
}

function arrayLiteral(items: readonly string[]): string {
  return `{${items.map(item => `"${item.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}
