// The demo's workspace, which can never leave the sandbox, and the key that opens it: made once, kept beside the data.
import { join } from 'node:path';
import { AccountsService } from '../accounts/accounts.service.js';
import { newKey } from '../accounts/key-format.js';
import { createWorkspace } from '../contract/accounts.js';
import type { WorkspaceId } from '../domain/ids.js';
import type { Config } from '../platform/config.js';
import { getOrMakeSecret } from '../platform/secret-file.js';

export type DemoKey = { readonly key: string; readonly file: string };

const wanted = createWorkspace.parse({
  name: 'Demo',
  defaultCountry: 'GB',
  timeZone: 'Europe/London',
  locale: 'en',
  currency: 'GBP',
  isSandboxOnly: true,
});

export async function openWorkspace(accounts: AccountsService, { dataDir }: Pick<Config, 'dataDir'>): Promise<DemoKey> {
  const file = join(dataDir, 'demo-api-key');
  const key = getOrMakeSecret(file, newKey);
  const workspace = await accounts.getOrCreateWorkspace(wanted);
  if (!workspace.isSandboxOnly)
    throw new Error(`there is a workspace named "${wanted.name}" that may send for real; the demo leaves it alone`);
  await accounts.ensureKey(workspace.id as WorkspaceId, 'demo', key);
  return { key, file };
}
