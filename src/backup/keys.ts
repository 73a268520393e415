// What a backup takes from SECRET_KEY: the seal of the file, and a fingerprint that tells whether another server has the same key.
import type { Config } from '../platform/config.js';
import { Signing } from '../platform/signing.js';

export type Keys = { seal: string; fingerprint: string };

export function keysOf(config: Config): Keys {
  const signing = new Signing(config);
  return { seal: signing.derive('backup-seal'), fingerprint: signing.derive('backup-fingerprint').slice(0, 16) };
}
