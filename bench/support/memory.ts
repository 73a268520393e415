/**
 * The most memory our processes held at once while something ran, sampled from /proc. PostgreSQL is counted apart and by proportional set size,
 * because its processes share their buffers.
 */
import type { Bench } from './bench.js';
import { familyOf, hasProc, proportionalMb, residentMb, sumOver } from './proc.js';
import { pidsOf, type Product } from './product.js';

/** Reading PostgreSQL's walks every page it maps: each quarter of a second, that took a fifth of a core at a gigabyte of buffers. */
const sampleMs = { ours: 250, postgresql: 5_000 };

/** Runs the work and reports two lines: our processes together, and PostgreSQL. On platforms without /proc it says that it cannot. */
export async function withPeakMemory<Result>(bench: Bench, product: Product, work: () => Promise<Result>): Promise<Result> {
  if (!hasProc) {
    bench.say('peak_rss_mb is SKIPPED: this platform has no /proc to sample');
    return work();
  }
  const peaks = { ours: 0, postgresql: 0 };
  const sampling = sampleUntil(product, peaks);
  try {
    return await work();
  } finally {
    await sampling.end();
    bench.report({ figure: 'peak_rss_mb', value: peaks.ours });
    bench.report({ figure: 'peak_rss_mb', value: peaks.postgresql, part: 'postgresql' });
  }
}

function sampleUntil(product: Product, peaks: { ours: number; postgresql: number }): { end(): Promise<void> } {
  const samplings = [
    every(sampleMs.ours, async () => {
      peaks.ours = Math.max(peaks.ours, await sumOver(pidsOf(product), residentMb));
    }),
    every(sampleMs.postgresql, async () => {
      peaks.postgresql = Math.max(peaks.postgresql, await sumOver(await familyOf(product.postmaster), proportionalMb));
    }),
  ];
  return {
    end: async () => {
      await Promise.all(samplings.map(sampling => sampling.end()));
    },
  };
}

/** Samples now, at each interval, and once more at the end; never twice at a time. */
function every(intervalMs: number, sample: () => Promise<void>): { end(): Promise<void> } {
  let running = sample();
  const timer = setInterval(() => (running = running.then(sample)), intervalMs);
  return {
    end: async () => {
      clearInterval(timer);
      await running.then(sample);
    },
  };
}
