/** What stories over real processes share: people, a campaign on each channel, their reports, and the sandbox's list as the witness. */
import { createServer } from 'node:net';
import { once } from 'node:events';
import { type Answer, call } from './app.js';
import { eventually } from './eventually.js';
import { TestProcess } from './processes.js';

export type Channel = 'sms' | 'email';
export const channels: Channel[] = ['sms', 'email'];

/** A key of any characters opens a new Muster (BOOTSTRAP_API_KEY). */
export const storyKey = 'story-key-of-some-thirty-two-characters-or-more';

type Report = Record<'matched' | 'planned' | 'inFlight' | 'sent' | 'delivered' | 'failed' | 'unknown' | 'canceled', number> & {
  state: string;
};

/** Talks to the server on `port` as its owner. */
export class Storyteller {
  private readonly campaigns = {} as Record<Channel, string>;

  constructor(readonly port: number) {}

  api(method: string, path: string, body?: unknown): Promise<Answer> {
    return call(`http://127.0.0.1:${this.port}`, storyKey, method, `/v1${path}`, body);
  }

  /** `people` contacts with a phone and a mailbox each, and a campaign to all of them on each channel, not launched. */
  async prepare(people: number): Promise<void> {
    for (let first = 0; first < people; first += 1000) {
      const contacts = Array.from({ length: Math.min(1000, people - first) }, (_, i) => person(first + i));
      const answer = await this.api('POST', '/contacts/bulk', { contacts });
      expect([answer.status, answer.body.failed ?? 0]).toEqual([200, 0]);
    }
    const segment = await this.make('/segments', {
      name: 'Story',
      rule: { version: 1, rule: { kind: 'place', city: ['Story'] } },
    });
    const common = { class: 'marketing', topic: 'news', includeSegmentIds: [segment] };
    const sms = await this.make('/templates', { name: 'SMS', channel: 'sms', body: 'Hello {{firstName}}' });
    const html = '<p>Hello {{firstName}}</p><a href="{{unsubscribeUrl}}">leave</a>';
    const email = await this.make('/templates', { name: 'Mail', channel: 'email', subject: 'Hello', html });
    this.campaigns.sms = await this.make('/campaigns', {
      ...common,
      name: 'SMS',
      channel: 'sms',
      templateId: sms,
      sender: { from: '+12025550100' },
    });
    const sender = { fromAddress: 'shop@example.com' };
    this.campaigns.email = await this.make('/campaigns', {
      ...common,
      name: 'Mail',
      channel: 'email',
      templateId: email,
      sender,
    });
  }

  async launch(): Promise<void> {
    for (const id of Object.values(this.campaigns))
      expect((await this.api('POST', `/campaigns/${id}/launch`, {})).status).toBe(200);
  }

  async report(channel: Channel): Promise<Report> {
    const { body } = await this.api('GET', `/campaigns/${this.campaigns[channel]}/report`);
    return { ...body.dispatches[0], state: body.state };
  }

  /** Waits until the campaigns have sent this many more than now. */
  async untilSent(more: number): Promise<void> {
    const total = async () => (await this.report('sms')).sent + (await this.report('email')).sent;
    const before = await total();
    await eventually(async () => (await total()) >= before + more, 60_000);
  }

  /** Waits for the end of both; a server that restarts meanwhile is asked again. */
  async untilDone(): Promise<void> {
    for (const channel of channels)
      await eventually(async () => (await this.report(channel).catch(() => null))?.state === 'done', 60_000);
  }

  /** Everything the sandbox ever took on a channel: how often each recipient got something. */
  async received(channel: Channel): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    for (let after: string | null = ''; after !== null;) {
      const { body }: Answer = await this.api(
        'GET',
        `/sandbox/messages?channel=${channel}&limit=500${after && `&after=${after}`}`,
      );
      for (const { to } of body.data) counts.set(to, (counts.get(to) ?? 0) + 1);
      after = body.next;
    }
    return counts;
  }

  private async make(path: string, body: object): Promise<string> {
    const answer = await this.api('POST', path, body);
    expect([answer.status, answer.text]).toEqual([201, answer.text]);
    return answer.body.id;
  }
}

/** 555-0100 to 555-0199 are for fiction in each area code: a hundred people fit in one of these. */
const areaCodes = (
  '201 202 203 205 206 207 208 209 210 212 213 214 215 216 217 218 219 224 225 228 ' +
  '229 231 234 239 240 248 251 252 253 254 256 260 262 267 269 270 276 281 301 302'
).split(' ');

function person(n: number): object {
  return {
    externalId: `p${n}`,
    firstName: `P${n}`,
    city: 'Story',
    phone: `+1${areaCodes[Math.floor(n / 100)]}55501${String(n % 100).padStart(2, '0')}`,
    email: `p${n}@example.com`,
    consent: channels.map(channel => ({ channel, topic: 'news', state: 'granted', source: 'story' })),
  };
}

/** Starts the built server and waits until it answers on `readyPort` (role api and all), or has printed where it is (worker). */
export async function startServerProcess(environment: Record<string, string>, readyPort: number | null): Promise<TestProcess> {
  const started = TestProcess.start('dist/src/main.js', [], {
    BOOTSTRAP_API_KEY: storyKey,
    LOG_LEVEL: 'warn',
    SWEEP_SECONDS: '1',
    // A story asks for reports as fast as they come.
    REQUESTS_PER_MINUTE: '1000000',
    ...environment,
  });
  if (readyPort === null) await started.printed(/Muster is running/);
  else await eventually(() => isReady(started, readyPort), 60_000);
  return started;
}

async function isReady(started: TestProcess, port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => null);
  if (!answer && started.hasExited) throw new Error(`the server ${started.lastWords}`);
  return answer?.ok ?? false;
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}
