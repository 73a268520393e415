/**
 * Ends what a dead database left behind: a postmaster that no longer answers, backends that outlived a killed postmaster and still hold its
 * shared memory, a lock file whose pid another program may have by now. Only processes proven to be this database's are touched.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { hasCode } from '../../errno.js';
import type { Place } from './place.js';
import { listProcesses } from './processes.js';
import { waitUntil } from './wait.js';

/** An orphan notices the postmaster's death by itself within milliseconds unless it computes: give it that, then insist. */
const steps = [
  { signal: 0, waitMs: 100 },
  { signal: 'SIGQUIT', waitMs: 3000 },
  { signal: 'SIGKILL', waitMs: 3000 },
] as const;

/** Called under the start mutex, after a probe found no database of ours that answers. */
export async function endLeftovers(place: Place): Promise<void> {
  await endProcesses(place);
  rmSync(join(place.cluster, 'postmaster.pid'), { force: true }); // PostgreSQL would refuse it when the pid was reused
}

export async function endProcesses(place: Place): Promise<void> {
  for (const { signal, waitMs } of steps) {
    if (listProcesses(place).length === 0) return;
    for (const pid of listProcesses(place)) send(pid, signal);
    await waitUntil(() => listProcesses(place).length === 0, waitMs);
  }
}

function send(pid: number, signal: NodeJS.Signals | 0): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error; // gone meanwhile
  }
}
