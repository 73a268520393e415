/** Starts and stops the postmaster: detached from us (a Ctrl-C in our terminal must not reach it), on loopback, its output in a log file. */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { giveFileToFolderOwner, giveToFolderOwner } from '../../ownership.js';
import type { Account } from './account.js';
import type { Binaries } from './binaries.js';
import { endProcesses } from './leftovers.js';
import { DatabaseStartError, type Log, type Place } from './place.js';
import { probe } from './probe.js';
import { findPostmaster } from './processes.js';
import { asArguments, settingsFor, type Settings } from './settings.js';
import { waitUntil } from './wait.js';

const maxLogBytes = 5_000_000;
/** Recovery replays at most max_wal_size (4 GB): minutes on a slow disk, and killing it half-way helps nobody. */
const recoveryMs = 15 * 60_000;
const noticeMs = 3000;
/** A fast shutdown ends all sessions and writes a checkpoint; beyond this the next start recovers instead. */
const fastStopMs = 20_000;

export type Start = {
  place: Place;
  binaries: Binaries;
  account: Account;
  password: string;
  overrides: Settings;
  /** null: any free port, preferably the last one. */
  pinnedPort: number | null;
  log: Log;
};

/** Resolves to the port once the database answers. */
export async function startPostmaster(start: Start): Promise<number> {
  const port = await choosePort(start.place, start.pinnedPort);
  const exit = launch(start, port);
  const notice = setTimeout(() => start.log('the database is recovering from a crash; this can take a while'), noticeMs);
  try {
    const isUp = await waitUntil(
      async () => exit.isOver() || (await probe(start.place, port, start.password)) === 'ours',
      recoveryMs,
    );
    if (!isUp || exit.isOver())
      throw new DatabaseStartError(`PostgreSQL did not start: ${exit.reason()} (see ${start.place.logFile})`);
  } finally {
    clearTimeout(notice);
  }
  writeFileSync(start.place.portFile, `${port}\n`, { mode: 0o600 });
  giveToFolderOwner(start.place.portFile);
  return port;
}

function launch({ place, binaries, account, overrides }: Start, port: number) {
  const logFrom = rotateLog(place);
  const output = openSync(place.logFile, 'a', 0o600);
  giveFileToFolderOwner(output, place.logFile);
  const options = asArguments(settingsFor(place, port, overrides));
  const child = spawn(join(binaries.folder, 'postgres'), ['-D', place.cluster, ...options], {
    ...account,
    cwd: '/',
    env: { LC_ALL: 'C' },
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  child.unref();
  let failure: string | null = null;
  child.once('error', error => (failure = error.message));
  child.once('exit', (code, signal) => (failure ??= lastWords(place, logFrom) ?? `it ended with ${signal ?? `code ${code}`}`));
  return { isOver: () => failure !== null, reason: () => failure ?? 'it does not answer' };
}

/** Fast, then immediate, then by force: always ends, and never touches a process that is not this database's. */
export async function stopPostmaster(place: Place): Promise<void> {
  const pid = findPostmaster(place);
  if (pid !== null) {
    process.kill(pid, 'SIGINT');
    await waitUntil(() => findPostmaster(place) === null, fastStopMs, 5);
  }
  await endProcesses(place);
}

/** Below the ports systems hand out for outgoing connections: a pool that knocks at a dead database must not take its port. */
const ports = { from: 20_000, to: 32_000 };

async function choosePort(place: Place, pinned: number | null): Promise<number> {
  const last = pinned ?? readPort(place);
  if (last !== null && (await isFree(last))) return last;
  if (pinned !== null)
    throw new DatabaseStartError(`port ${pinned} on 127.0.0.1, where running processes expect the database, is taken`);
  for (;;) {
    const port = randomInt(ports.from, ports.to);
    if (await isFree(port)) return port;
  }
}

function readPort(place: Place): number | null {
  const port = existsSync(place.portFile) ? Number(readFileSync(place.portFile, 'utf8')) : 0;
  return port > 0 && port < 65_536 ? port : null;
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Keeps one old log; returns where this start's output begins. */
function rotateLog(place: Place): number {
  const size = statSync(place.logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (size < maxLogBytes) return size;
  renameSync(place.logFile, `${place.logFile}.1`);
  return 0;
}

function lastWords(place: Place, from: number): string | null {
  const lines = readFileSync(place.logFile).subarray(from).toString('utf8').trim().split('\n');
  return lines.find(line => /FATAL|PANIC/.test(line))?.replace(/^.*?(FATAL|PANIC):\s*/, '') ?? lines.at(-1) ?? null;
}
