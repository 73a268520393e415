/** `npm run restore -- FILE`: a backup into an empty database. */
import { resolve } from 'node:path';
import { BackupError } from './backup-error.js';
import { runCommand } from './command.js';
import { keysOf } from './keys.js';
import { restoreBackup } from './restore-backup.js';

await runCommand('Nothing was restored', async config => {
  const given = process.argv[2];
  if (given === undefined) throw new BackupError('which file? npm run restore -- FILE');
  const file = resolve(config.projectRoot, given);
  const { tables, rows } = await restoreBackup(config.databaseUrl, file, keysOf(config), () => undefined);
  return `Restored ${rows} rows of ${tables} tables from ${file}\nCampaigns that were sending or scheduled when it was made go on when a server starts.`;
});
