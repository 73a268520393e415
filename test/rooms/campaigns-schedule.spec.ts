/** Launches at a time on the wall of a place. */
import { SettableClock } from '../../src/platform/clock.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { CampaignMaker } from '../support/campaigns.js';

const clock = new SettableClock('2026-10-20T08:00:00Z');
let app: TestApp;
let make: CampaignMaker;
beforeAll(async () => {
  app = await startTestApp({ clock });
  make = new CampaignMaker(app);
});
afterAll(() => app.stop());

const schedule = async (local: string, timeZone = 'Europe/Helsinki') =>
  make.verb(await make.campaign(), 'launch', { local, timeZone });

test.each([
  ['a winter day', '2026-12-24T09:00', '2026-12-24T07:00:00.000Z', null],
  ['a time the clock leaps over', '2027-03-28T03:30', '2027-03-28T01:30:00.000Z', 'gap'],
  ['a time that comes twice', '2026-10-25T03:30', '2026-10-25T00:30:00.000Z', 'overlap'],
])('%s is said back with the instant it means', async (_what, local, launchAt, shift) => {
  const { status, body } = await schedule(local);
  expect([status, body]).toEqual([200, body]);
  const launchWall = { local, timeZone: 'Europe/Helsinki', shift };
  expect(body).toMatchObject({ state: 'scheduled', launchAt, launchWall });
  expect(await make.view(body.id)).toMatchObject({ launchAt, launchWall });
  expect((await make.verb(body.id, 'unschedule')).body).toMatchObject({ state: 'draft', launchAt: null, launchWall: null });
});

test('it launches when that time has come', async () => {
  const id = await make.campaign({ includeSegmentIds: [await make.city(1)] });
  await make.verb(id, 'launch', { local: '2026-10-21T09:00', timeZone: 'America/New_York' });
  clock.set('2026-10-21T12:59:00Z');
  await app.sweep();
  expect((await make.view(id)).state).toBe('scheduled');
  clock.set('2026-10-21T13:00:00Z');
  await app.sweep();
  await make.reach(id, 'done');
  expect((await make.view(id)).launchWall).toBeNull();
});

test.each([
  [{ local: '2026-10-01T09:00', timeZone: 'Europe/Helsinki' }, '/local'],
  [{ local: '2036-10-01T09:00', timeZone: 'Europe/Helsinki' }, '/local'],
  [{ local: '2026-12-24T09:00' }, '/timeZone'],
  [{ timeZone: 'Europe/Helsinki' }, '/local'],
  [{ local: '2026-02-30T09:00', timeZone: 'Europe/Helsinki' }, '/local'],
  [{ local: '2026-12-24T09:00Z', timeZone: 'Europe/Helsinki' }, '/local'],
  [{ local: '2026-12-24T09:00', timeZone: 'Mars/Base' }, '/timeZone'],
  [{ local: '2026-12-24T09:00', timeZone: 'Europe/Helsinki', at: '2026-12-24T07:00:00Z' }, '/at'],
])('%j is refused at %s', async (body, pointer) => {
  const answer = await make.verb(await make.campaign(), 'launch', body);
  expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
});

test('must come before the campaign ends', async () => {
  const id = await make.campaign({ endsAt: '2026-12-01T00:00:00Z' });
  const answer = await make.verb(id, 'launch', { local: '2026-12-24T09:00', timeZone: 'Europe/Helsinki' });
  expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/local' }] } });
});

test('must stay before an end that is set later', async () => {
  const { body } = await schedule('2026-12-24T09:00');
  const answer = await make.api('PATCH', `/campaigns/${body.id}`, { endsAt: '2026-12-01T00:00:00Z' });
  expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/endsAt' }] } });
});
