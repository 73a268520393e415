// CPU that our processes and PostgreSQL took for something, a piece: unlike time it is nearly the same on a machine that others use too.
import { cpuMs, familyOf, sumOver } from './proc.js';
import { pidsOf, type Product } from './product.js';

const microsecondsInMs = 1_000;

export type Cpu = { readonly ours: number; readonly postgresql: number };

/** Milliseconds so far. */
export async function cpuOf(product: Product): Promise<Cpu> {
  return {
    ours: await sumOver(pidsOf(product), cpuMs),
    postgresql: await sumOver(await familyOf(product.postmaster), cpuMs),
  };
}

export function describeCpu(before: Cpu, after: Cpu, pieces: number): string {
  const each = (part: keyof Cpu) => Math.round(((after[part] - before[part]) * microsecondsInMs) / pieces);
  return `${each('ours')} µs ours, ${each('postgresql')} µs PostgreSQL`;
}

/** Microseconds of this very process for each of so many pieces. */
export function ownCpuEach(since: NodeJS.CpuUsage, pieces: number): number {
  const { user, system } = process.cpuUsage(since);
  return Math.round((user + system) / pieces);
}
