/**
 * A whole server is killed with kill -9 in mid-campaign, twice, and its database once. Each time the work is finished within
 * seconds. The sandbox's own list is the witness: nobody got anything twice but rows that were unknown, and of those there
 * is at most one wave a kill.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProcess } from '../support/processes.js';
import { channels, freePort, startServerProcess, Storyteller } from '../support/story.js';

jest.setTimeout(360_000);

const people = 4_000;
/** The default window of a gateway: the most that can be on the wire in one process. */
const wave = 100;

const dataDir = mkdtempSync(join(tmpdir(), 'muster-kill-'));
let teller: Storyteller;
let server: TestProcess;

const start = () => startServerProcess({ DATA_DIR: dataDir, PORT: String(teller.port) }, teller.port);

beforeAll(async () => {
  teller = new Storyteller(await freePort());
  server = await start();
});

afterAll(async () => {
  if (server.hasExited) process.stderr.write(`the server ${server.lastWords}\n`);
  await server.end('SIGTERM');
  rmSync(dataDir, { recursive: true, force: true });
});

test('given people, and a campaign on each channel', () => teller.prepare(people));

test('when both are launched and the server is killed twice and its database once in the middle', async () => {
  await teller.launch();
  for (let kill = 1; kill <= 2; kill++) {
    await teller.untilSent(500);
    await server.end('SIGKILL');
    server = await start();
  }
  await teller.untilSent(500);
  process.kill(Number(readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]), 'SIGKILL');
});

test('then both finish by themselves, and every person is accounted for', async () => {
  await teller.untilDone();
  for (const channel of channels) {
    const { matched, sent, failed, unknown, canceled, planned, inFlight } = await teller.report(channel);
    expect(matched).toBe(people);
    expect(sent + failed + unknown + canceled).toBe(people);
    expect({ failed, canceled, planned, inFlight }).toEqual({ failed: 0, canceled: 0, planned: 0, inFlight: 0 });
    expect(unknown).toBeLessThanOrEqual(3 * wave);
  }
});

test('and nobody got an SMS twice; a mail went twice only where it was unknown, once more at most', async () => {
  const sms = await teller.received('sms');
  expect([...sms.values()].filter(count => count > 1)).toEqual([]);
  expect(sms.size).toBeGreaterThanOrEqual((await teller.report('sms')).sent);
  const email = await teller.received('email');
  expect(Math.max(...email.values())).toBeLessThanOrEqual(2);
  expect([...email.values()].filter(count => count > 1).length).toBeLessThanOrEqual(3 * wave);
  expect(email.size).toBe(people);
});
