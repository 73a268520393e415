/**
 * The account PostgreSQL runs under. It refuses root, so under root it runs as whoever owns the data, or as `nobody` when
 * that is root: no account is made on the host, the child is merely spawned with another uid.
 */
import { readFileSync, statSync } from 'node:fs';
import type { Place } from './place.js';

/** Spread into spawn options and chown calls. Empty for a normal user: the child runs as we do. */
export type Account = { uid?: number; gid?: number };

export function accountFor(place: Place): Account {
  if (process.getuid?.() !== 0) return {};
  return ownerOf(place.cluster) ?? ownerOf(place.dataDir) ?? nobody();
}

function ownerOf(folder: string): Account | null {
  const stat = statSync(folder, { throwIfNoEntry: false });
  return stat === undefined || stat.uid === 0 ? null : { uid: stat.uid, gid: stat.gid };
}

function nobody(): Account {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find(entry => entry.startsWith('nobody:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  return { uid: Number(uid ?? 65_534), gid: Number(gid ?? 65_534) };
}
