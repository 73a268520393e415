/**
 * The scale-out form on one machine: an API that sends nothing, two workers that serve nothing, one database, and the queue in
 * Redis (in PostgreSQL where there is no Redis). One worker is killed in the middle; the other finishes.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProcess } from '../support/processes.js';
import { hasRedis, startRedis, type TestRedis } from '../support/redis.js';
import { channels, freePort, startServerProcess, Storyteller } from '../support/story.js';

jest.setTimeout(360_000);

const people = 2_000;

const dataDir = mkdtempSync(join(tmpdir(), 'muster-roles-'));
let redis: TestRedis | undefined;
let teller: Storyteller;
let running: TestProcess[] = [];
let doomed: TestProcess;

beforeAll(async () => {
  redis = hasRedis() ? await startRedis() : undefined;
  teller = new Storyteller(await freePort());
  const common = { DATA_DIR: dataDir, ...(redis ? { REDIS_URL: redis.url } : {}) };
  const api = await startServerProcess({ ...common, ROLE: 'api', PORT: String(teller.port) }, teller.port);
  const worker = () => startServerProcess({ ...common, ROLE: 'worker', PUBLIC_URL: `http://127.0.0.1:${teller.port}` }, null);
  const [first, second] = await Promise.all([worker(), worker()]);
  doomed = first;
  running = [second, api];
});

afterAll(async () => {
  const codes = [];
  for (const process of running) codes.push(await process.end('SIGTERM'));
  await redis?.stop();
  rmSync(dataDir, { recursive: true, force: true });
  expect(codes).toEqual([0, 0]);
});

test('two workers send what the API launched, and one alone finishes when the other is killed', async () => {
  await teller.prepare(people);
  await teller.launch();
  await teller.untilSent(300);
  await doomed.end('SIGKILL');
  await teller.untilDone();
  for (const channel of channels) {
    const { matched, sent, failed, unknown, canceled } = await teller.report(channel);
    expect({ matched, failed, canceled }).toEqual({ matched: people, failed: 0, canceled: 0 });
    expect(sent + unknown).toBe(people);
  }
  expect([...(await teller.received('sms')).values()].filter(count => count > 1)).toEqual([]);
});
