// One at a time among processes of this clone. The lock is a listening socket, which the system closes when its holder dies: it cannot be
// stale. On Linux its name is abstract (no file); elsewhere it is a loopback port derived from the name.
import { createHash } from 'node:crypto';
import { createConnection, createServer } from 'node:net';
import { realpathSync } from 'node:fs';
import { fail, root } from './project.mjs';

/** An install on a slow line takes minutes; a holder that takes longer is stuck. */
const patienceMs = 10 * 60_000;

export async function withLock(name, work) {
  const server = await acquire(addressOf(`muster-${name}-${realpathSync(root)}`));
  try {
    return await work();
  } finally {
    server.close();
    for (const waiter of server.waiters) waiter.destroy();
  }
}

async function acquire(address) {
  const deadline = performance.now() + patienceMs;
  for (let isNoticed = false; performance.now() < deadline; isNoticed = true) {
    const server = await tryListen(address);
    if (server) return server;
    if (!isNoticed) console.error('Another process installs or builds Muster here; waiting for it.');
    await untilReleased(address);
  }
  return fail('Another process has been installing or building Muster here for ten minutes. End it and try again.');
}

function tryListen(address) {
  return new Promise((resolve, reject) => {
    const waiters = new Set();
    const server = createServer(
      socket => void waiters.add(socket.on('error', () => undefined).on('close', () => waiters.delete(socket))),
    );
    server.once('error', error => (error.code === 'EADDRINUSE' ? resolve(null) : reject(error)));
    server.listen(address, () => resolve(Object.assign(server, { waiters })));
  });
}

/** Waiters connect and are hung up on when the holder is done, or dead. */
function untilReleased(address) {
  return new Promise(resolve => {
    const socket = createConnection(address);
    socket.setTimeout(patienceMs, () => socket.destroy());
    socket.on('error', () => undefined).on('close', () => setTimeout(resolve, 20));
  });
}

function addressOf(name) {
  const hash = createHash('sha256').update(name).digest();
  if (process.platform === 'linux') return { path: `\0${hash.toString('hex').slice(0, 32)}` };
  return { host: '127.0.0.1', port: 20_000 + (hash.readUInt16BE() % 10_000) };
}
