/** `node dist/src/main.js` as an operator sees it: what it prints, how it ends, what it leaves behind. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endLeftovers } from '../../src/platform/database/embedded/leftovers.js';
import { placeIn, type Place } from '../../src/platform/database/embedded/place.js';
import { listProcesses } from '../../src/platform/database/embedded/processes.js';
import { endTestProcesses, TestProcess } from '../support/processes.js';

let place: Place;

beforeEach(() => {
  place = placeIn(mkdtempSync(join(tmpdir(), 'muster-start-')));
});

afterEach(async () => {
  await endTestProcesses();
  await endLeftovers(place);
  rmSync(place.dataDir, { recursive: true, force: true });
});

const start = (env: Record<string, string> = {}) =>
  TestProcess.start('dist/src/main.js', [], { DATA_DIR: place.dataDir, PORT: '0', ...env });
const urlOf = async (running: TestProcess) => (await running.printed(/URL +(http\S+)/))[1] ?? '';

it('serves, prints the key it made once, and leaves nothing running', async () => {
  const first = start();
  const url = await urlOf(first);
  const key = (await first.printed(/API key +(mk_\S+)/))[1];
  expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  expect((await fetch(`${url}/v1/workspace`, { headers: { authorization: `Bearer ${key}` } })).status).toBe(200);
  expect(await first.end('SIGTERM')).toBe(0);
  expect(listProcesses(place)).toEqual([]);

  const second = start();
  await second.printed(/API key +in .*api\.key/);
  expect(second.output).not.toContain(key);
  expect(await second.end('SIGINT')).toBe(0);
});

it('runs an api and a worker side by side on one database, and the last one out stops it', async () => {
  const key = 'a key of thirty-two characters or more';
  const api = start({ ROLE: 'api', BOOTSTRAP_API_KEY: key });
  const url = await urlOf(api);
  const worker = start({ ROLE: 'worker' });
  const [, health = ''] = await worker.printed(/Health +(http\S+)/);
  expect((await fetch(health)).status).toBe(200);
  expect(await api.end('SIGTERM')).toBe(0);
  expect((await fetch(health)).status).toBe(200);
  expect(api.output).not.toContain(key);
  expect(url).toMatch(/^http:/);
  expect(await worker.end('SIGTERM')).toBe(0);
  expect(listProcesses(place)).toEqual([]);
});

it('serves again after kill -9 of the database', async () => {
  const running = start();
  const url = await urlOf(running);
  for (const pid of listProcesses(place)) process.kill(pid, 'SIGKILL');
  await running.printed(/the database was lost and is back/);
  expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  expect(await running.end('SIGTERM')).toBe(0);
});

it('names a wrong variable in one line and starts nothing', async () => {
  const running = start({ PORT: 'http' });
  expect(await running.exit()).toBe(1);
  expect(running.output).toBe('PORT: wanted a whole number from 0 to 65535, got "http"\n');
  expect(listProcesses(place)).toEqual([]);
});

it('names PORT when it is taken, and stops the database', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise(resolve => taken.once('listening', resolve));
  const { port } = taken.address() as AddressInfo;
  const running = start({ PORT: String(port), LOG_LEVEL: 'silent' });
  expect(await running.exit()).toBe(1);
  expect(running.output).toBe(`Muster could not start: port ${port} is already in use; set PORT to another one\n`);
  expect(listProcesses(place)).toEqual([]);
  taken.close();
});

it('says when the PostgreSQL of DATABASE_URL does not answer', async () => {
  const running = start({ DATABASE_URL: 'postgres://muster:secret@127.0.0.1:1/muster', LOG_LEVEL: 'silent' });
  expect(await running.exit()).toBe(1);
  expect(running.output).toMatch(/^Muster could not start: cannot connect to the PostgreSQL of DATABASE_URL \(.*\)\n$/);
  expect(running.output).not.toContain('secret');
});

it('stops in order when the signal comes while it starts', async () => {
  const running = start();
  await running.printed(/making a PostgreSQL/);
  expect(await running.end('SIGTERM')).toBe(0);
  expect(listProcesses(place)).toEqual([]);
});
