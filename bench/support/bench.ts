/**
 * The frame of a bench: reads its arguments, gives it a scratch folder, prints its figures, and cleans everything up at the end, on
 * failure and on Ctrl-C. Figures go to stdout as JSON lines, everything else to stderr.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../../src/platform/errno.js';
import { Lifecycle } from '../../src/platform/lifecycle.js';
import { type Figure, lineOf } from './figures.js';

export type Bench = {
  readonly name: string;
  /** How many rows, contacts or messages. */
  readonly size: number;
  /** Worker processes beside an API; 0: one process does both. */
  readonly workers: number;
  /** Holds what has to be closed. */
  readonly life: Lifecycle;
  /** Gone when the bench ends. */
  readonly folder: string;
  /** What happens now, for a person. */
  say(line: string): void;
  report(figure: Figure): void;
};

/** What shells report for a command ended by Ctrl-C: 128 + SIGINT. */
const interrupted = 130;
const removeMs = 30_000;
const mostWorkers = 64;

export async function runBench(name: string, usualSize: number, run: (bench: Bench) => Promise<void>): Promise<never> {
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const life = new Lifecycle(say);
  life.listen(interrupted);
  try {
    const { size, workers } = readArguments(usualSize);
    const folder = await makeFolder(life);
    say(`${name}: size ${size}, ${workers} workers, load average ${loadavg()[0]?.toFixed(2)}`);
    await run({ name, size, workers, life, folder, say, report: figure => print(lineOf(name, figure)) });
    say(`${name}: done, load average ${loadavg()[0]?.toFixed(2)}`);
    return await life.end(0);
  } catch (error) {
    say(`${name}: ${messageOf(error)}`);
    return life.end(1);
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function readArguments(usualSize: number): { size: number; workers: number } {
  const { values } = parseArgs({ options: { size: { type: 'string' }, workers: { type: 'string' } } });
  return {
    size: wholeNumber('size', values.size, usualSize, 1, 100_000_000),
    workers: wholeNumber('workers', values.workers, 0, 0, mostWorkers),
  };
}

function wholeNumber(name: string, text: string | undefined, usual: number, least: number, most: number): number {
  const value = text === undefined ? usual : Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`--${name}: wanted a whole number from ${least} to ${most}, got ${JSON.stringify(text)}`);
}

function makeFolder(life: Lifecycle): Promise<string> {
  return life.hold(
    'the scratch folder',
    removeMs,
    () => mkdtemp(join(tmpdir(), 'muster-bench-')),
    folder => rm(folder, { recursive: true, force: true }),
  );
}
