// What every process does to come up: the database (ours, unless DATABASE_URL names one), migrations, the server; all held by the process's life.
import type { INestApplication } from '@nestjs/common';
import { type BootConfig, type Config, describeConfig, withDatabase } from './platform/config.js';
import { makeDataHome } from './platform/data-home.js';
import { startDatabase } from './platform/database/embedded/start-database.js';
import { migrate } from './platform/database/migrate.js';
import type { Lifecycle } from './platform/lifecycle.js';
import type { Log } from './platform/log.js';
import { type RunningServer, startServer } from './server.js';

/** A fast shutdown of PostgreSQL takes milliseconds; this is for one that has to be forced. */
const databaseStopMs = 30_000;

type BeforeListening = (app: INestApplication, config: Config) => Promise<void>;

export async function launch(
  boot: BootConfig,
  life: Lifecycle,
  log: Log,
  beforeListening: BeforeListening,
): Promise<RunningServer> {
  const config = withDatabase(boot, boot.databaseUrl ?? (await startEmbedded(boot, life, log)));
  log.debug(describeConfig(config), 'settings');
  await migrate(config.databaseUrl, line => log.info(line));
  const start = () => startServer(config, { log, beforeListening: app => beforeListening(app, config) });
  return life.hold('the server', config.shutdownMs, start, running => running.close());
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
