/**
 * Secrets the product makes for itself: one random value per file, mode 0600. The file appears whole or not at all, and
 * of two processes that make it at once both end up with the same value.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { hasCode } from './errno.js';
import { giveFileToFolderOwner } from './ownership.js';

/** 32 random bytes as 64 hex digits. */
function makeSecret(): string {
  return randomBytes(32).toString('hex');
}

/** The secret kept in `path`; null when there is none yet. */
export function findSecret(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim() || null;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

export function getOrMakeSecret(path: string, make: () => string = makeSecret): string {
  return findSecret(path) ?? keepSecret(path, make());
}

/** Keeps `secret` in `path` unless another process was first; returns the one that is kept. */
function keepSecret(path: string, secret: string): string {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeWhole(draft, `${secret}\n`);
  try {
    linkSync(draft, path); // unlike rename, link refuses to replace what another process has just kept
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    return findSecret(path) ?? secret;
  } finally {
    rmSync(draft, { force: true });
  }
  return secret;
}

function writeWhole(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    giveFileToFolderOwner(file, path);
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
