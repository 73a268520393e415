/** Starts a process of any role: settings, database, migrations, server. Whatever fails is one clear line and a non-zero exit, with the database stopped. */
import { join } from 'node:path';
import { AccountsService } from './accounts/accounts.service.js';
import { ensureFirstKey, type FirstKey } from './accounts/first-key.js';
import { type BootConfig, type Config, describeConfig, loadConfig, withDatabase } from './platform/config.js';
import { makeDataHome } from './platform/data-home.js';
import { startDatabase } from './platform/database/embedded/start-database.js';
import { migrate } from './platform/database/migrate.js';
import { Lifecycle } from './platform/lifecycle.js';
import { createLog, type Log } from './platform/log.js';
import { describeStartFailure, welcome } from './platform/start-messages.js';
import { startServer } from './server.js';

/** A fast shutdown of PostgreSQL takes milliseconds; this is for one that has to be forced. */
const databaseStopMs = 30_000;

async function main(): Promise<void> {
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
  const config = withDatabase(boot, boot.databaseUrl ?? (await startEmbedded(boot, life, log)));
  log.debug(describeConfig(config), 'settings');
  await migrate(config.databaseUrl, line => log.info(line));
  const { server, key } = await serve(config, life, log);
  print(welcome({ url: server.url, boot, key }), process.stdout);
}

async function startEmbedded(boot: BootConfig, life: Lifecycle, log: Log): Promise<string> {
  makeDataHome(boot.dataHome);
  const options = {
    dataDir: boot.dataDir,
    projectRoot: boot.projectRoot,
    pgBin: boot.pgBin,
    log: (line: string) => log.info(line),
  };
  const database = await life.hold(
    'the database',
    databaseStopMs,
    () => startDatabase(options),
    running => running.stop(),
  );
  return database.url;
}

async function serve(config: Config, life: Lifecycle, log: Log) {
  let key: FirstKey = { state: 'known' };
  const start = () =>
    startServer(config, {
      log,
      beforeListening: async app => {
        if (config.role !== 'worker') key = await ensureFirstKey(app.get(AccountsService), config);
      },
    });
  const server = await life.hold('the server', config.shutdownMs, start, running => running.close());
  return { server, key: key as FirstKey };
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
