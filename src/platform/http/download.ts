/**
 * Files that are written while they are read. Lines are gathered into pieces; a piece is made when the last one was taken, so a slow
 * reader slows us and memory stays flat. When the reader hangs up, the lines are told to stop.
 */
import { StreamableFile } from '@nestjs/common';
import { Readable } from 'node:stream';
import { AppError } from '../errors.js';

const pieceLength = 64 * 1024;

/** At most so many downloads at once: each holds a connection, and the rest of the API must not starve. */
export class Downloads {
  private running = 0;

  constructor(private readonly most: number) {}

  /** Throws `unavailable` when all places are taken. The place is free again when the stream is closed, however that comes. */
  csv(fileName: string, lines: AsyncIterable<string>): StreamableFile {
    this.requirePlace();
    this.running++;
    const stream = Readable.from(piecesOf(lines), { objectMode: false });
    stream.once('close', () => this.running--);
    return new StreamableFile(stream, {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="${fileName}"`,
    });
  }

  /** Before anything is written about a download that cannot be. */
  requirePlace(): void {
    if (this.running >= this.most) throw new AppError('unavailable', 'Too many exports at once; try again when one has ended');
  }
}

async function* piecesOf(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let piece = '';
  for await (const line of lines) {
    piece += line;
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
