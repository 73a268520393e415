/** The freeze: from an audience to one row a person, all or none, with the verdicts the plan foretold. */
import { sql } from '../../src/domain/sql.js';
import { MessagesService } from '../../src/messages/messages.service.js';
import { startTestApp, type TestApp } from '../support/app.js';
import {
  expectTallied,
  freezeDispatch,
  makeDispatch,
  makeNobody,
  makePeople,
  only,
  type Person,
  rowOf,
  rowsOf,
  statesOf,
  withoutSweeps,
} from '../support/dispatches.js';
import { eventually } from '../support/eventually.js';

let app: TestApp;
let messages: MessagesService;
beforeAll(async () => {
  app = await withoutSweeps(startTestApp());
  messages = app.get(MessagesService);
});
afterAll(() => app.stop());

test('everybody is in it once, planned, with a slot of their own', async () => {
  const people = await makePeople(app, 300);
  const dispatch = await freezeDispatch(app, people);
  const rows = await rowsOf(app, dispatch.id);
  expect(rows.map(row => row.contact_id)).toEqual(people.map(({ id }) => id).sort((a, b) => Number(a) - Number(b)));
  expect(await statesOf(app, dispatch.id)).toEqual({ planned: 300 });
  expect(dispatch).toMatchObject({ state: 'sending', matched: 300 });
});

test('a shared address gets one message; the others who share it are refused by name', async () => {
  const family = await makePeople(app, 4, 'sms', { address: '+12125550177' });
  const dispatch = await freezeDispatch(app, [...family, ...(await makePeople(app, 2))]);
  expect(await statesOf(app, dispatch.id)).toEqual({ planned: 3, refused: 3 });
  const report = await messages.report(app.workspaceId, dispatch.id);
  expect(report).toMatchObject({ matched: 6, refused: { 'duplicate-address': 3 }, planned: 3 });
});

test('a shared address goes to the one of them who may be sent to', async () => {
  const [silent] = (await makePeople(app, 1, 'sms', { address: '+12125550178', topics: [] })) as [Person];
  const [willing] = (await makePeople(app, 1, 'sms', { address: '+12125550178' })) as [Person];
  const dispatch = await freezeDispatch(app, [silent, willing]);
  expect(await rowOf(app, dispatch.id, silent)).toMatchObject({ state: 'refused', refusal: 'no-consent' });
  expect((await rowOf(app, dispatch.id, willing)).state).toBe('planned');
});

describe('each reason not to send', () => {
  test.each([
    ['no-consent', { topics: ['offers'] }],
    ['suppressed', { suppressed: true }],
    ['invalid-address', { state: 'invalid' }],
    ['invalid-address', { state: 'bounced' }],
    ['landline', { lineType: 'fixed' }],
  ])('%s is a refusal on the row', async (refusal, change) => {
    const [person] = (await makePeople(app, 1, 'sms', change)) as [Person];
    const dispatch = await freezeDispatch(app, [person]);
    expect(await rowOf(app, dispatch.id, person)).toMatchObject({ state: 'refused', refusal, send_after: null });
    expect(dispatch.state).toBe('done');
    await expectTallied(app, dispatch.id);
  });

  test('no-address: somebody without one is counted too', async () => {
    const nobody = await makeNobody(app);
    const { id } = await makeDispatch(app);
    expect(await messages.freeze(app.workspaceId, id, only([nobody]))).toEqual({ matched: 1, planned: 0 });
    expect((await messages.report(app.workspaceId, id)).refused).toEqual({ 'no-address': 1 });
  });

  test('a transactional message needs no consent, but a suppressed address stays suppressed', async () => {
    const silent = await makePeople(app, 2, 'sms', { topics: [] });
    const suppressed = await makePeople(app, 1, 'sms', { topics: [], suppressed: true });
    const dispatch = await freezeDispatch(app, [...silent, ...suppressed], { class: 'transactional' });
    expect((await messages.report(app.workspaceId, dispatch.id)).refused).toEqual({ suppressed: 1 });
  });

  test('erased people are not in an audience at all', async () => {
    const people = await makePeople(app, 2);
    await app.db.run(sql`update contact set erased_at = now() where id = ${people[0]?.id}`);
    expect((await freezeDispatch(app, people)).matched).toBe(1);
  });

  test('consent on one channel is none on the other', async () => {
    const people = await makePeople(app, 1, 'email');
    const dispatch = await freezeDispatch(app, people, { channel: 'sms' });
    expect((await messages.report(app.workspaceId, dispatch.id)).refused).toEqual({ 'no-address': 1 });
  });
});

