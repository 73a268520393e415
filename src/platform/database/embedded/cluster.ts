/** Makes PostgreSQL's data directory: initdb works in a folder beside it that is renamed when whole, so a killed initdb leaves nothing half made. */
import { execFile } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { allowPassage } from '../../data-home.js';
import { findSecret, getOrMakeSecret } from '../../secret-file.js';
import type { Account } from './account.js';
import type { Binaries } from './binaries.js';
import { DatabaseStartError, type Log, type Place } from './place.js';
import { user } from './probe.js';

const draftPrefix = 'postgres.new-';

/** Called under the start mutex, so a draft that exists belongs to a dead process. */
export async function makeCluster(place: Place, binaries: Binaries, account: Account, log: Log): Promise<void> {
  for (const name of readdirSync(place.dataDir).filter(name => name.startsWith(draftPrefix)))
    rmSync(join(place.dataDir, name), { recursive: true, force: true });
  if (account.uid !== undefined) allowPassage(place.dataDir);
  if (existsSync(place.cluster)) return checkCluster(place, binaries, account);
  log(`making a PostgreSQL ${binaries.major} database in ${place.cluster}`);
  await initialise(place, binaries, account);
}

async function initialise(place: Place, binaries: Binaries, account: Account): Promise<void> {
  const draft = join(place.dataDir, `${draftPrefix}${process.pid}`);
  const passwordFile = join(draft, 'password');
  const data = join(draft, 'data');
  for (const folder of [draft, data]) mkdirSync(folder, { mode: 0o700 });
  writeFileSync(passwordFile, getOrMakeSecret(place.passwordFile), { mode: 0o600 });
  if (account.uid !== undefined)
    for (const path of [draft, data, passwordFile]) chownSync(path, account.uid, account.gid ?? account.uid);
  await runInitdb(binaries, account, data, passwordFile);
  renameSync(data, place.cluster);
  rmSync(draft, { recursive: true, force: true });
}

async function runInitdb(binaries: Binaries, account: Account, data: string, passwordFile: string): Promise<void> {
  // The builtin C.UTF-8 sorts the same on every machine for ever; a libc locale would break indexes when the system is upgraded.
  const locale = binaries.major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : [];
  const options = [
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    `--username=${user}`,
    '--encoding=UTF8',
    '--locale=C',
    ...locale,
  ];
  try {
    await promisify(execFile)(join(binaries.folder, 'initdb'), ['-D', data, ...options], {
      ...account,
      cwd: '/',
      env: { LC_ALL: 'C' },
    });
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim().split('\n').join(' ');
    const advice = said?.includes('user does not exist')
      ? ' (a container: add the user to /etc/passwd, or set DATABASE_URL)'
      : '';
    throw new DatabaseStartError(`initdb could not make a database: ${said || String(error)}${advice}`, { cause: error });
  }
}

function checkCluster(place: Place, binaries: Binaries, account: Account): void {
  const owner = statSync(place.cluster).uid;
  const runner = account.uid ?? process.getuid?.();
  if (runner !== undefined && owner !== runner)
    throw new DatabaseStartError(
      `${place.cluster} belongs to the user with id ${owner}: start as that user or as root, or set another DATA_DIR`,
    );
  const major = Number(readFileSync(join(place.cluster, 'PG_VERSION'), 'utf8'));
  if (major !== binaries.major)
    throw new DatabaseStartError(
      `${place.cluster} was made by PostgreSQL ${major} and this is PostgreSQL ${binaries.major}: dump and restore it, set PG_BIN to binaries of version ${major}, or set another DATA_DIR`,
    );
  if (findSecret(place.passwordFile) === null)
    throw new DatabaseStartError(`${place.passwordFile} is missing: bring it back from a backup, or set another DATA_DIR`);
}
