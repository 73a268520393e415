/** Paces that hold over all servers, and queues in which nobody waits behind somebody else's thousands. */
import { setTimeout as delay } from 'node:timers/promises';
import { PaceService } from '../../src/delivery/pace.service.js';
import { sql } from '../../src/domain/sql.js';
import { GatewaysService } from '../../src/gateways/gateways.service.js';
import type { Dispatch } from '../../src/messages/dispatch.js';
import { MessagesService } from '../../src/messages/messages.service.js';
import { Jobs } from '../../src/platform/jobs/jobs.service.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { makePeople, makeTemplate, sendTo, statesOf } from '../support/dispatches.js';
import { eventually } from '../support/eventually.js';
import { startTwilioSink, type TwilioSink } from '../support/twilio-sink.js';

jest.setTimeout(180_000);

let app: TestApp;
let phones: TwilioSink;
beforeAll(async () => {
  app = await startTestApp();
  phones = await startTwilioSink();
});
afterAll(async () => {
  await app.stop();
  await phones.close();
});
beforeEach(() => phones.behave('accept'));
afterEach(async () => {
  // What a test leaves open must not be sent in the next one.
  await app.db.run(sql`update dispatch set state = 'canceled', finished_at = now() where state in ('sending', 'paused')`);
  await eventually(async () => (await app.get(Jobs).depths()).send === 0);
});

let gateways = 0;
async function makeGateway(unitsPerSecond: number): Promise<string> {
  const name = `Gateway ${++gateways}`;
  const settings = { accountSid: `AC${String(gateways).padStart(32, '0')}`, baseUrl: phones.url };
  const wanted = { kind: 'twilio', name, settings, secrets: { authToken: 'x' }, unitsPerSecond };
  const { status, body } = await app.api('POST', '/v1/gateways', wanted);
  if (status !== 201) throw new Error(`no gateway: ${JSON.stringify(body)}`);
  return body.id;
}

/** The gateway, after a first message and a second's rest: what is slow only once is over, and the burst is whole again. */
async function warmedUp(gatewayId: string, templateId?: string): Promise<string> {
  await isDone(await sendTo(app, await makePeople(app, 1), { gatewayId, ...(templateId ? { templateId } : {}) }));
  await delay(1_100);
  await phones.behave('accept');
  return gatewayId;
}

const isDone = (dispatch: Dispatch, timeoutMs = 20_000) =>
  eventually(async () => (await app.get(MessagesService).getDispatch(app.workspaceId, dispatch.id)).state === 'done', timeoutMs);

/** Most arrivals in any one second. */
function mostInASecond(times: readonly number[]): number {
  return Math.max(...times.map(from => times.filter(at => at >= from && at < from + 1_000).length));
}

const secondsTaken = (times: readonly number[]): number => (Math.max(...times) - Math.min(...times)) / 1_000;

