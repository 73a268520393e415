/**
 * Which processes are this database's. A pid alone proves nothing (pids are reused), so a process counts only when it is
 * `postgres` and works in our data directory, or, where /proc hides that, carries our cluster's name in its title.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { hasCode } from '../../errno.js';
import type { Place } from './place.js';

/** What PostgreSQL writes to postmaster.pid; fields it has not written yet are null. */
export type LockFile = { pid: number; port: number | null };

export function readLockFile(place: Place): LockFile | null {
  try {
    const lines = readFileSync(join(place.cluster, 'postmaster.pid'), 'utf8').split('\n');
    const pid = Number(lines[0]);
    const port = Number(lines[3]);
    return pid > 0 ? { pid, port: port > 0 ? port : null } : null;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return null;
    throw error;
  }
}

/** The running postmaster's pid, or null. */
export function findPostmaster(place: Place): number | null {
  const pid = readLockFile(place)?.pid;
  return pid !== undefined && isOurs(pid, place) ? pid : null;
}

/** Every process of this database, orphans of a killed postmaster included. */
export function listProcesses(place: Place): number[] {
  if (process.platform !== 'linux') return [findPostmaster(place)].filter(pid => pid !== null);
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(pid => isOurs(pid, place));
}

export function isOurs(pid: number, place: Place): boolean {
  if (process.platform !== 'linux') return commandOf(pid).includes(place.cluster);
  try {
    const program = readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, '');
    return basename(program) === 'postgres' && readlinkSync(`/proc/${pid}/cwd`) === place.cluster;
  } catch (error) {
    return hasCode(error, 'EACCES', 'EPERM') && hasOurTitle(pid, place);
  }
}

/** For a root without CAP_SYS_PTRACE (most containers), who may not look into another user's /proc entries. */
function hasOurTitle(pid: number, place: Place): boolean {
  try {
    const title = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return (
      title.startsWith(`postgres: ${place.name}: `) ||
      (title.includes('/postgres ') && title.includes(`cluster_name=${place.name} `))
    );
  } catch {
    return false; // gone meanwhile
  }
}

function commandOf(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return ''; // ps fails when there is no such process
  }
}
