/** A Redis of the test's own, when the machine has one. In CI it must be there; elsewhere its absence skips, loudly. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';

export type TestRedis = { url: string; stop(): Promise<void> };

/** Whether tests on Redis can run here. */
export function hasRedis(): boolean {
  const found = spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0;
  if (!found && process.env.CI) throw new Error('redis-server is missing: .ci/run installs it, and in CI nothing skips');
  if (!found) process.stderr.write('SKIPPED: tests of the queue on Redis, because redis-server is not installed\n');
  return found;
}

/** In memory only, on loopback, on a port of its own. */
export async function startRedis(): Promise<TestRedis> {
  const port = await freePort();
  const server = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'],
    {
      stdio: 'ignore',
    },
  );
  await untilListening(server, port);
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: async () => {
      server.kill('SIGTERM');
      if (server.exitCode === null) await once(server, 'exit');
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}

async function untilListening(server: ChildProcess, port: number): Promise<void> {
  while (server.exitCode === null) {
    const socket = createConnection(port, '127.0.0.1');
    const isUp = await Promise.race([once(socket, 'connect').then(() => true), once(socket, 'error').then(() => false)]).catch(
      () => false,
    );
    socket.destroy();
    if (isUp) return;
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  throw new Error('redis-server ended before it listened');
}
