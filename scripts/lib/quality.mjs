// `npm run check`: format, lint, types, pure tests. `npm test`: the same and everything else; with arguments only jest, with those arguments.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fail, root } from './project.mjs';

const require = createRequire(join(root, 'package.json'));

export async function check() {
  await checkSources();
  process.exit(await jest(['--selectProjects', 'pure']));
}

export async function test(args) {
  if (args.length === 0) await checkSources();
  process.exit(await jest(args));
}

async function checkSources() {
  refuseOnly();
  // Together: each is single-threaded and has long waits of its own.
  const tools = [tool('prettier', ['--check', '.']), tool('eslint', ['.']), tool('typescript', ['--noEmit', '-p', '.'], 'tsc')];
  const results = await Promise.all(tools);
  for (const { name, code, output } of results) console.log(code === 0 ? `${name}: good` : `${name}: failed\n${output}`);
  if (results.some(({ code }) => code !== 0)) fail('The check failed: see above. `npm run format` formats.');
}

/** A forgotten `.only` would silently switch the rest of a file off. */
function refuseOnly() {
  const specs = ['src', 'test'].flatMap(folder => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }));
  for (const entry of specs.filter(({ name }) => name.endsWith('.spec.ts'))) {
    const path = join(entry.parentPath, entry.name);
    if (/^\s*(?:(?:it|test|describe)(?:\.each|\.concurrent)*\.only|fit|fdescribe)\b/m.test(readFileSync(path, 'utf8')))
      fail(`${relative(root, path)} has a test marked .only`);
  }
}

function jest(args) {
  const child = spawn(process.execPath, [binOf('jest'), ...args], { cwd: root, stdio: 'inherit' });
  process.on('SIGINT', () => undefined); // jest gets it from the terminal too, cleans up and ends; then we do
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise(resolve => child.once('close', (code, signal) => resolve(signal ? 1 : code)));
}

function tool(packageName, args, bin = packageName) {
  const child = spawn(process.execPath, [binOf(packageName, bin), ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += chunk));
  return new Promise(resolve => child.once('close', code => resolve({ name: bin, code, output })));
}

/** The package's program, run by this very Node and not by whatever is in PATH. */
function binOf(packageName, bin = packageName) {
  const file = require.resolve(`${packageName}/package.json`);
  const { bin: bins } = require(file);
  return join(dirname(file), typeof bins === 'string' ? bins : bins[bin]);
}
