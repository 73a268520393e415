/** Before any spec that needs PostgreSQL: an up-to-date build (for specs that run real processes) and one database for the whole run. */
import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

// Jest loads set-up and teardown as separate modules of one process; the global object is what they share.
const shared = globalThis as { musterTestDatabase?: ChildProcess };

// Jest calls the default export; it has no other way.
// eslint-disable-next-line no-restricted-syntax
export default async function setUp(_run: unknown, { rootDir }: { rootDir: string }): Promise<void> {
  if (shared.musterTestDatabase !== undefined) return; // several projects share one run
  execFileSync(process.execPath, [join(rootDir, 'scripts/build.mjs'), '--if-stale'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const child = fork(join(rootDir, 'test/support/test-database.mjs'), {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  shared.musterTestDatabase = child;
  const [started] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  if (typeof started !== 'object') throw new Error('the test database did not start');
  Object.assign(process.env, started);
}
