/** Where one embedded database keeps its things, all derived from the data folder. Everything else in this folder takes a `Place`. */
import { createHash } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

export type Place = {
  dataDir: string;
  /** PostgreSQL's own data directory. */
  cluster: string;
  passwordFile: string;
  /** The port of the last start, so that a restart finds the pools of running processes again. */
  portFile: string;
  logFile: string;
  /** Names this database in process titles and in the start mutex. */
  name: string;
};

export type Log = (line: string) => void;

/** `dataDir` must exist: its real path is the identity, so that two spellings of one folder are one database. */
export function placeIn(dataDir: string): Place {
  const real = existsSync(dataDir) ? realpathSync(dataDir) : dataDir;
  return {
    dataDir: real,
    cluster: join(real, 'postgres'),
    passwordFile: join(real, 'postgres.password'),
    portFile: join(real, 'postgres.port'),
    logFile: join(real, 'postgres.log'),
    name: `muster-${createHash('sha256').update(real).digest('hex').slice(0, 16)}`,
  };
}

/** The database cannot be started, and the message says in one line what to do about it. */
export class DatabaseStartError extends Error {
  override readonly name = 'DatabaseStartError';
}
