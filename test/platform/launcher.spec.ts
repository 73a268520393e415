/** The embedded database through its life: started, shared, killed, recovered, left. Real processes, a data folder each. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { endLeftovers } from '../../src/platform/database/embedded/leftovers.js';
import { placeIn, type Place } from '../../src/platform/database/embedded/place.js';
import { findPostmaster, listProcesses } from '../../src/platform/database/embedded/processes.js';
import { waitUntil } from '../../src/platform/database/embedded/wait.js';
import { endTestProcesses, projectRoot, TestProcess } from '../support/processes.js';

let place: Place;

beforeEach(() => {
  place = placeIn(mkdtempSync(join(tmpdir(), 'muster-launcher-')));
});

afterEach(async () => {
  await endTestProcesses();
  await endLeftovers(place);
  rmSync(place.dataDir, { recursive: true, force: true });
});

const start = () => TestProcess.start('test/platform/fixtures/hold-database.mjs', [projectRoot, place.dataDir]);
const urlOf = async (running: TestProcess) => (await running.printed(/"url":"(.*)"/))[1] ?? '';
const postmaster = () => findPostmaster(place) ?? 0;

async function query(url: string, text = 'select 1'): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query({ text, rowMode: 'array' })).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

const answers = (url: string) => waitUntil(() => query(url).then(Boolean, () => false), 10_000, 20);

describe('the first and the last one', () => {
  it('makes a database, and the last one out stops it', async () => {
    const only = start();
    expect(await query(await urlOf(only), 'show server_encoding')).toEqual([['UTF8']]);
    expect(await only.end('SIGTERM')).toBe(0);
    expect(listProcesses(place)).toEqual([]);
  });

  it('attaches a second process, and the first one out leaves the database to it', async () => {
    const first = start();
    const url = await urlOf(first);
    const second = start();
    expect(await urlOf(second)).toBe(url);
    await first.end('SIGTERM');
    expect(await query(url)).toEqual([[1]]);
    await second.end('SIGTERM');
    expect(listProcesses(place)).toEqual([]);
  });

  it('gives two processes that start at once the same new database', async () => {
    const both = [start(), start()];
    const [one, other] = await Promise.all(both.map(urlOf));
    expect(one).toBe(other);
    await Promise.all(both.map(running => running.end('SIGTERM')));
    expect(listProcesses(place)).toEqual([]);
  });

  it('stops the database when all leave at once', async () => {
    const all = [start(), start(), start()];
    await Promise.all(all.map(urlOf));
    expect(await Promise.all(all.map(running => running.end('SIGTERM')))).toEqual([0, 0, 0]);
    expect(listProcesses(place)).toEqual([]);
  });

  it('keeps rows and the port from one start to the next', async () => {
    const first = start();
    const url = await urlOf(first);
    await query(url, 'create table kept as select 42 as answer');
    await first.end('SIGTERM');
    const second = start();
    expect(await urlOf(second)).toBe(url);
    expect(await query(url, 'select answer from kept')).toEqual([[42]]);
    await second.end('SIGTERM');
  });
});

describe('after kill -9', () => {
  it('of the postmaster, queries work again on the same address', async () => {
    const running = start();
    const url = await urlOf(running);
    const killed = postmaster();
    process.kill(killed, 'SIGKILL');
    await running.printed(/is back/);
    expect(await query(url)).toEqual([[1]]);
    expect(postmaster()).not.toBe(killed);
    await running.end('SIGTERM');
    expect(listProcesses(place)).toEqual([]);
  });

  it('of a backend, the process stays attached', async () => {
    const running = start();
    const url = await urlOf(running);
    const [[backend]] = (await query(url, `select pid from pg_stat_activity where application_name = 'muster presence'`)) as [
      [number],
    ];
    process.kill(backend, 'SIGKILL');
    await running.printed(/is back/);
    expect(await query(url)).toEqual([[1]]);
    expect(await running.end('SIGTERM')).toBe(0);
    expect(listProcesses(place)).toEqual([]);
  });

  it('of the muster process, the next one attaches to the database that still runs', async () => {
    const killed = start();
    const url = await urlOf(killed);
    const pid = postmaster();
    await killed.end('SIGKILL');
    const next = start();
    expect(await urlOf(next)).toBe(url);
    expect(postmaster()).toBe(pid);
    await next.end('SIGTERM');
    expect(listProcesses(place)).toEqual([]);
  });

  it('of the process that started it and of the postmaster, another attached process takes over', async () => {
    const starter = start();
    const url = await urlOf(starter);
    const other = start();
    await urlOf(other);
    await starter.end('SIGKILL');
    process.kill(postmaster(), 'SIGKILL');
    await other.printed(/is back/);
    expect(await answers(url)).toBe(true);
    await other.end('SIGTERM');
  });

  it('of everything, with a backend that computes on as an orphan, the next start ends it and recovers', async () => {
    const killed = start();
    const url = await urlOf(killed);
    await query(url, 'create table kept as select 42 as answer');
    const busy = query(url, `do $$ begin loop end loop; end $$`).catch(() => 'cut off'); // looks at no signal that politely asks
    await waitUntil(
      async () => JSON.stringify(await query(url, `select query from pg_stat_activity where state = 'active'`)).includes('loop'),
      5000,
    );
    await killed.end('SIGKILL');
    process.kill(postmaster(), 'SIGKILL');
    const next = start();
    expect(await query(await urlOf(next), 'select answer from kept')).toEqual([[42]]);
    expect(await busy).toBe('cut off');
    await next.end('SIGTERM');
    expect(listProcesses(place)).toEqual([]);
  });

  it('of a process in the middle of initdb, the next start begins anew', async () => {
    const killed = start();
    await killed.printed(/making a PostgreSQL/);
    await killed.end('SIGKILL');
    const next = start();
    expect(await query(await urlOf(next))).toEqual([[1]]);
    await next.end('SIGTERM');
  });
});

describe('what it refuses', () => {
  it('the data directory of another major version', async () => {
    mkdirSync(place.cluster, { mode: 0o700 });
    writeFileSync(join(place.cluster, 'PG_VERSION'), '14\n');
    const { startDatabase } = await import('../../src/platform/database/embedded/start-database.js');
    const started = startDatabase({ dataDir: place.dataDir, projectRoot, log: () => undefined });
    await expect(started).rejects.toThrow(
      process.getuid?.() === 0 ? /made by PostgreSQL 14|belongs to/ : /made by PostgreSQL 14/,
    );
    expect(existsSync(place.passwordFile)).toBe(false);
  });

  it('a lock file whose pid another program has by now does not stop a start', async () => {
    const first = start();
    await urlOf(first);
    await first.end('SIGTERM');
    writeFileSync(join(place.cluster, 'postmaster.pid'), `${process.pid}\n${place.cluster}\n0\n1\n`);
    const next = start();
    expect(await query(await urlOf(next))).toEqual([[1]]);
    await next.end('SIGTERM');
  });
});