test('the plan foretells the freeze, count by count, and writes nothing', async () => {
  const people = [
    ...(await makePeople(app, 5)),
    ...(await makePeople(app, 3, 'sms', { address: '+12125550179' })),
    ...(await makePeople(app, 2, 'sms', { topics: [] })),
    ...(await makePeople(app, 1, 'sms', { suppressed: true })),
    ...(await makePeople(app, 1, 'sms', { lineType: 'fixed' })),
  ];
  const before = await app.db.row(sql`select count(*) as n from message`);
  const to = { channel: 'sms', class: 'marketing', topic: 'news', id: '1', variants: [] } as const;
  const plan = await messages.plan(app.workspaceId, to, only(people));
  expect(await app.db.row(sql`select count(*) as n from message`)).toEqual(before);
  const dispatch = await freezeDispatch(app, people);
  const report = await messages.report(app.workspaceId, dispatch.id);
  expect(plan).toEqual({ matched: 12, refused: report.refused, toSend: report.planned, variants: [] });
  expect(report.refused).toEqual({ 'duplicate-address': 2, 'no-consent': 2, suppressed: 1, landline: 1 });
});

test('a second freeze does nothing, also at the same time', async () => {
  const people = await makePeople(app, 40);
  const { id } = await makeDispatch(app);
  const answers = await Promise.all([1, 2, 3, 4].map(() => messages.freeze(app.workspaceId, id, only(people))));
  expect(answers.map(answer => answer.planned).sort()).toEqual([0, 0, 0, 40]);
  expect(new Set(answers.map(answer => answer.matched))).toEqual(new Set([40]));
  expect(await statesOf(app, id)).toEqual({ planned: 40 });
});

test('a freeze that fails in the middle leaves nothing, and can be done again', async () => {
  const people = await makePeople(app, 50);
  const { id } = await makeDispatch(app);
  const broken = sql`${only(people)} and 1 / (c.id - ${people[25]?.id}::bigint) is not null`;
  await expect(messages.freeze(app.workspaceId, id, broken)).rejects.toThrow('division by zero');
  expect(await rowsOf(app, id)).toEqual([]);
  await expectTallied(app, id);
  expect((await messages.getDispatch(app.workspaceId, id)).state).toBe('freezing');
  expect(await messages.freeze(app.workspaceId, id, only(people))).toEqual({ matched: 50, planned: 50 });
  expect(await statesOf(app, id)).toEqual({ planned: 50 });
});

test('a freeze whose connection is killed leaves nothing, and can be done again', async () => {
  const people = await makePeople(app, 50);
  const { id } = await makeDispatch(app);
  const slow = messages
    .freeze(app.workspaceId, id, sql`${only(people)} and pg_sleep(0.2) is not null`)
    .catch((error: Error) => error);
  const kill = () =>
    app.db.row(sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and query like '%insert into message%' and state = 'active'`);
  await eventually(kill);
  expect(await slow).toBeInstanceOf(Error);
  expect(await rowsOf(app, id)).toEqual([]);
  expect(await messages.freeze(app.workspaceId, id, only(people))).toEqual({ matched: 50, planned: 50 });
  expect(await statesOf(app, id)).toEqual({ planned: 50 });
});

test('a dispatch that is canceled while it waits to be frozen stays empty', async () => {
  const people = await makePeople(app, 3);
  const { id } = await makeDispatch(app);
  await messages.cancelDispatch(app.workspaceId, id);
  expect((await messages.freeze(app.workspaceId, id, only(people))).planned).toBe(0);
  expect(await rowsOf(app, id)).toEqual([]);
});

test('messages of a later step are rows of that step', async () => {
  const people = await makePeople(app, 3);
  const { id } = await makeDispatch(app, { sourceKind: 'automation', step: 2 });
  await messages.freeze(app.workspaceId, id, only(people));
  expect(await app.db.rows(sql`select distinct step from message where dispatch_id = ${id}`)).toEqual([{ step: 2 }]);
});
