// Every npm script but `build` starts here, on a fresh clone too: installs and builds what is missing or stale, then runs the command in this
// very process (so that signals arrive directly). Imports nothing that npm would have to install first.
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { existsSync, readdirSync } from 'node:fs';
import { fail, root } from './lib/project.mjs';
import { isInstalled, install } from './lib/install.mjs';
import { withLock } from './lib/lock.mjs';
import { endWithParent } from './lib/parent.mjs';
import { check, test } from './lib/quality.mjs';
import { dev } from './lib/dev.mjs';
import { build, isStale } from './build.mjs';

const commands = {
  start: () => run('src/main.js'),
  demo: () => run('src/demo/main.js'),
  docs: () => run('src/docs.js'),
  backup: () => run('src/backup/backup.js'),
  restore: () => run('src/backup/restore.js'),
  bench,
  dev,
  check,
  test,
};

/** These need the development tools; the others run on `npm ci --omit=dev` with a shipped dist/ as well. */
const withTools = new Set(['dev', 'check', 'test']);

const [name, ...args] = process.argv.slice(2);
requireNode(20, 19);
if (!Object.hasOwn(commands, name)) fail(`Usage: node scripts/bootstrap.mjs ${Object.keys(commands).join('|')}`);
endWithParent();
await prepare(withTools.has(name));
await commands[name](args);

function requireNode(major, minor) {
  const [ourMajor, ourMinor] = process.versions.node.split('.').map(Number);
  if (ourMajor < major || (ourMajor === major && ourMinor < minor))
    fail(`Muster needs Node.js ${major}.${minor} or newer; this is ${process.versions.node} (${process.execPath}).`);
}

async function prepare(needsTools) {
  if (isInstalled({ needsTools }) && !(await isStale())) return;
  await withLock('bootstrap', async () => {
    // Looked at again: another process may have done it while we waited.
    const isBuilt = !(await isStale());
    if (!isInstalled({ needsTools: needsTools || !isBuilt })) {
      if (existsSync(join(root, 'dist')) && !needsTools && isInstalled({ needsTools: false })) return warnStale();
      await install();
    }
    if (!isBuilt) await build().catch(error => fail(`The build failed: ${error.message}`));
  });
}

/** An installation without development tools cannot build; what was shipped is what runs. */
function warnStale() {
  console.error('dist/ does not match the sources, and the tools to build it are not installed (npm ci): running it as it is.');
}

async function bench([name, ...options]) {
  const names = readdirSync(join(root, 'dist/bench')).flatMap(file => /^([a-z-]+)\.js$/.exec(file)?.[1] ?? []);
  if (!names.includes(name))
    fail(`Usage: npm run bench -- NAME [--size N] [--workers N]\nNAME is one of ${names.sort().join(', ')}`);
  await run(`bench/${name}.js`, options);
}

async function run(file, options = args) {
  const path = join(root, 'dist', file);
  if (!existsSync(path)) fail(`There is no dist/${file}.`);
  process.argv = [process.execPath, path, ...options];
  await import(pathToFileURL(path).href);
}
