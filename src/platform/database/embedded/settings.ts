/** PostgreSQL's settings, sized to the machine. They travel on the command line, so that a new version's settings hold at its first start. */
import { statfsSync } from 'node:fs';
import { totalmem } from 'node:os';
import type { Place } from './place.js';

const mb = 1024 * 1024;

export type Settings = Record<string, string>;

/** `overrides` win; tests switch fsync off with them. */
export function settingsFor(place: Place, port: number, overrides: Settings = {}): Settings {
  const memoryMb = Math.floor(availableMemory() / mb);
  return {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    cluster_name: place.name, // shows in process titles: how leftovers are recognised where /proc is closed to us
    max_connections: '200', // each queue and worker has a pool of its own
    shared_buffers: `${clamp(memoryMb / 8, 32, 1024)}MB`,
    effective_cache_size: `${clamp(memoryMb / 2, 128, 65_536)}MB`,
    maintenance_work_mem: `${clamp(memoryMb / 32, 32, 256)}MB`,
    work_mem: `${clamp(memoryMb / 256, 4, 32)}MB`,
    dynamic_shared_memory_type: sharedMemoryMb() < 512 ? 'mmap' : 'posix', // containers get 64 MB of /dev/shm: parallel hashes die of it
    wal_compression: 'on',
    wal_buffers: `${clamp(memoryMb / 256, 4, 64)}MB`, // an import fills the default of 16 MB before it is written out, and then waits for that
    max_wal_size: '4GB', // bulk imports would checkpoint every few seconds with the default of 1 GB
    checkpoint_completion_target: '0.9',
    random_page_cost: '1.1',
    jit: 'off', // costs 100 ms and more on statements that take 20
    idle_in_transaction_session_timeout: '10min', // a hung transaction would stop vacuum from cleaning the ledger
    log_timezone: 'UTC',
    timezone: 'UTC',
    log_checkpoints: 'off',
    log_line_prefix: '%m [%p] ',
    ...overrides,
  };
}

export function asArguments(settings: Settings): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** What the container allows, else what the machine has. */
function availableMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

function sharedMemoryMb(): number {
  try {
    const { bsize, blocks } = statfsSync('/dev/shm');
    return (bsize * blocks) / mb;
  } catch {
    return Number.POSITIVE_INFINITY; // macOS has no /dev/shm and no such limit
  }
}

function clamp(value: number, min: number, max: number): number {
  return Math.round(Math.min(max, Math.max(min, value)));
}
