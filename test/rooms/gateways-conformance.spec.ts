/** Every adapter against a real peer of its protocol, by the one list of cases in src/gateways/conformance.ts. */
import { createServer } from 'node:http';
import { conformance, type PeerBehaviour } from '../../src/gateways/conformance.js';
import { GatewayError } from '../../src/gateways/gateway-error.js';
import { SmtpEmailGateway } from '../../src/gateways/smtp-email.gateway.js';
import type { Accepted } from '../../src/gateways/sms.gateway.js';
import { TwilioSmsGateway } from '../../src/gateways/twilio-sms.gateway.js';
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink.js';
import { startTwilioSink, type TwilioSink } from '../support/twilio-sink.js';

/** Short, so that the case of no answer does not take a minute. */
const shortMs = 1_500;

type Harness = {
  behave(behaviour: PeerBehaviour): Promise<void>;
  send(to?: number): Promise<Accepted>;
  taken(): number;
  mostAtOnce(): number;
  connections(): number;
  stop(): Promise<void>;
};

async function twilioHarness(window: number, answerMs?: number): Promise<Harness> {
  const sink: TwilioSink = await startTwilioSink();
  const gateway = new TwilioSmsGateway({
    accountSid: `AC${'0'.repeat(32)}`,
    authToken: 'secret',
    baseUrl: sink.url,
    connections: window,
    answerMs,
  });
  return {
    behave: behaviour => sink.behave(behaviour),
    send: (to = 0) =>
      gateway.send({
        to: `+1212555${1000 + to}`,
        from: '+12025550100',
        body: 'Hi',
        callbackUrl: 'http://127.0.0.1/x',
        idempotencyKey: 'k',
      }),
    taken: () => sink.taken.length,
    mostAtOnce: () => sink.mostAtOnce,
    connections: () => sink.connections,
    stop: async () => {
      await gateway.close();
      await sink.close();
    },
  };
}

async function smtpHarness(window: number, answerMs?: number): Promise<Harness> {
  const sink: SmtpSink = await startSmtpSink();
  const login = { user: 'u', pass: 'p' };
  const gateway = new SmtpEmailGateway({
    host: '127.0.0.1',
    port: sink.port,
    security: 'none',
    now: () => new Date(0),
    login,
    connections: window,
    answerMs,
  });
  const mail = {
    from: { name: 'Shop', address: 'shop@example.com' },
    subject: 'Hi',
    html: '<p>Hi</p>',
    text: 'Hi',
    headers: {},
    callbackUrl: 'http://127.0.0.1/x',
  };
  return {
    behave: behaviour => sink.behave(behaviour),
    send: (to = 0) => gateway.send({ ...mail, to: `p${to}@example.com`, messageId: `<${to}@example.com>` }),
    taken: () => sink.taken.length,
    mostAtOnce: () => sink.mostAtOnce,
    connections: () => sink.connections,
    stop: async () => {
      await gateway.close();
      await sink.close();
    },
  };
}

/** A peer's behaviour that an adapter cannot meet, and why. */
const skips: Record<string, Partial<Record<PeerBehaviour, string>>> = {
  twilio: { 'drop-before-hand-off': 'HTTP sends head and body in one go: after a connection is made there is no "before"' },
  smtp: {},
};

