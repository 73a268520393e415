// Is node_modules what package-lock.json asks for? npm writes node_modules/.package-lock.json last, so an interrupted install shows.
import { spawn } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, giveToOwner, root } from './project.mjs';

/** Without tools: only the packages the product needs to run. Optional ones depend on the platform and are never missed. */
export function isInstalled({ needsTools }) {
  const installed = readPackages('node_modules/.package-lock.json');
  if (installed === null) return false;
  return Object.entries(readPackages('package-lock.json') ?? {}).every(
    ([path, { version, dev, optional, devOptional, peer, link }]) =>
      path === '' || optional || devOptional || peer || link || (dev && !needsTools) || installed[path]?.version === version,
  );
}

export async function install() {
  requireWritable();
  console.error('Installing packages (once; this takes about a minute) …');
  // NODE_ENV=production would leave the compiler out.
  const { code, output } = await npm(['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
  if (code !== 0) fail(`${output}\nnpm ci failed: see above.`);
  giveToOwner(join(root, 'node_modules'));
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), 'utf8')).packages;
  } catch {
    return null; // missing or cut short: the same to us
  }
}

function requireWritable() {
  try {
    accessSync(root, constants.W_OK);
  } catch {
    fail(
      `Muster is not installed and this user cannot write to ${root}: run "npm ci && npm run build" there as its owner first.`,
    );
  }
}

/** Quiet unless it fails. Ends with us: a SIGTERM reaches only this process. */
function npm(args) {
  const cli = process.env.npm_execpath; // set when npm started us; else the one in PATH
  const [command, first] = cli?.endsWith('.js') ? [process.execPath, [cli]] : ['npm', []];
  const child = spawn(command, [...first, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = () => {
    child.kill();
    process.exit(143);
  };
  process.once('SIGTERM', stop);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += chunk));
  return new Promise(resolve => {
    child.once('error', error => resolve({ code: 1, output: `cannot run npm: ${error.message}` }));
    child.once('close', code => resolve({ code, output }));
  }).finally(() => process.off('SIGTERM', stop));
}
