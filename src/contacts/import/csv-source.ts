/**
 * The bytes of an upload as CSV records. Nothing is repaired in silence: what is not UTF-8 or not CSV ends the import with
 * a sentence that names the line; a record with a stray quote is one rejected row.
 */
import { parse, type CsvError } from 'csv-parse';
import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';
import { invalid } from '../../platform/errors.js';

const delimiters = { ',': ',', ';': ';', tab: '\t', '|': '|' } as const;
export type DelimiterName = keyof typeof delimiters;

/** Longest record. An unclosed quote would otherwise swallow the rest of the file into memory. */
const maxRecordBytes = 1024 * 1024;
/** Bytes we look at for the encoding, the delimiter and the header. */
const sniffBytes = 64 * 1024;
const filePointer = '/file';

export type CsvRecord = { line: number; cells: string[] } | { line: number; broken: string };
/** Parses the next bytes and hands each record to `take`. */
export type ReadSome = (take: (record: CsvRecord) => void) => void;

/**
 * The records of a file, the header first, a piece of the file at a time. `delimiter` auto: the sign that is most frequent in the
 * header outside quotes. Records are handed over while they are parsed, so that nothing of a row outlives it.
 */
export async function* readCsv(file: Readable, delimiter: DelimiterName | 'auto'): AsyncGenerator<ReadSome> {
  const chunks = file[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  try {
    yield* readRecords(chunks, delimiter);
  } finally {
    // A file that is given up in the middle is closed, so that its form can be too.
    await chunks.return?.();
  }
}

async function* readRecords(chunks: AsyncIterator<Buffer>, delimiter: DelimiterName | 'auto'): AsyncGenerator<ReadSome> {
  const head = await readHead(chunks);
  refuseOtherFormats(head);
  const lines = new LineCounter();
  const parser = startParser(delimiter === 'auto' ? detectDelimiter(head.toString('utf8')) : delimiters[delimiter]);
  yield parser.read(lines.check(head));
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield parser.read(lines.check(next.value));
  lines.finish();
  yield parser.readRest();
}

async function readHead(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let size = 0; size < sniffBytes;) {
    const next = await chunks.next();
    if (next.done) break;
    parts.push(next.value);
    size += next.value.length;
  }
  return Buffer.concat(parts);
}

/** Files that people send by mistake, told by their first bytes. */
function refuseOtherFormats(head: Buffer): void {
  const starts = (...bytes: number[]): boolean => bytes.every((byte, i) => head[i] === byte);
  if (head.length === 0) throw invalid(filePointer, 'The file is empty');
  if (starts(0xff, 0xfe) || starts(0xfe, 0xff)) throw invalid(filePointer, 'The file is UTF-16: save it as "CSV UTF-8"');
  if (starts(0x50, 0x4b, 0x03, 0x04))
    throw invalid(filePointer, 'The file is a zip archive or an Excel workbook: save it as "CSV UTF-8"');
  if (starts(0x1f, 0x8b)) throw invalid(filePointer, 'The file is compressed: send the CSV itself');
  if (starts(0xd0, 0xcf, 0x11, 0xe0)) throw invalid(filePointer, 'The file is an Excel workbook: save it as "CSV UTF-8"');
}

/** Counts outside quotes in the first record that is not empty; a comma when there is none of them. */
export function detectDelimiter(head: string): string {
  const counts = new Map<string, number>(Object.values(delimiters).map(sign => [sign, 0]));
  let isQuoted = false;
  let isEmpty = true;
  for (const char of head) {
    if (char === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (char === '\n' || char === '\r')) {
      if (!isEmpty) break;
      continue;
    } else if (!isQuoted && counts.has(char)) counts.set(char, (counts.get(char) ?? 0) + 1);
    isEmpty = false;
  }
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}

/** Checks UTF-8 chunk by chunk; a character cut in two waits for its rest. Names the line of the first wrong byte. */
class LineCounter {
  private line = 1;
  private rest: Buffer = Buffer.alloc(0);

