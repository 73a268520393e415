/**
 * Decides where the data lives. Normally that is the folder asked for. PostgreSQL refuses to run as root, so under root it
 * runs as `nobody`, who cannot enter a 0700 home: then the data goes to the system's state folder, and `where` in the folder asked for says so.
 */
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hasCode } from './errno.js';

/** `moved`: the data is not in the folder asked for. */
export type DataHome = { path: string; asked: string; moved: boolean };

const stateFolder = '/var/lib/muster';

/** Reads only; `makeDataHome` makes the folder. `identity` is the path whose hash names the moved folder. */
export function resolveDataHome(asked: string, identity: string, isRoot = process.getuid?.() === 0): DataHome {
  if (!isRoot || canOthersReach(asked)) return { path: asked, asked, moved: false };
  const hash = createHash('sha256').update(identity).digest('hex').slice(0, 12);
  return { path: join(stateFolder, hash), asked, moved: true };
}

/** Makes the folder, and under root lets others pass through it (not list it) to the database's own folder. */
export function makeDataHome(home: DataHome): void {
  const isRoot = process.getuid?.() === 0;
  mkdirSync(home.path, { recursive: true, mode: isRoot ? 0o755 : 0o700 });
  if (isRoot) allowPassage(home.path);
  if (!home.moved) return;
  mkdirSync(home.asked, { recursive: true, mode: 0o700 });
  writeFileSync(join(home.asked, 'where'), `${home.path}\n`);
}

/** Adds the execute bit for others and nothing else, and only when it is missing. */
export function allowPassage(folder: string): void {
  const { mode } = statSync(folder);
  if ((mode & 0o001) === 0) chmodSync(folder, (mode & 0o7777) | 0o011);
}

/** True when every existing folder above `path` lets other users pass. */
export function canOthersReach(path: string): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (!isPassable(folder)) return false;
    if (folder === dirname(folder)) return true;
  }
}

function isPassable(folder: string): boolean {
  try {
    return (statSync(folder).mode & 0o001) !== 0;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return true; // we make it, and we make it passable
    throw error;
  }
}