describe('a gateway with a pace', () => {
  test('never gets more than its rate and one second’s burst, from two servers on one database, and uses what it has', async () => {
    const other = await startTestApp({ database: app.database });
    const rate = 15;
    const gatewayId = await warmedUp(await makeGateway(rate));
    const dispatch = await sendTo(app, await makePeople(app, 90), { gatewayId });
    await isDone(dispatch);
    await other.stop();
    expect(await statesOf(app, dispatch.id)).toEqual({ sent: 90 });
    // The units are taken a moment before the request arrives, and on a busy machine not all moments are equal.
    expect(mostInASecond(phones.takenAt)).toBeLessThanOrEqual(2 * rate + 3);
    // 90 messages less the burst at 15 a second are 5 s; half as much again would be a pace badly used.
    expect(secondsTaken(phones.takenAt)).toBeGreaterThan(4.5);
    expect(secondsTaken(phones.takenAt)).toBeLessThan(7.5);
  });

  test('counts parts, not messages', async () => {
    const templateId = await makeTemplate(app, 'sms', 'x'.repeat(300));
    const gatewayId = await warmedUp(await makeGateway(30), templateId);
    const dispatch = await sendTo(app, await makePeople(app, 60), { gatewayId, templateId });
    await isDone(dispatch);
    // Two parts each: 120 units less the burst of 30 are 3 s.
    expect(mostInASecond(phones.takenAt)).toBeLessThanOrEqual(31);
    expect(secondsTaken(phones.takenAt)).toBeGreaterThan(2.5);
  });

  test('takes a message that costs more than a second of it, and then waits that long', async () => {
    const templateId = await makeTemplate(app, 'sms', 'x'.repeat(600));
    const dispatch = await sendTo(app, await makePeople(app, 3), { gatewayId: await makeGateway(2), templateId });
    await isDone(dispatch);
    // Four parts at two a second: 2 s between two messages.
    expect(secondsTaken(phones.takenAt)).toBeGreaterThan(3);
  });

  test('gets back what was reserved and not used', async () => {
    const pace = app.get(PaceService);
    const rate = { key: 'test', unitsPerSecond: 10 };
    const signal = new AbortController().signal;
    await pace.reserve(app.workspaceId, rate, 10, signal);
    await pace.giveBack(app.workspaceId, rate, 10);
    const times = [performance.now()];
    for (let turn = 0; turn < 2; turn++) {
      expect(await pace.reserve(app.workspaceId, rate, 10, signal)).toBe(true);
      times.push(performance.now());
    }
    // The second has to wait for a second's worth; the first only for the database.
    const [began = 0, first = 0, second = 0] = times;
    expect(second - began).toBeGreaterThan(700);
    expect(first - began).toBeLessThan(second - first);
  });

  test('does not hold a shutdown up', async () => {
    const pace = app.get(PaceService);
    const rate = { key: 'slow', unitsPerSecond: 1 };
    const stopping = new AbortController();
    await pace.reserve(app.workspaceId, rate, 60, stopping.signal);
    const waiting = pace.reserve(app.workspaceId, rate, 1, stopping.signal);
    stopping.abort();
    expect(await waiting).toBe(false);
  });
});

describe('a campaign of three people', () => {
  test('is not stuck behind thousands on the same gateway', async () => {
    const gatewayId = await app.get(GatewaysService).resolve(app.workspaceId, 'sms', null);
    const big = await sendTo(app, await makePeople(app, 20_000), { gatewayId });
    const planned = async () => (await app.get(MessagesService).report(app.workspaceId, big.id)).planned;
    await eventually(async () => (await planned()) < 19_500);
    const small = await sendTo(app, await makePeople(app, 3), { gatewayId });
    await isDone(small);
    expect(await planned()).toBeGreaterThan(1_000);
  });

  test('is not stuck behind thousands on a slow gateway when it has another', async () => {
    const slow = await sendTo(app, await makePeople(app, 3_000), { gatewayId: await makeGateway(1) });
    await delay(1_500);
    const small = await sendTo(app, await makePeople(app, 3), {
      gatewayId: await app.get(GatewaysService).resolve(app.workspaceId, 'sms', null),
    });
    await isDone(small);
    expect((await statesOf(app, slow.id))['planned']).toBeGreaterThan(2_900);
  });

  test('gets its share of a slow gateway', async () => {
    const gatewayId = await makeGateway(20);
    await sendTo(app, await makePeople(app, 3_000), { gatewayId });
    await delay(1_500);
    const small = await sendTo(app, await makePeople(app, 3), { gatewayId });
    // The big one needs 150 s of the gateway; who finds room in it is chance, so a share is not a certain moment.
    await isDone(small, 45_000);
  });
});

test('however often the sweeper rings, the queue does not grow: each slot waits in it once', async () => {
  const dispatch = await sendTo(app, await makePeople(app, 3_000), { gatewayId: await makeGateway(2) });
  for (let sweep = 0; sweep < 10; sweep++) await app.sweep();
  expect((await app.get(Jobs).depths()).send).toBeLessThanOrEqual(2 * 64);
  expect((await statesOf(app, dispatch.id))['planned']).toBeGreaterThan(2_900);
});
