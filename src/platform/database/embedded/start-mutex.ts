/**
 * One starter at a time. The lock is a listening socket: the system closes it when its holder dies, however it dies, so
 * it can never be stale. On Linux its name is abstract (no file); elsewhere it is a loopback port derived from the name.
 */
import { createHash } from 'node:crypto';
import { createConnection, createServer, type ListenOptions, type Server, type Socket } from 'node:net';
import { hasCode } from '../../errno.js';
import { DatabaseStartError, type Log, type Place } from './place.js';

/** A live holder makes a database or waits for its recovery; we give up before a person would. */
const patienceMs = 50_000;
const noticeMs = 2000;

export async function withStartMutex<Result>(place: Place, log: Log, work: () => Promise<Result>): Promise<Result> {
  const release = await acquire(addressOf(place.name), log);
  try {
    return await work();
  } finally {
    release();
  }
}

async function acquire(address: ListenOptions, log: Log): Promise<() => void> {
  const started = performance.now();
  for (let isNoticed = false; ;) {
    const release = await tryListen(address);
    if (release !== null) return release;
    const waitedMs = performance.now() - started;
    if (waitedMs > patienceMs)
      throw new DatabaseStartError('another process has been starting or stopping this database for too long');
    if (waitedMs > noticeMs && !isNoticed) {
      log('waiting for another process that starts or stops the database');
      isNoticed = true;
    }
    await untilReleased(address);
  }
}

/** Null when someone else listens. Waiters connect and are hung up on at release. */
function tryListen(address: ListenOptions): Promise<(() => void) | null> {
  return new Promise((resolve, reject) => {
    const waiters = new Set<Socket>();
    const server: Server = createServer(socket => {
      waiters.add(socket.on('error', () => undefined).on('close', () => waiters.delete(socket)));
    });
    const release = () => {
      server.close();
      for (const waiter of waiters) waiter.destroy();
    };
    server.once('error', error => (hasCode(error, 'EADDRINUSE') ? resolve(null) : reject(error)));
    server.listen({ ...address, exclusive: true }, () => resolve(release));
  });
}

/** Resolves when the holder hangs up or dies, and after a second at the latest. */
function untilReleased(address: ListenOptions): Promise<void> {
  return new Promise(resolve => {
    const socket = createConnection(
      address.path === undefined ? { host: address.host, port: address.port ?? 0 } : { path: address.path },
    );
    socket.setTimeout(1000, () => socket.destroy());
    socket.on('error', () => undefined).on('close', () => setTimeout(resolve, 10));
  });
}

function addressOf(name: string): ListenOptions {
  if (process.platform === 'linux') return { path: `\0${name}` };
  const port = 20_000 + (createHash('sha256').update(name).digest().readUInt16BE() % 10_000);
  return { host: '127.0.0.1', port };
}
