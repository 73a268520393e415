/**
 * A whole server is killed with kill -9 in mid-campaign, twice, and its database once. Each time the next start finishes the
 * work within seconds. The sandbox's own list is the witness: nobody got anything twice but rows that were unknown, and of
 * those there is at most one wave a kill.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Answer, call } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { TestProcess } from '../support/processes.js';

jest.setTimeout(240_000);

const people = 4_000;
const key = 'story-key-of-some-thirty-two-characters-or-more';
/** The default window of a gateway: the most that can be on the wire in one process. */
const wave = 100;

type Channel = 'sms' | 'email';

const dataDir = mkdtempSync(join(tmpdir(), 'muster-kill-'));
let port: number;
let server: TestProcess;
const campaigns = {} as Record<Channel, string>;

const api = (method: string, path: string, body?: unknown): Promise<Answer> =>
  call(`http://127.0.0.1:${port}`, key, method, `/v1${path}`, body);

beforeAll(async () => {
  port = await freePort();
  server = await start();
});

afterAll(async () => {
  if (server.hasExited) process.stderr.write(server.output);
  await server.end('SIGTERM');
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(): Promise<TestProcess> {
  const started = TestProcess.start('dist/src/main.js', [], {
    DATA_DIR: dataDir,
    PORT: String(port),
    BOOTSTRAP_API_KEY: key,
    SECRET_KEY: 'a-secret-key-of-thirty-two-characters',
    LOG_LEVEL: 'warn',
    SWEEP_SECONDS: '1',
  });
  await eventually(
    () =>
      fetch(`http://127.0.0.1:${port}/health/ready`).then(
        answer => answer.ok,
        () => started.hasExited && fail(started),
      ),
    60_000,
  );
  return started;
}

function fail(ended: TestProcess): never {
  throw new Error(`the server ended: ${ended.output}`);
}

async function made(path: string, body: object): Promise<string> {
  const answer = await api('POST', path, body);
  expect([answer.status, answer.text]).toEqual([201, answer.text]);
  return answer.body.id;
}

async function report(channel: Channel): Promise<Record<string, number> & { state: string }> {
  const { body } = await api('GET', `/campaigns/${campaigns[channel]}/report`);
  return { ...body.dispatches[0], state: body.state };
}

/** Everything the sandbox ever took on a channel: how often each recipient got something. */
async function received(channel: Channel): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (let after = ''; ;) {
    const { body } = await api('GET', `/sandbox/messages?channel=${channel}&limit=500${after && `&after=${after}`}`);
    for (const { to } of body.data) counts.set(to, (counts.get(to) ?? 0) + 1);
    if (body.next === null) return counts;
    after = body.next;
  }
}

/** Waits until both campaigns have sent some hundreds more than now. */
async function midway(): Promise<void> {
  const total = async () => (await report('sms')).sent! + (await report('email')).sent!;
  const before = await total();
  await eventually(async () => (await total()) > before + 500, 60_000);
}

test('given people, and a campaign on each channel', async () => {
  const consent = (channel: Channel) => ({ channel, topic: 'news', state: 'granted', source: 'story' });
  for (let first = 0; first < people; first += 1000) {
    const contacts = Array.from({ length: 1000 }, (_, i) => ({
      externalId: `p${first + i}`,
      firstName: `P${first + i}`,
      city: 'Story',
      // 555-01xx is for fiction: a hundred numbers in each of these area codes.
      phone: `+1${areaCodes[Math.floor((first + i) / 100)]}55501${String((first + i) % 100).padStart(2, '0')}`,
      email: `p${first + i}@example.com`,
      consent: [consent('sms'), consent('email')],
    }));
    const answer = await api('POST', '/contacts/bulk', { contacts });
    expect([answer.status, answer.body.failed ?? 0]).toEqual([200, 0]);
  }
  const segment = await made('/segments', { name: 'Story', rule: { version: 1, rule: { kind: 'place', city: ['Story'] } } });
  const templates = {
    sms: await made('/templates', { name: 'SMS', channel: 'sms', body: 'Hello {{firstName}}' }),
    email: await made('/templates', {
      name: 'Mail',
      channel: 'email',
      subject: 'Hello',
      html: '<p>Hello {{firstName}}</p><a href="{{unsubscribeUrl}}">leave</a>',
    }),
  };
  const common = { class: 'marketing', topic: 'news', includeSegmentIds: [segment] };
  campaigns.sms = await made('/campaigns', {
    ...common,
    name: 'SMS',
    channel: 'sms',
    templateId: templates.sms,
    sender: { from: '+12025550100' },
  });
  campaigns.email = await made('/campaigns', {
    ...common,
    name: 'Mail',
    channel: 'email',
    templateId: templates.email,
    sender: { fromAddress: 'shop@example.com' },
  });
});

test('when both are launched and the server is killed twice and its database once in the middle', async () => {
  for (const id of Object.values(campaigns)) expect((await api('POST', `/campaigns/${id}/launch`, {})).status).toBe(200);
  for (let kill = 1; kill <= 2; kill++) {
    await midway();
    await server.end('SIGKILL');
    server = await start();
  }
  await midway();
  process.kill(Number(readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]), 'SIGKILL');
});

test('then both finish by themselves, and every person is accounted for', async () => {
  for (const channel of ['sms', 'email'] as const) {
    await eventually(async () => (await report(channel).catch(() => null))?.state === 'done', 60_000);
    const { matched, sent, failed, unknown, canceled, planned, inFlight } = await report(channel);
    expect(matched).toBe(people);
    expect(sent! + failed! + unknown! + canceled!).toBe(people);
    expect({ failed, canceled, planned, inFlight }).toEqual({ failed: 0, canceled: 0, planned: 0, inFlight: 0 });
    expect(unknown!).toBeLessThanOrEqual(3 * wave);
  }
});

test('and nobody got an SMS twice; a mail went twice only where it was unknown, once more at most', async () => {
  const sms = await received('sms');
  expect([...sms.values()].filter(count => count > 1)).toEqual([]);
  expect(sms.size).toBeGreaterThanOrEqual((await report('sms')).sent!);
  const email = await received('email');
  const doubles = [...email.values()].filter(count => count > 1);
  expect(Math.max(...email.values())).toBeLessThanOrEqual(2);
  expect(doubles.length).toBeLessThanOrEqual(3 * wave);
  expect(email.size).toBe(people);
});

const areaCodes =
  '201 202 203 205 206 207 208 209 210 212 213 214 215 216 217 218 219 224 225 228 229 231 234 239 240 248 251 252 253 254 256 260 262 267 269 270 276 281 301 302'.split(
    ' ',
  );

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port: free } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return free;
}
