/**
 * Makes the platform package's folder usable: its library links, which npm leaves out with --ignore-scripts, and a copy of the whole
 * in a cache that any account can read. A copy appears whole or not at all, and is trusted only in a folder nobody else can write to.
 */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { hasCode } from '../../errno.js';

type Link = { source: string; target: string };

/** Creates what `pg-symlinks.json` asks for and is missing. Returns the folder. */
export function makeLinks(native: string, at = native): string {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as Link[];
  for (const { source, target } of links) makeLink(join(at, '..', inside(at, source)), join(at, '..', inside(at, target)));
  return at;
}

/** The list's paths start with `native/`; a copy has another name. */
function inside(at: string, path: string): string {
  return path.replace(/^native\//, `${basename(at)}/`);
}

function makeLink(source: string, target: string): void {
  if (existsSync(target)) return;
  try {
    symlinkSync(relative(dirname(target), source), target);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error; // another process was first
  }
}

/** Copies `native` to `cache/name` unless it is there. */
export function copyOnce(native: string, cache: string, name: string): string {
  mkdirSync(cache, { recursive: true, mode: 0o755 });
  assertOnlyOurs(cache);
  const copy = join(cache, name);
  if (existsSync(copy)) return copy;
  const draft = mkdtempSync(`${copy}.`);
  try {
    copyTree(native, draft);
    makeLinks(native, draft);
    renameSync(draft, copy);
  } catch (error) {
    if (!existsSync(copy)) throw error; // else another process was first, and its copy is as good
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return copy;
}

/** Whoever can write there decides what we execute, perhaps as root. */
function assertOnlyOurs(folder: string): void {
  const stat = lstatSync(folder);
  if (!stat.isDirectory() || stat.uid !== process.getuid?.() || (stat.mode & 0o022) !== 0)
    throw new Error(`${folder} is not a folder that only we can write to`);
}

/** Readable by all, whatever umask npm installed under. Links are made anew, static libraries are of no use to us. */
function copyTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  chmodSync(to, 0o755);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copyTree(source, target);
    else if (entry.isFile() && !entry.name.endsWith('.a')) {
      copyFileSync(source, target);
      chmodSync(target, (lstatSync(source).mode & 0o111) === 0 ? 0o644 : 0o755);
    }
  }
}
