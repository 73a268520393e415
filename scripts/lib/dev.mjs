// `npm run dev`: role all, built and started anew whenever a source changes. A build that fails leaves the old one running.
import { fork } from 'node:child_process';
import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import { build } from '../build.mjs';
import { root } from './project.mjs';

const watched = ['src', 'migrations', 'templates'];
/** Editors write a file in several steps. */
const quietMs = 150;

export async function dev() {
  let child = launch();
  let isEnding = false;
  let timer;
  let turn = Promise.resolve();

  const restart = async () => {
    const started = performance.now();
    try {
      await build();
    } catch (error) {
      return console.error(`The build failed: ${error.message}`);
    }
    await stop(child);
    if (isEnding) return;
    child = launch();
    console.error(`Built in ${Math.round(performance.now() - started)} ms, started again.`);
  };
  const onChange = () => {
    clearTimeout(timer);
    timer = setTimeout(() => (turn = turn.then(restart)), quietMs);
  };
  for (const folder of watched.filter(name => existsSync(join(root, name))))
    watch(join(root, folder), { recursive: true }, onChange);
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.on(signal, async () => {
      isEnding = true;
      await stop(child);
      process.exit(0);
    });
}

function launch() {
  return fork(join(root, 'dist/src/main.js'), { cwd: root });
}

function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise(resolve => {
    child.once('exit', resolve);
    child.kill('SIGTERM');
  });
}
