/**
 * The most memory our processes held at once while something ran, sampled from /proc. PostgreSQL is counted apart and by proportional set size,
 * because its processes share their buffers.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import type { Bench } from './bench.js';
import type { Product } from './product.js';

const sampleMs = 250;
const kBInMB = 1024;

/** Runs the work and reports two lines: our processes together, and PostgreSQL. On platforms without /proc it says that it cannot. */
export async function withPeakMemory<Result>(bench: Bench, product: Product, work: () => Promise<Result>): Promise<Result> {
  if (!existsSync('/proc/self/smaps_rollup')) {
    bench.say('peak_rss_mb is SKIPPED: this platform has no /proc to sample');
    return work();
  }
  const peaks = { ours: 0, postgresql: 0 };
  const sampling = sampleUntil(product, peaks);
  try {
    return await work();
  } finally {
    await sampling.end();
    bench.report({ figure: 'peak_rss_mb', value: peaks.ours / kBInMB });
    bench.report({ figure: 'peak_rss_mb', value: peaks.postgresql / kBInMB, part: 'postgresql' });
  }
}

function sampleUntil(product: Product, peaks: { ours: number; postgresql: number }): { end(): Promise<void> } {
  const sample = async () => {
    const ours = await Promise.all(product.processes.map(({ pid }) => kB(pid, 'status', /^VmRSS:\s+(\d+) kB/m)));
    const theirs = await Promise.all(
      (await familyOf(product.postmaster)).map(pid => kB(pid, 'smaps_rollup', /^Pss:\s+(\d+) kB/m)),
    );
    peaks.ours = Math.max(peaks.ours, sum(ours));
    peaks.postgresql = Math.max(peaks.postgresql, sum(theirs));
  };
  let running = sample();
  const timer = setInterval(() => (running = running.then(sample)), sampleMs);
  return {
    end: async () => {
      clearInterval(timer);
      await running;
    },
  };
}

/** The process and its children, which is all that a postmaster has. */
async function familyOf(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name)).map(Number);
  const parents = await Promise.all(pids.map(pid => kB(pid, 'status', /^PPid:\s+(\d+)/m)));
  return [parent, ...pids.filter((_, i) => parents[i] === parent)];
}

/** A number out of a file of /proc; 0 for a process that has just ended. */
async function kB(pid: number, file: string, pattern: RegExp): Promise<number> {
  const text = await readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
  return Number(pattern.exec(text)?.[1] ?? 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
