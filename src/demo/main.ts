/**
 * `npm run demo`: brings up a whole Muster in this process (role all, a port of its own), then works with it only through
 * the public HTTP API. Logs go to a file; stdout is the story, and its last line is JSON.
 */
import { join } from 'node:path';
import { AccountsService } from '../accounts/accounts.service.js';
import { launch } from '../launch.js';
import { SystemClock } from '../platform/clock.js';
import { type BootConfig, loadConfig } from '../platform/config.js';
import { makeDataHome } from '../platform/data-home.js';
import { messageOf } from '../platform/errno.js';
import { Lifecycle } from '../platform/lifecycle.js';
import { createLog, type Log, logFile } from '../platform/log.js';
import { describeStartFailure } from '../platform/start-messages.js';
import { Api } from './api.js';
import type { Demo } from './demo.js';
import { retailFile } from './retail.js';
import { Screen } from './screen.js';
import { tellStory } from './story.js';
import { type DemoKey, openWorkspace } from './workspace.js';

const people = 50_000;
/** What shells report for a command ended by Ctrl-C: 128 + SIGINT. */
const interrupted = 130;

async function main(): Promise<void> {
  const boot = demoConfig();
  makeDataHome(boot.dataHome);
  const file = join(boot.dataDir, 'demo.log');
  const log = createLog(boot.logLevel, boot.role, logFile(file));
  const life = new Lifecycle((line, error) => (error === undefined ? log.info(line) : log.error({ err: error }, line)));
  life.listen(interrupted);
  const stop = new AbortController();
  try {
    const demo = await open(boot, life, log, stop.signal, file);
    await life.hold(
      'the demo',
      1_000,
      async () => stop,
      async () => stop.abort(),
    );
    const summary = await tellStory(demo, { people, retailFile: retailFile(boot.projectRoot) });
    process.stdout.write(`${summary}\n`);
    await life.end(0);
  } catch (error) {
    // Stopping already, which is why it failed; the new line ends an open progress line.
    if (stop.signal.aborted) return void process.stdout.write('\nStopped.\n');
    log.error({ err: error }, 'the demo failed');
    process.stderr.write(`\nThe demo failed: ${messageOf(error)}\nWhat the server did is in ${file}\n`);
    await life.end(1);
  }
}

/** The caller's settings, but always a whole server of its own that only this machine can reach. */
function demoConfig(): BootConfig {
  const settings = loadConfig(undefined, join(import.meta.dirname, '../../..'));
  return { ...settings, role: 'all', host: '127.0.0.1', port: 0, publicUrl: 'http://127.0.0.1:0' };
}

async function open(boot: BootConfig, life: Lifecycle, log: Log, signal: AbortSignal, file: string): Promise<Demo> {
  const clock = new SystemClock();
  const screen = new Screen(process.stdout, () => clock.now());
  screen.line('Muster demo: 50 000 people, real orders, two campaigns. Nothing leaves this machine.');
  let opened: DemoKey | undefined;
  const server = await launch(boot, life, log, async (app, config) => {
    opened = await openWorkspace(app.get(AccountsService), config);
  });
  if (opened === undefined) throw new Error('the server came up without the demo workspace');
  screen.line(`  Server   ${server.url}`);
  screen.line(`  API key  ${opened.key} (kept in ${opened.file})`);
  screen.line(`  Log      ${file}`);
  return { api: new Api(server.url, opened.key, signal), screen, now: () => clock.now(), signal };
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${describeStartFailure(error, null)}\n`);
  process.exit(1);
}
