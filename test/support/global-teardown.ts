/** After the last spec: stops the run's database (test-database.mjs stops when we hang up). Called once per run, as the set-up. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

// eslint-disable-next-line no-restricted-syntax
export default async function tearDown(): Promise<void> {
  const child = (globalThis as { musterTestDatabase?: ChildProcess }).musterTestDatabase;
  if (child === undefined || child.exitCode !== null) return;
  child.disconnect();
  await once(child, 'exit');
}
