// Edits of everybody whom a rule picks: frozen at the start, applied in batches, resumed after a crash, canceled, audited.
import { sql } from '../../src/domain/sql.js';
import { ApplyBulkEditJob } from '../../src/segments/bulk-edits/apply-bulk-edit.job.js';
import { type Answer, startTestApp, type TestApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';

let app: TestApp;
let job: ApplyBulkEditJob;
beforeAll(async () => {
  app = await startTestApp();
  job = app.get(ApplyBulkEditJob);
});
afterAll(() => app.stop());

const people = 25;
let city: string;
beforeEach(async () => {
  city = `City ${Math.random()}`;
  job.batchSize = 7;
  const contacts = Array.from({ length: people }, (_, i) => ({
    externalId: `${city}-${i}`,
    city,
    tags: ['old'],
    lists: ['Regulars'],
  }));
  expect((await app.api('POST', '/v1/contacts/bulk', { contacts })).body.created).toBe(people);
});

const inCity = () => ({ version: 1, rule: { kind: 'place', city: [city] } });
const start = (edit: object): Promise<Answer> => app.api('POST', '/v1/bulk-edits', { rule: inCity(), ...edit });
const done = (id: string) =>
  eventually(async () => {
    const { body } = await app.api('GET', `/v1/bulk-edits/${id}`);
    return body.state === 'running' ? false : body;
  });
const countOf = async (where: ReturnType<typeof sql>): Promise<number> =>
  (await app.db.row<{ count: number }>(sql`select count(*)::int as count from contact c where ${where}`))?.count ?? -1;

test('fields, tags and lists change for everybody whom the rule picked, in batches', async () => {
  const started = await start({
    set: { region: 'North', jobTitle: null, attributes: { wave: 2 } },
    addTags: ['new'],
    removeTags: ['old'],
    addToLists: ['Movers'],
    removeFromLists: ['Regulars'],
  });
  expect(started).toMatchObject({ status: 202, body: { matched: people, gone: 0 } });
  expect(await done(started.body.id)).toMatchObject({ state: 'done', edited: people, gone: 0, error: null });
  expect(await countOf(sql`city = ${city} and region = 'North'`)).toBe(people);
  const found = await app.api('GET', `/v1/contacts?search=${encodeURIComponent(`${city}-3`)}`);
  const { body } = await app.api('GET', `/v1/contacts/${found.body.data[0].id}`);
  expect(body).toMatchObject({ tags: [{ name: 'new' }], lists: [{ name: 'Movers' }], attributes: { wave: 2 } });
});

test('an edit of what its own rule asks for skips nobody and takes in nobody', async () => {
  const { body } = await start({ set: { city: `${city} (moved)` } });
  await app.api('POST', '/v1/contacts', { externalId: `${city}-late`, city });
  expect(await done(body.id)).toMatchObject({ state: 'done', edited: people });
  expect(await countOf(sql`city = ${`${city} (moved)`}`)).toBe(people);
});

test('consents are withdrawn with evidence', async () => {
  const consent = [{ channel: 'sms', topic: 'news', state: 'granted', source: 'form' }];
  const { id } = (await app.api('POST', '/v1/contacts', { phone: '+12125550142', city, consent })).body;
  const { body } = await start({ withdraw: [{ channel: 'sms', topic: 'news', source: 'brand-closed' }] });
  await done(body.id);
  const contact = (await app.api('GET', `/v1/contacts/${id}`)).body;
  expect(contact.consent).toMatchObject([{ state: 'withdrawn', source: 'brand-closed' }]);
  expect(contact.reach[0].topics).toEqual([]);
});

test('a plan counts, says the rule in words, and writes nothing', async () => {
  const edit = { set: { attributes: { never_seen: 1 } }, addTags: ['x'] };
  const { status, body } = await app.api('POST', '/v1/bulk-edits/plan', { rule: inCity(), ...edit });
  expect({ status, matched: body.matched }).toEqual({ status: 200, matched: people });
  expect(body.summary).toContain(city);
  expect((await app.api('GET', '/v1/bulk-edits')).body.data.some((one: { edit: object }) => 'x' in one.edit)).toBe(false);
  expect((await app.api('GET', '/v1/attributes')).text).not.toContain('never_seen');
});

test('an edit whose batches fail again and again ends, says so, and leaves nobody behind', async () => {
  const { workspaceId } = app;
  const row = await app.db.row<{
    id: string;
  }>(sql`insert into bulk_edit (workspace_id, rule, edit, actor, matched, created_at, state, failures)
    values (${workspaceId}, '{}', '{"set": {"attributes": {"wave": "no number"}}}', 'key:test', ${people}, now(), 'failed', 4) returning id`);
  const id = row?.id ?? '';
  await app.db.run(sql`insert into bulk_edit_target select ${workspaceId}, ${id}, id from contact where city = ${city}`);
  await app.db.run(sql`update bulk_edit set state = 'running' where id = ${id}`);
  expect(await done(id)).toMatchObject({ state: 'failed', edited: 0, error: expect.stringContaining('failed') });
  expect(await app.db.rows(sql`select from bulk_edit_target where bulk_edit_id = ${id}`)).toEqual([]);
  const actions = (await app.api('GET', '/v1/audit?limit=20')).body.data.map(({ action }: { action: string }) => action);
  expect(actions).toContain('bulk-edit.failed');
});

test('what a dead worker left is found by the sweep and finished without repeating anything', async () => {
  const { workspaceId } = app;
  const id = await app.db.transaction(async tx => {
    const row = await tx.row<{
      id: string;
    }>(sql`insert into bulk_edit (workspace_id, rule, edit, actor, matched, edited, created_at)
      values (${workspaceId}, '{}', '{"addTags": ["resumed"]}', 'key:test', ${people}, 10, now()) returning id`);
    await tx.run(
      sql`insert into bulk_edit_target select ${workspaceId}, ${row?.id}, id from contact where city = ${city} order by id offset 10`,
    );
    return row?.id ?? '';
  });
  expect(await done(id)).toMatchObject({ state: 'done', edited: people });
  const tagged = await app.db.row(
    sql`select count(*)::int as count from contact_tag m join tag t on t.id = m.tag_id where t.name = 'resumed'`,
  );
  expect(tagged).toEqual({ count: people - 10 });
});

test('who was erased meanwhile is counted as gone', async () => {
  const rows = await app.db.rows<{ id: string }>(sql`select id from contact where city = ${city} order by id limit 2`);
  const row = await app.db.row<{
    id: string;
  }>(sql`insert into bulk_edit (workspace_id, rule, edit, actor, matched, created_at, state)
    values (${app.workspaceId}, '{}', '{"addTags": ["late"]}', 'key:test', 2, now(), 'failed') returning id`);
  await app.db.run(
    sql`insert into bulk_edit_target select ${app.workspaceId}, ${row?.id}, id from unnest(${rows.map(({ id }) => id)}::bigint[]) id`,
  );
  await app.api('DELETE', `/v1/contacts/${rows[0]?.id}`);
  await app.db.run(sql`update bulk_edit set state = 'running' where id = ${row?.id}`);
  expect(await done(row?.id ?? '')).toMatchObject({ state: 'done', edited: 1, gone: 1 });
});

test('a canceled edit stops, and is canceled once', async () => {
  const { workspaceId } = app;
  const id = await app.db.transaction(async tx => {
    const row = await tx.row<{
      id: string;
    }>(sql`insert into bulk_edit (workspace_id, rule, edit, actor, matched, created_at, state)
      values (${workspaceId}, '{}', '{"addTags": ["never"]}', 'key:test', ${people}, now(), 'failed') returning id`);
    await tx.run(sql`insert into bulk_edit_target select ${workspaceId}, ${row?.id}, id from contact where city = ${city}`);
    return row?.id ?? '';
  });
  job.batchSize = 1;
  await app.db.run(sql`update bulk_edit set state = 'running' where id = ${id}`);
  const canceled = await app.api('POST', `/v1/bulk-edits/${id}/cancel`);
  expect(canceled).toMatchObject({ status: 200, body: { state: 'canceled' } });
  expect(canceled.body.edited).toBeLessThan(people);
  expect(await app.db.rows(sql`select from bulk_edit_target where bulk_edit_id = ${id}`)).toEqual([]);
  expect((await app.api('POST', `/v1/bulk-edits/${id}/cancel`)).status).toBe(409);
});

test('every batch leaves one change of its kind, and the trail says who began', async () => {
  const [before] = await app.db.rows<{ id: string }>(sql`select coalesce(max(id), 0) as id from contact_change`);
  const { body } = await start({ set: { region: 'South' } });
  await done(body.id);
  const changes = await app.db.rows<{ kind: string }>(sql`select kind from contact_change where id > ${before?.id} order by id`);
  expect(changes.map(({ kind }) => kind)).toEqual(Array.from({ length: Math.ceil(people / 7) }, () => 'contact'));
  const trail = await app.api('GET', '/v1/audit?limit=5');
  expect(trail.body.data.map((entry: { action: string }) => entry.action)).toEqual(
    expect.arrayContaining(['bulk-edit.started', 'bulk-edit.finished']),
  );
});

test('an edit of nothing, of nobody named, or with a wrong value is refused by its field', async () => {
  expect((await start({})).status).toBe(422);
  expect((await start({ set: {} })).body.errors[0].pointer).toBe('/set');
  expect((await app.api('POST', '/v1/bulk-edits', { addTags: ['x'] })).body.errors[0].pointer).toBe('/rule');
  expect((await start({ set: { birthDate: '2999-01-01' } })).body.errors[0].pointer).toBe('/set/birthDate');
  expect((await start({ set: { email: 'all@shop.example' } })).body.errors[0].pointer).toBe('/set/email');
});