describe.each([
  ['twilio', twilioHarness],
  ['smtp', smtpHarness],
])('%s', (adapter, start) => {
  const window = 8;
  let harness: Harness;
  beforeAll(async () => {
    harness = await start(window, shortMs);
  });
  afterAll(() => harness.stop());

  const cases = conformance.filter(({ peer }) => skips[adapter]?.[peer] === undefined);

  test.each(cases)('$name', async ({ peer, expected, taken }) => {
    await harness.behave(peer);
    const outcome = await harness.send().catch((error: unknown) => error);
    if (expected === 'accepted') expect(outcome).toMatchObject({ providerId: expect.stringMatching(/^.{4,}$/) });
    else {
      expect(outcome).toBeInstanceOf(GatewayError);
      expect(outcome).toMatchObject({ kind: expected, isSurelyNotTaken: expected !== 'unknown', code: expect.any(String) });
    }
    if (expected === 'throttled') expect((outcome as GatewayError).retryAfterMs).toBeGreaterThan(0);
    expect(harness.taken()).toBe(taken);
  });

  test('goes on after any trouble of its peer', async () => {
    for (const { peer } of cases) {
      await harness.behave(peer);
      await harness.send().catch(() => undefined);
      await harness.behave('accept');
      expect(await harness.send()).toMatchObject({ providerId: expect.any(String) });
    }
  });

  test('sends many at once over no more connections than its window, and keeps them', async () => {
    const patient = await start(window);
    for (let round = 0; round < 2; round++) await Promise.all(Array.from({ length: 200 }, (_, i) => patient.send(i)));
    expect(patient.taken()).toBe(400);
    expect(patient.mostAtOnce()).toBe(window);
    expect(patient.connections()).toBe(window);
    await patient.stop();
  });
});

const mail = {
  to: 'a@example.com',
  from: { address: 'b@example.com' },
  subject: 's',
  html: 'h',
  text: 't',
  messageId: '<1@x>',
  headers: {},
  callbackUrl: '',
};

/** One connection to a sink of its own. */
async function oneConnection(times: { answerMs?: number; startMs?: number } = {}) {
  const sink = await startSmtpSink();
  const options = { host: '127.0.0.1', port: sink.port, security: 'none' as const, now: () => new Date(0), login: null };
  const gateway = new SmtpEmailGateway({ ...options, connections: 1, ...times });
  const stop = async () => {
    await gateway.close();
    await sink.close();
  };
  return { sink, gateway, stop };
}

test('an answer without end is not read to its end, and says nothing of the message', async () => {
  const server = createServer((_, response) => response.writeHead(201).end(Buffer.alloc(2 * 1024 * 1024, ' ')));
  const port = await new Promise<number>(resolve =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
  );
  const account = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'secret', baseUrl: `http://127.0.0.1:${port}` };
  const gateway = new TwilioSmsGateway({ ...account, connections: 1 });
  const sms = { to: '+12125551000', from: '+12025550100', body: 'Hi', callbackUrl: 'http://127.0.0.1/x', idempotencyKey: 'k' };
  expect(await gateway.send(sms).catch((error: unknown) => error)).toMatchObject({
    kind: 'unknown',
    code: 'UND_ERR_RES_EXCEEDED_MAX_SIZE',
  });
  await gateway.close();
  await new Promise(resolve => server.close(resolve));
});

const kindOf = (error: unknown) => (error as GatewayError).kind;

test('a mail server that hung up while nothing was sent costs no attempt', async () => {
  const { sink, gateway, stop } = await oneConnection();
  await gateway.send(mail);
  sink.hangUp();
  await gateway.send(mail);
  expect(sink.taken).toHaveLength(2);
  await stop();
});

test('a mail that cannot be written costs the next one no connection', async () => {
  const { sink, gateway, stop } = await oneConnection();
  await gateway.send(mail);
  expect(await gateway.send({ ...mail, to: 'a@b c' }).catch(kindOf)).toBe('rejected');
  await gateway.send(mail);
  expect(sink).toMatchObject({ connections: 1, taken: { length: 2 } });
  await stop();
});

test('what waits behind a hanging mail server is sent away before its lease ends, and never leaves', async () => {
  const { sink, gateway, stop } = await oneConnection({ answerMs: shortMs, startMs: shortMs / 2 });
  await sink.behave('never-answer');
  const kinds = await Promise.all([1, 2, 3].map(() => gateway.send(mail).catch(kindOf)));
  expect(kinds).toEqual(['unknown', 'throttled', 'throttled']);
  expect(sink.taken).toHaveLength(1);
  await stop();
});

test('a mail server that says "go on" too late gets no mail', async () => {
  const { sink, gateway, stop } = await oneConnection({ startMs: 0 });
  expect(await gateway.send(mail).catch(kindOf)).toBe('throttled');
  expect(sink.taken).toHaveLength(0);
  await stop();
});
