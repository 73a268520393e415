/** What a root makes in another user's folder becomes that user's, so that a start without root finds nothing it cannot read. */
import { fchownSync, fstatSync, lchownSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

export function giveToFolderOwner(path: string): void {
  const owner = ownerToBe(path);
  if (owner !== null) lchownSync(path, owner.uid, owner.gid);
}

/** The same for an open file: no link can be slipped in between. */
export function giveFileToFolderOwner(file: number, path: string): void {
  const owner = ownerToBe(path);
  if (owner !== null && fstatSync(file).uid !== owner.uid) fchownSync(file, owner.uid, owner.gid);
}

function ownerToBe(path: string): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const { uid, gid } = statSync(dirname(path));
  return uid === 0 ? null : { uid, gid };
}
