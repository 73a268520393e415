/**
 * Starts a process of any role: settings, database, migrations, server. Whatever fails is one clear line and a non-zero exit, with
 * the database stopped.
 */
import { join } from 'node:path';
import { AccountsService } from './accounts/accounts.service.js';
import { ensureFirstKey, type FirstKey } from './accounts/first-key.js';
import { launch } from './launch.js';
import { keepRowsYoung } from './platform/collector.js';
import { type BootConfig, loadConfig } from './platform/config.js';
import { Lifecycle } from './platform/lifecycle.js';
import { createLog, type Log } from './platform/log.js';
import { describeStartFailure, welcome } from './platform/start-messages.js';

async function main(): Promise<void> {
  keepRowsYoung();
  const boot = loadConfig(undefined, join(import.meta.dirname, '../..'));
  const log = createLog(boot.logLevel, boot.role);
  const life = new Lifecycle((line, error) => (error === undefined ? log.info(line) : log.error({ err: error }, line)));
  life.listen();
  try {
    await start(boot, life, log);
  } catch (error) {
    print(describeStartFailure(error, boot), process.stderr);
    log.debug({ err: error }, 'start failed');
    await life.end(1);
  }
}

async function start(boot: BootConfig, life: Lifecycle, log: Log): Promise<void> {
  let key: FirstKey = { state: 'known' };
  const server = await launch(boot, life, log, async (app, config) => {
    if (config.role !== 'worker') key = await ensureFirstKey(app.get(AccountsService), config);
  });
  print(welcome({ url: server.url, boot, key }), process.stdout);
}

function print(text: string, to: NodeJS.WriteStream): void {
  to.write(`${text}\n`);
}

try {
  await main();
} catch (error) {
  print(describeStartFailure(error, null), process.stderr);
  process.exit(1);
}
