/**
 * The key that opens a new Muster: BOOTSTRAP_API_KEY, else one made at the first start and kept in a 0600 file beside the data. It
 * belongs to the first workspace. Called before the server listens, so that whoever sees it ready can use the key.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createWorkspace } from '../contract/accounts.js';
import type { WorkspaceId } from '../domain/ids.js';
import type { Config } from '../platform/config.js';
import { AppError } from '../platform/errors.js';
import { getOrMakeSecret } from '../platform/secret-file.js';
import type { AccountsService } from './accounts.service.js';
import { newKey } from './key-format.js';

/** `made`: this start made the key, and is the only one to print it. `kept`: it is in that file. `known`: whoever set it knows it. */
export type FirstKey = { state: 'made'; key: string; file: string } | { state: 'kept'; file: string } | { state: 'known' };

export async function ensureFirstKey(
  accounts: AccountsService,
  config: Pick<Config, 'dataDir' | 'bootstrapApiKey'>,
): Promise<FirstKey> {
  const file = join(config.dataDir, 'api.key');
  const isKept = existsSync(file);
  if (config.bootstrapApiKey === null && !isKept && (await accounts.hasKeys())) return { state: 'known' };
  const key = config.bootstrapApiKey ?? getOrMakeSecret(file, newKey);
  const workspace = await firstWorkspace(accounts);
  await accounts.ensureKey(workspace.id as WorkspaceId, 'bootstrap', key);
  if (config.bootstrapApiKey !== null) return { state: 'known' };
  return isKept ? { state: 'kept', file } : { state: 'made', key, file };
}

async function firstWorkspace(accounts: AccountsService) {
  const wanted = createWorkspace.parse({ name: 'Default' });
  try {
    return await accounts.getOrCreateWorkspace(wanted);
  } catch (error) {
    if (error instanceof AppError && error.code === 'conflict') return accounts.getOrCreateWorkspace(wanted); // another process was first
    throw error;
  }
}
