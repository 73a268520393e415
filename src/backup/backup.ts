/** `npm run backup [-- FILE]`: everything but running imports' staging and the queue, into one file. A server may go on meanwhile. */
import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { SystemClock } from '../platform/clock.js';
import { runCommand } from './command.js';
import { keysOf } from './keys.js';
import { writeBackup } from './write-backup.js';

await runCommand('No backup was made', async config => {
  const now = new SystemClock().now();
  const name = `muster-${now.toISOString().slice(0, 19).replaceAll(':', '-')}.backup`;
  const file = resolve(config.projectRoot, process.argv[2] ?? join(config.dataDir, 'backups', name));
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const { tables, rows } = await writeBackup(config.databaseUrl, file, keysOf(config), now);
  return `Backed up ${rows} rows of ${tables} tables to ${file}\nKeep SECRET_KEY (or DATA_DIR/secret.key) with it, in another place: it is not in the file, and needed.`;
});
