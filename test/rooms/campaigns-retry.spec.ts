/** An operator's retry of what failed: once, in the same dispatch, and only to those who may still be written to. */
import { sql } from '../../src/domain/sql.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { CampaignMaker } from '../support/campaigns.js';
import { expectTallied } from '../support/dispatches.js';
import { eventually } from '../support/eventually.js';

jest.setTimeout(120_000);

/** The sandbox refuses what ends in 0002 at once, and takes 0007 to let it fail later. */
let exchange = 200;
const phones = (ending: string, count: number) => Array.from({ length: count }, () => `+1500${exchange++}${ending}`);

let app: TestApp;
let make: CampaignMaker;
beforeAll(async () => {
  app = await startTestApp();
  make = new CampaignMaker(app);
});
afterAll(() => app.stop());

const retry = (id: string, body: object = {}) => make.api('POST', `/campaigns/${id}/retry-failed`, body);
const dispatchOf = async (id: string): Promise<string> => (await make.report(id)).id;

/** Three good numbers, two that are refused, two whose receipt says later that they failed. */
async function makeMixed(): Promise<string> {
  const good = Array.from({ length: 3 }, () => `+1212${exchange++}1000`);
  const id = await make.sent({ includeSegmentIds: [await make.people([...good, ...phones('0002', 2), ...phones('0007', 2)])] });
  await eventually(async () => (await make.report(id)).delivered === 3 && (await failed(id)) === 4);
  return id;
}

const failed = async (id: string): Promise<number> =>
  (await make.api('GET', `/campaigns/${id}/recipients?state=failed`)).body.data.length;

/** The network has mended: the numbers that were bad are good ones now. */
async function mend(id: string): Promise<void> {
  await app.db.run(sql`update reach r set address = '+12129' || lpad(m.contact_id::text, 6, '0') from message m
    where m.workspace_id = r.workspace_id and m.contact_id = r.contact_id and m.dispatch_id = ${await dispatchOf(id)} and m.state = 'failed'`);
  await app.db.run(sql`update message set address = '+12129' || lpad(contact_id::text, 6, '0')
    where dispatch_id = ${await dispatchOf(id)} and state = 'failed'`);
}

test('sends again what failed and nothing else, in the same dispatch, and the report stays whole', async () => {
  const id = await makeMixed();
  await mend(id);
  const before = await app.db.row<{ n: string }>(sql`select count(*) as n from sandbox_message`);
  const { status, body } = await retry(id);
  expect([status, body]).toEqual([200, { retried: 4, errors: { rejected: 2, receipt: 2 }, state: 'sending' }]);
  await make.reach(id, 'done');
  await eventually(async () => (await make.report(id)).delivered === 7);
  const report = await make.report(id);
  expect(report).toMatchObject({ matched: 7, sent: 7, failed: 0, planned: 0, inFlight: 0, state: 'done' });
  expect((await make.api('GET', `/campaigns/${id}/report`)).body.dispatches).toHaveLength(1);
  await expectTallied(app, report.id);
  const after = await app.db.row<{ n: string }>(sql`select count(*) as n from sandbox_message`);
  expect(Number(after?.n) - Number(before?.n)).toBe(4);
  const trail = await make.api('GET', '/audit?limit=20');
  expect(trail.body.data).toContainEqual(
    expect.objectContaining({
      action: 'campaign.retried',
      target: `campaign:${id}`,
      details: expect.objectContaining({ errors: 'all' }),
    }),
  );
});

test('retries only the reasons asked for', async () => {
  const id = await makeMixed();
  await mend(id);
  expect((await retry(id, { errors: ['receipt'] })).body).toMatchObject({ retried: 2, errors: { receipt: 2 } });
  await make.reach(id, 'done');
  expect(await failed(id)).toBe(2);
  expect((await retry(id, { errors: ['retryable', 'unknown'] })).body).toEqual({ retried: 0, errors: {}, state: 'done' });
});

test('is safe to press many times: each message is planned once', async () => {
  const id = await makeMixed();
  await mend(id);
  const answers = await Promise.all(Array.from({ length: 5 }, () => retry(id)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  expect(answers.reduce((sum, { body }) => sum + body.retried, 0)).toBe(4);
  await make.reach(id, 'done');
  await eventually(async () => (await make.report(id)).delivered === 7);
  const sent = await app.db.row<{ n: string }>(sql`select count(*) as n from sandbox_message s
    join message m on m.address = s.recipient where m.dispatch_id = ${await dispatchOf(id)} and s.recipient like '+12129%'`);
  expect(sent?.n).toBe('4');
});

test('who left meanwhile is refused, and what fails again is failed again', async () => {
  const id = await makeMixed();
  const [leaver, erased] = (await make.api('GET', `/campaigns/${id}/recipients?state=failed`)).body.data;
  await make.api('POST', '/suppressions', { channel: 'sms', address: leaver.address });
  await make.api('DELETE', `/contacts/${erased.contactId}`);
  expect((await retry(id)).body.retried).toBe(4);
  await make.reach(id, 'done');
  await eventually(async () => (await failed(id)) === 2);
  const refused = (await make.api('GET', `/campaigns/${id}/recipients?state=refused`)).body.data;
  expect(refused.map((one: { refusal: string }) => one.refusal).sort()).toEqual(['erased', 'suppressed']);
  await expectTallied(app, await dispatchOf(id));
});

test('a retry that was cut short after it opened the dispatch is taken in by the sweeper', async () => {
  const id = await makeMixed();
  await app.db.run(sql`update dispatch set state = 'sending', finished_at = null where id = ${await dispatchOf(id)}`);
  await app.sweep();
  await eventually(async () => (await make.report(id)).state === 'done' && (await make.view(id)).state === 'done');
});

test('what was paused stays paused, with more to send', async () => {
  const id = await makeMixed();
  for (const table of ['campaign', 'dispatch'] as const)
    await app.db.run(
      table === 'campaign'
        ? sql`update campaign set state = 'paused' where id = ${id}`
        : sql`update dispatch set state = 'paused', finished_at = null where id = ${await dispatchOf(id)}`,
    );
  expect((await retry(id)).body).toMatchObject({ retried: 4, state: 'paused' });
  expect(await make.report(id)).toMatchObject({ planned: 2, state: 'paused' });
  await make.verb(id, 'resume');
  await make.reach(id, 'done');
});

test.each([
  ['draft', 409, /is draft; what failed can be retried while it is sending, paused, done/],
  ['canceled', 409, /is canceled/],
])('a campaign that is %s cannot be retried', async (state, status, detail) => {
  const id = await make.campaign();
  if (state === 'canceled') await make.verb(id, 'cancel');
  const answer = await retry(id);
  expect(answer.status).toBe(status);
  expect(answer.body.detail).toMatch(detail);
});

test('a campaign whose end has come, or that is archived, cannot be retried', async () => {
  const id = await makeMixed();
  await app.db.run(sql`update campaign set ends_at = now() - interval '1 hour' where id = ${id}`);
  expect((await retry(id)).body.detail).toMatch(/ended at/);
  await make.api('DELETE', `/campaigns/${id}`);
  expect((await retry(id)).body.detail).toMatch(/archived/);
});

test('an error that does not exist is named', async () => {
  const answer = await retry(await make.campaign(), { errors: ['ugly'] });
  expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/errors/0' }] } });
});
