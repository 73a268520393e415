/**
 * A process of the bench: a built script, started with an IPC channel so that it ends when the bench dies, with an environment that holds only
 * what it is given. What it says on stderr is shown.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Bench } from './bench.js';

/** A server finishes what is in flight before it goes. */
const stopMs = 30_000;

export type Child = { readonly pid: number; readonly process: ChildProcess };

/** `script` is a path inside dist/. */
export function startChild(bench: Bench, script: string, environment: Record<string, string>): Promise<Child> {
  const start = async () => {
    const child = fork(join(import.meta.dirname, '../..', script), [], {
      env: { ...inherited(), ...environment },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    await once(child, 'spawn');
    return { pid: child.pid ?? 0, process: child };
  };
  return bench.life.hold(script, stopMs, start, ({ process: child }) => stop(child));
}

/** Settings of the caller's own server must not reach this one. Flags of Node.js do (`node --cpu-prof dist/bench/…`): fork passes them on. */
function inherited(): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'close');
  child.kill('SIGTERM');
  await ended;
}

/** The match of `pattern` in what the child prints on stdout; fails when it ends before. */
export async function printed(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  let output = '';
  for await (const chunk of child.stdout?.setEncoding('utf8').iterator({ destroyOnReturn: false }) ?? []) {
    output += String(chunk);
    const match = pattern.exec(output);
    if (!match) continue;
    child.stdout?.resume(); // nobody reads on, and a full pipe would stop it
    return match;
  }
  throw new Error(`a process of the bench ended and had printed: ${output}`);
}
