// What all scripts share: where the project is, how a script ends, and who shall own what a root makes.
import { lchownSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

export function fail(message) {
  console.error(message);
  process.exit(1);
}

/** Under root in someone else's clone: what we made becomes that user's, so that they can go on without root. */
export function giveToOwner(path) {
  const { uid, gid } = statSync(root);
  if (process.getuid?.() !== 0 || uid === 0) return;
  lchownSync(path, uid, gid);
  for (const entry of readdirSync(path, { recursive: true })) lchownSync(join(path, entry), uid, gid);
}
