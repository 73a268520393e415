/**
 * Decides where the data lives. Normally that is the folder asked for. PostgreSQL refuses to run as root, so under root it
 * runs as `nobody`, who cannot enter a 0700 home: then the data goes to the system's state folder, and `where` in the folder asked for says so.
 */
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { giveToFolderOwner } from './ownership.js';

/** `moved`: the data is not in the folder asked for. */
export type DataHome = { path: string; asked: string; moved: boolean };

const stateFolder = '/var/lib/muster';

/** Reads only; `makeDataHome` makes the folder. `identity` is the path whose hash names the moved folder. */
export function resolveDataHome(asked: string, identity: string, isRoot = process.getuid?.() === 0): DataHome {
  if (!isRoot || canReach(asked, futureOwner(asked))) return { path: asked, asked, moved: false };
  const hash = createHash('sha256').update(identity).digest('hex').slice(0, 12);
  return { path: join(stateFolder, hash), asked, moved: true };
}

/** Makes the folder, and under root lets others pass through it (not list it) to the database's own folder. */
export function makeDataHome(home: DataHome): void {
  const isRoot = process.getuid?.() === 0;
  makeFolder(home.path, isRoot ? 0o755 : 0o700);
  if (isRoot) allowPassage(home.path);
  if (!home.moved) return;
  makeFolder(home.asked, 0o700);
  writeFileSync(join(home.asked, 'where'), `${home.path}\n`);
}

function makeFolder(path: string, mode: number): void {
  const topmost = mkdirSync(path, { recursive: true, mode });
  if (topmost === undefined) return; // it was there, and stays as it is
  for (const folder of foldersDown(topmost, path)) {
    chmodSync(folder, mode); // whatever the umask is
    giveToFolderOwner(folder);
  }
}

function foldersDown(topmost: string, path: string): string[] {
  return path === topmost ? [path] : [...foldersDown(topmost, dirname(path)), path];
}

/** Adds the execute bit for others and nothing else, and only when it is missing. */
export function allowPassage(folder: string): void {
  const { mode } = statSync(folder);
  if ((mode & 0o001) === 0) chmodSync(folder, (mode & 0o7777) | 0o011);
}

/** The database runs as the owner of the folder it is in (as `nobody` where that is root). */
function futureOwner(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined && path !== dirname(path) ? futureOwner(dirname(path)) : (stat?.uid ?? 0);
}

/** True when every existing folder above `path` lets that user pass; 0 stands for `nobody`. */
function canReach(path: string, uid: number): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (!isPassable(folder, uid)) return false;
    if (folder === dirname(folder)) return true;
  }
}

function isPassable(folder: string, uid: number): boolean {
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (stat === undefined) return true; // we make it, and we make it passable
  return (stat.mode & 0o001) !== 0 || (uid !== 0 && stat.uid === uid && (stat.mode & 0o100) !== 0);
}
