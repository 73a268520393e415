/**
 * The file of a backup, before gzip: frames of one letter, a length of four bytes, and a body. A seal over all frames, made from SECRET_KEY,
 * is the last one, so a file that was cut, damaged or changed is told before anything is committed.
 */
import { createHmac, type Hmac, timingSafeEqual } from 'node:crypto';
import { BackupError } from './backup-error.js';

/** Manifest, table, data of a COPY, end of the table, sequences, seal. */
export type FrameKind = 'M' | 'T' | 'D' | 'E' | 'S' | 'Z';
export type Frame = { kind: FrameKind; body: Buffer };

const headBytes = 5;
/** COPY hands out rows in pieces; the longest is a row, and rows are far below this. Guards memory against a damaged length. */
const longestBody = 64 * 1024 * 1024;

export class FrameWriter {
  private readonly mac: Hmac;

  constructor(sealKey: string) {
    this.mac = createHmac('sha256', sealKey);
  }

  frame(kind: FrameKind, body: Buffer): Buffer {
    const head = headOf(kind, body);
    this.mac.update(head).update(body);
    return Buffer.concat([head, body]);
  }

  json(kind: FrameKind, value: object): Buffer {
    return this.frame(kind, Buffer.from(JSON.stringify(value)));
  }

  /** The last frame. */
  seal(): Buffer {
    const body = this.mac.digest();
    return Buffer.concat([headOf('Z', body), body]);
  }
}

/** Reads frames one by one; the seal is checked where it comes, and nothing may follow it. */
export async function* readFrames(chunks: AsyncIterable<Buffer>, sealKey: () => string): AsyncGenerator<Frame, void> {
  const seen: Buffer[] = []; // covered by the seal, but the key is known only once the manifest was read
  let mac: Hmac | null = null;
  for await (const frame of splitFrames(chunks)) {
    if (frame.kind === 'Z') {
      mac ??= createHmac('sha256', sealKey());
      const expected = mac.digest();
      if (frame.body.length !== expected.length || !timingSafeEqual(frame.body, expected))
        throw new BackupError('the file was changed or damaged: its seal is wrong');
      yield frame;
      continue;
    }
    seen.push(headOf(frame.kind, frame.body), frame.body);
    yield frame;
    mac ??= createHmac('sha256', sealKey());
    for (const part of seen.splice(0)) mac.update(part);
  }
}

async function* splitFrames(chunks: AsyncIterable<Buffer>): AsyncGenerator<Frame, void> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let end = endOfFirst(rest); end !== null && end <= rest.length; end = endOfFirst(rest)) {
      yield { kind: String.fromCharCode(rest[0] ?? 0) as FrameKind, body: rest.subarray(headBytes, end) };
      rest = rest.subarray(end);
    }
  }
  if (rest.length > 0) throw new BackupError('the file ends in the middle of a record');
}

function endOfFirst(bytes: Buffer): number | null {
  if (bytes.length < headBytes) return null;
  const length = bytes.readUInt32BE(1);
  if (!'MTDESZ'.includes(String.fromCharCode(bytes[0] ?? 0)) || length > longestBody)
    throw new BackupError('this is not a backup of Muster, or it is damaged');
  return headBytes + length;
}

function headOf(kind: FrameKind, body: Buffer): Buffer {
  const head = Buffer.alloc(headBytes);
  head.write(kind, 'latin1');
  head.writeUInt32BE(body.length, 1);
  return head;
}
