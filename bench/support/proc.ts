// What /proc says of processes. Other platforms have none: then everything is zero and `hasProc` false.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';

export const hasProc = existsSync('/proc/self/smaps_rollup');

/** Linux counts CPU in hundredths of a second, whatever its kernel is set to. */
const msInTick = 10;
/** Fields of /proc/PID/stat after the name: CPU in user and system mode, of the process and of its children that ended. */
const cpuFields = { first: 11, end: 15 };

/** The process and its children, which is all that a postmaster has. */
export async function familyOf(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name)).map(Number);
  const parents = await Promise.all(pids.map(pid => numberIn(pid, 'status', /^PPid:\s+(\d+)/m)));
  return [parent, ...pids.filter((_, i) => parents[i] === parent)];
}

/** Resident memory of one process, in MB. */
export async function residentMb(pid: number): Promise<number> {
  return (await numberIn(pid, 'status', /^VmRSS:\s+(\d+) kB/m)) / 1024;
}

/** Its proportional share of memory, in MB: what processes share is counted once over all of them. */
export async function proportionalMb(pid: number): Promise<number> {
  return (await numberIn(pid, 'smaps_rollup', /^Pss:\s+(\d+) kB/m)) / 1024;
}

/** Milliseconds of CPU so far. */
export async function cpuMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return sum(fields.slice(cpuFields.first, cpuFields.end).map(Number)) * msInTick;
}

export async function sumOver(pids: readonly number[], measure: (pid: number) => Promise<number>): Promise<number> {
  return sum(await Promise.all(pids.map(measure)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** A number out of a file of /proc; 0 for a process that has just ended. */
async function numberIn(pid: number, file: string, pattern: RegExp): Promise<number> {
  const text = await readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
  return Number(pattern.exec(text)?.[1] ?? 0);
}