  check(chunk: Buffer): Buffer {
    const bytes = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
    const whole = bytes.subarray(0, bytes.length - cutBytes(bytes));
    if (!isUtf8(whole)) throw notUtf8(this.line + newlines(firstLines(whole)));
    this.line += newlines(whole);
    this.rest = Buffer.from(bytes.subarray(whole.length));
    return whole;
  }

  finish(): void {
    if (this.rest.length > 0) throw notUtf8(this.line);
  }
}

function notUtf8(line: number): Error {
  return invalid(filePointer, `Line ${line} is not UTF-8: save the file as "CSV UTF-8"`);
}

/** Bytes at the end that begin a character without finishing it: at most 3. */
function cutBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
    if (byte < 0x80) return 0;
  }
  return 0;
}

/** The lines before the first wrong byte, found by halving. */
function firstLines(bytes: Buffer): Buffer {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    const part = bytes.subarray(0, middle);
    if (isUtf8(part.subarray(0, middle - cutBytes(part)))) good = middle;
    else bad = middle;
  }
  return bytes.subarray(0, good);
}

function newlines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}

type Parser = { read(bytes: Buffer): ReadSome; readRest(): ReadSome };

/**
 * csv-parse, fed by hand: the caller decides when the next bytes come, so a slow database slows the upload down. Lines are
 * counted here, because the parser's own count costs as much as its parsing.
 */
function startParser(delimiter: string): Parser {
  let failure: Error | undefined;
  let line = 0;
  let take = (_record: CsvRecord): void => undefined;
  // What it throws must not reach the parser, which at the end of the file would tell nobody in time.
  const hand = (record: CsvRecord): void => {
    try {
      take(record);
    } catch (error) {
      failure ??= error as Error;
    }
  };
  const parser = parse({
    delimiter,
    bom: true,
    // The number of cells is checked against the header by the caller, who keeps the cells for the file of rejects.
    relax_column_count: true,
    max_record_size: maxRecordBytes,
    skip_records_with_error: true,
    on_skip: error => {
      if (error && fatalCodes.has(error.code)) failure ??= fatal(error);
      else hand({ line: ++line, broken: reasonOf(error) });
      return undefined;
    },
  });
  parser.on('error', error => (failure ??= fatal(error as CsvError)));
  // Not into the queue of a stream: nobody reads it.
  parser.push = (cells: string[] | null) => {
    if (cells === null) return false;
    line += 1 + newlinesIn(cells);
    // An empty line is a record of one empty cell.
    if (cells.length > 1 || cells[0] !== '') hand({ line, cells });
    return true;
  };

  const reading =
    (feed: () => void): ReadSome =>
    to => {
      take = to;
      feed();
      if (failure) throw failure;
    };
  return {
    read: bytes => reading(() => parser.write(bytes)),
    readRest: () => reading(() => parser.end()),
  };
}

function newlinesIn(cells: readonly string[]): number {
  let count = 0;
  for (const cell of cells) if (cell.includes('\n')) count += cell.split('\n').length - 1;
  return count;
}

/** After these the parser no longer knows where a record begins. */
const fatalCodes = new Set(['CSV_QUOTE_NOT_CLOSED', 'CSV_INVALID_CLOSING_QUOTE', 'CSV_MAX_RECORD_SIZE']);

function fatal(error: CsvError): Error {
  if (error.code === 'CSV_QUOTE_NOT_CLOSED')
    return invalid(filePointer, 'A quote is opened and never closed before the end of the file');
  if (error.code === 'CSV_MAX_RECORD_SIZE')
    return invalid(filePointer, `The record before line ${lineOf(error)} is longer than 1 MB: is a quote left open?`);
  if (error.code === 'CSV_INVALID_CLOSING_QUOTE')
    return invalid(filePointer, `Line ${lineOf(error)}: text after a closing quote; write a quote inside a cell twice`);
  return invalid(filePointer, `The file is not CSV: ${error.message}`);
}

function lineOf(error: CsvError | undefined): number {
  return Number(error?.lines ?? 0);
}

function reasonOf(error: CsvError | undefined): string {
  if (error?.code === 'INVALID_OPENING_QUOTE')
    return 'A quote inside a cell without quotes around it: write it twice and quote the cell';
  return error?.message ?? 'Not a CSV record';
}
