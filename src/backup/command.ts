// What both commands share: settings, the database they work on (ours, unless DATABASE_URL names one), and one line for a failure.
import { join } from 'node:path';
import { type BootConfig, type Config, loadConfig, withDatabase } from '../platform/config.js';
import { makeDataHome } from '../platform/data-home.js';
import { startDatabase } from '../platform/database/embedded/start-database.js';
import { messageOf } from '../platform/errno.js';
import { Lifecycle } from '../platform/lifecycle.js';

const databaseStopMs = 30_000;
/** What shells report for a command ended by Ctrl-C: 128 + SIGINT. */
const interrupted = 130;

/** `work` gives the line to print. */
export async function runCommand(failed: string, work: (config: Config) => Promise<string>): Promise<void> {
  const life = new Lifecycle(line => process.stderr.write(`${line}\n`));
  life.listen(interrupted);
  try {
    const boot = loadConfig(undefined, join(import.meta.dirname, '../../..'));
    const line = await work(withDatabase(boot, boot.databaseUrl ?? (await startEmbedded(boot, life))));
    process.stdout.write(`${line}\n`);
    await life.end(0);
  } catch (error) {
    process.stderr.write(`${failed}: ${messageOf(error).replaceAll(/\s*\n\s*/g, ' ')}\n`);
    await life.end(1);
  }
}

async function startEmbedded(boot: BootConfig, life: Lifecycle): Promise<string> {
  makeDataHome(boot.dataHome);
  const { dataDir, projectRoot, pgBin } = boot;
  const start = () => startDatabase({ dataDir, projectRoot, pgBin, log: () => undefined });
  return (await life.hold('the database', databaseStopMs, start, running => running.stop())).url;
}
