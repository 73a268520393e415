/** Before any spec that needs PostgreSQL: an up-to-date build (for specs that run real processes) and one database for the whole run. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { folderVariable, urlVariable } from './db';
import { startTestDatabase } from './test-database';

// Jest calls the default export; it has no other way.
// eslint-disable-next-line no-restricted-syntax
export default async function setUp(_run: unknown, project: { rootDir: string }): Promise<void> {
  if (process.env[urlVariable] !== undefined) return; // several projects share one run
  execFileSync(process.execPath, [join(project.rootDir, 'scripts/build.mjs'), '--if-stale'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const run = await startTestDatabase(project.rootDir);
  process.env[urlVariable] = run.database.url;
  process.env[folderVariable] = run.folder;
}
