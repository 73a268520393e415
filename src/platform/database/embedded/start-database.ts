/**
 * The embedded PostgreSQL of one data folder, shared by all our processes there. Each of them watches it and restarts it when it dies, on the
 * same port, so that pools reconnect; the last one out stops it. One that was killed leaves it running for the next to attach to.
 */
import { mkdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { allowPassage } from '../../data-home.js';
import { messageOf } from '../../errno.js';
import { bringUp, databaseName, type Endpoint, type Wanted } from './bring-up.js';
import { type Log, type Place, placeIn } from './place.js';
import { stopPostmaster } from './postmaster.js';
import { Presence } from './presence.js';
import { urlOf } from './probe.js';
import type { Settings } from './settings.js';
import { withStartMutex } from './start-mutex.js';

export type StartOptions = {
  dataDir: string;
  projectRoot: string;
  log: Log;
  /** A folder with `initdb` and `postgres`; null or absent: the binaries we ship. */
  pgBin?: string | null;
  /** PostgreSQL settings that replace ours. */
  settings?: Settings;
};

export type RunningDatabase = {
  url: string;
  /** Leaves the database; stops it when no other process uses it. Safe to call twice. */
  stop(): Promise<void>;
};

export async function startDatabase({
  dataDir,
  projectRoot,
  log,
  pgBin = null,
  settings = {},
}: StartOptions): Promise<RunningDatabase> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  if (process.getuid?.() === 0) allowPassage(dataDir);
  const session = new Session({ place: placeIn(dataDir), projectRoot, pgBin, overrides: settings, log });
  const { port, password } = await session.enter();
  return { url: urlOf(port, password, databaseName), stop: () => session.leave() };
}

const firstRetryMs = 100;
const lastRetryMs = 5000;

/** One process's use of the database, from start to stop. */
class Session {
  private presence: Presence | null = null;
  private recovery: Promise<void> | null = null;
  private leaving: Promise<void> | null = null;
  /** Fixed by the first entry: our pools know no other. */
  private port: number | null = null;
  private readonly place: Place;
  private readonly log: Log;

  constructor(private readonly wanted: Wanted) {
    this.place = wanted.place;
    this.log = wanted.log;
  }

  enter(): Promise<Endpoint> {
    return withStartMutex(this.place, this.log, async () => {
      const endpoint = await bringUp(this.wanted, this.port);
      if (endpoint.port !== (this.port ?? endpoint.port))
        throw new Error(`it now listens on port ${endpoint.port}; restart this process`);
      this.port = endpoint.port;
      const url = urlOf(endpoint.port, endpoint.password, 'postgres');
      this.presence = await Presence.begin(url, () => void this.recover());
      return endpoint;
    });
  }

  leave(): Promise<void> {
    this.leaving ??= this.goOut();
    return this.leaving;
  }

  /** The database died or dropped us: whichever process gets the mutex first restarts it, the others find it running. */
  private recover(): Promise<void> {
    this.recovery ??= this.enterAgain().finally(() => (this.recovery = null));
    return this.recovery;
  }

  private async enterAgain(): Promise<void> {
    for (let retryMs = firstRetryMs; this.leaving === null; retryMs = Math.min(retryMs * 2, lastRetryMs)) {
      try {
        await this.enter();
        return this.log('the database was lost and is back');
      } catch (error) {
        this.log(`the database was lost and does not come back yet: ${messageOf(error)}`);
        await delay(retryMs);
      }
    }
  }

  private async goOut(): Promise<void> {
    await this.recovery;
    await withStartMutex(this.place, this.log, async () => {
      const isLast = await this.isLast();
      await this.presence?.end();
      if (isLast) await stopPostmaster(this.place);
    });
  }

  /** With a lost connection nobody can be counted: the database is stopped, and whoever still needs it restarts it. */
  private async isLast(): Promise<boolean> {
    return this.presence?.isHeld ? this.presence.isLast().catch(() => true) : true;
  }
}
