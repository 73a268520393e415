/** Live progress as clients hear it: from whichever process, as long as something goes on, and not a line more than that. */
import { sql } from '../../src/domain/sql.js';
import { type Answer, startTestApp, type TestApp } from '../support/app.js';
import { CampaignMaker } from '../support/campaigns.js';
import { eventually } from '../support/eventually.js';
import { listen, untilOver } from '../support/events.js';

jest.setTimeout(120_000);

let app: TestApp;
let make: CampaignMaker;
beforeAll(async () => {
  app = await startTestApp();
  make = new CampaignMaker(app);
});
afterAll(() => app.stop());

/** A report without what comes back after the end, at its own time. */
function withoutReceipts(report: Answer['body']): unknown {
  const strip = ({ delivered: _late, variants = [], ...rest }: Answer['body']): object => ({
    ...rest,
    variants: variants.map(strip),
  });
  return { ...report, dispatches: report.dispatches.map(strip) };
}

const pathOf = (id: string) => `/v1/campaigns/${id}/progress`;

test('tells the report from launch to end, each time something new, and then ends', async () => {
  const id = await make.campaign({ includeSegmentIds: [await make.city(20, 15)] });
  await make.verb(id, 'launch', { at: new Date(app.clock.now().getTime() + 3_600_000).toISOString() });
  const listener = await listen(app, pathOf(id));
  expect(listener.status).toBe(200);
  expect(listener.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(listener.headers.get('cache-control')).toBe('no-cache, no-transform');
  expect(listener.headers.get('ratelimit')).toEqual(expect.any(String));
  await eventually(() => listener.events.length === 1);
  expect(listener.events[0]).toMatchObject({ name: 'progress', data: { campaignId: id, state: 'scheduled', dispatches: [] } });
  await make.verb(id, 'launch');
  await untilOver(listener);
  expect(listener.text()).toMatch(/^retry: \d+\n\n/);
  const last = listener.events.at(-1);
  expect(last).toMatchObject({ name: 'end', data: { state: 'done' } });
  const report = (await make.api('GET', `/campaigns/${id}/report`)).body;
  expect(withoutReceipts(last?.data)).toEqual(withoutReceipts(report));
  expect(last?.data.dispatches[0]).toMatchObject({ matched: 20, refused: { 'no-consent': 5 }, sent: 15 });
  const ids = listener.events.map(event => event.id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('a campaign where nothing goes on says so once, and a browser that asks again is told to stop', async () => {
  const id = await make.campaign();
  const listener = await listen(app, pathOf(id));
  await untilOver(listener);
  expect(listener.events).toMatchObject([{ name: 'end', data: { state: 'draft' } }]);
  const again = await listen(app, pathOf(id), { 'last-event-id': listener.events[0]?.id ?? '' });
  expect(again.status).toBe(204);
  const stale = await listen(app, pathOf(id), { 'last-event-id': 'something older' });
  expect(stale.status).toBe(200);
});

test('many listeners are told the same, and those who hang up disturb nobody', async () => {
  const id = await make.campaign({ includeSegmentIds: [await make.city(5)] });
  const tomorrow = new Date(app.clock.now().getTime() + 86_400_000).toISOString();
  await make.verb(id, 'launch', { at: tomorrow });
  const listeners = await Promise.all(Array.from({ length: 60 }, () => listen(app, pathOf(id))));
  await eventually(() => listeners.every(({ events }) => events.length === 1));
  const leaving = listeners.slice(0, 30);
  leaving.forEach(listener => listener.hangUp());
  await eventually(() => leaving.every(listener => listener.isOver()));
  await make.verb(id, 'launch');
  const staying = listeners.slice(30);
  await Promise.all(staying.map(untilOver));
  for (const { events } of staying) expect(events.at(-1)).toMatchObject({ name: 'end', data: { state: 'done' } });
  for (const { events } of leaving) expect(events).toHaveLength(1);
});

test('hears of what another process does', async () => {
  const id = await make.campaign({ includeSegmentIds: [await make.city(4)] });
  await make.verb(id, 'launch', { at: new Date(app.clock.now().getTime() + 86_400_000).toISOString() });
  const api = await startTestApp({ database: app.database, environment: { ROLE: 'api' } });
  try {
    const listener = await listen({ url: api.url, key: app.key }, pathOf(id));
    await eventually(() => listener.events.length === 1);
    await make.verb(id, 'launch');
    await untilOver(listener);
    expect(listener.events.at(-1)).toMatchObject({ name: 'end', data: { state: 'done', dispatches: [{ sent: 4 }] } });
  } finally {
    await api.stop();
  }
});

test('an open page does not hold up a shutdown', async () => {
  const id = await make.campaign();
  await app.db.run(sql`update campaign set state = 'paused' where workspace_id = ${app.workspaceId} and id = ${id}`);
  const api = await startTestApp({ database: app.database, environment: { ROLE: 'api' } });
  const listener = await listen({ url: api.url, key: app.key }, pathOf(id));
  await eventually(() => listener.events.length === 1);
  await api.stop();
  await untilOver(listener);
  expect(listener.events).toMatchObject([{ name: 'progress', data: { state: 'paused' } }]);
});

test('needs a campaign of one’s own and the scope', async () => {
  expect((await app.api('GET', pathOf('987654'))).status).toBe(404);
  const { body } = await app.api('POST', '/v1/api-keys', { name: 'narrow', scopes: ['contacts:read'] });
  const id = await make.campaign();
  const refused = await listen({ url: app.url, key: body.key }, pathOf(id));
  expect(refused.status).toBe(403);
});
