// Saved segments over HTTP: made, changed, archived, listed, counted, and put together as an audience.
import { AppError } from '../../src/platform/errors.js';
import { sql } from '../../src/domain/sql.js';
import type { Rule } from '../../src/domain/segment/rule.js';
import { BoundedReads } from '../../src/platform/database/bounded-reads.js';
import { SegmentsService } from '../../src/segments/segments.service.js';
import { SettableClock } from '../../src/platform/clock.js';
import { startTestApp, type TestApp } from '../support/app.js';

let app: TestApp;
let ids: { a: string; b: string; c: string; erased: string };
let listId: string;

beforeAll(async () => {
  app = await startTestApp({ environment: { ROLE: 'api' }, clock: new SettableClock('2026-11-22T11:00:00Z') });
  ids = {
    a: await person('Ada', 'Baku'),
    b: await person('Ben', 'Baku'),
    c: await person('Cem', null),
    erased: await person('Eve', 'Baku'),
  };
  await app.db.run(sql`update contact set erased_at = now() where id = ${ids.erased}`);
  await reach(ids.a, 'sms', '+12125550100', ['news'], false);
  await reach(ids.b, 'sms', '+12125550101', [], false);
  await reach(ids.c, 'sms', '+12125550102', ['news'], true);
  await reach(ids.a, 'email', 'ada@example.com', [], false);
  listId = await list('VIP', [ids.a, ids.c]);
});
afterAll(() => app.stop());

async function person(firstName: string, city: string | null): Promise<string> {
  const row = await app.db.row<{ id: string }>(
    sql`insert into contact (workspace_id, first_name, city) values (${app.workspaceId}, ${firstName}, ${city}) returning id`,
  );
  return row?.id ?? '';
}

async function reach(
  contactId: string,
  channel: string,
  address: string,
  topics: string[],
  isSuppressed: boolean,
): Promise<void> {
  await app.db
    .run(sql`insert into reach (workspace_id, contact_id, channel, address, address_hash, is_primary, topics, is_suppressed)
    values (${app.workspaceId}, ${contactId}, ${channel}, ${address}, '\\x00', true, ${topics}, ${isSuppressed})`);
}

async function list(name: string, contactIds: string[]): Promise<string> {
  const row = await app.db.row<{ id: string }>(
    sql`insert into list (workspace_id, name) values (${app.workspaceId}, ${name}) returning id`,
  );
  await app.db.run(sql`insert into list_member (workspace_id, contact_id, list_id)
    select ${app.workspaceId}, id, ${row?.id} from unnest(${contactIds}::bigint[]) id`);
  return row?.id ?? '';
}

const inBaku: Rule = { kind: 'place', city: ['baku'] };
const document = (rule: unknown) => ({ version: 1, rule });
const save = async (name: string, rule: unknown): Promise<string> => {
  const answer = await app.api('POST', '/v1/segments', { name, rule: document(rule) });
  expect(answer.status).toBe(201);
  return answer.body.id as string;
};

test('a segment is saved, shown with its rule in words, changed without losing what was not sent, and archived', async () => {
  const made = await app.api('POST', '/v1/segments', { name: 'Baku', folder: 'Cities', rule: document(inBaku) });
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    version: 1,
    folder: 'Cities',
    archivedAt: null,
    summary: 'Contacts who live in the city “baku”.',
  });
  const path = `/v1/segments/${made.body.id}`;

  const renamed = await app.api('PATCH', path, { name: 'People of Baku' });
  expect(renamed.body).toMatchObject({ name: 'People of Baku', folder: 'Cities', version: 1, rule: document(inBaku) });
  const changed = await app.api('PATCH', path, { rule: document({ kind: 'list', listId, in: true }), folder: null });
  expect(changed.body).toMatchObject({ version: 2, folder: null, summary: 'Contacts who are on the list “VIP”.' });
  expect((await app.api('GET', path)).body).toEqual(changed.body);

  expect((await app.api('DELETE', path)).status).toBe(204);
  expect((await app.api('DELETE', path)).status).toBe(204);
  expect((await app.api('GET', path)).body.archivedAt).toBe('2026-11-22T11:00:00.000Z');
  expect((await app.api('PATCH', path, { name: 'x' })).status).toBe(409);
  const trail = await app.db.rows<{ action: string }>(
    sql`select action from audit_entry where target = ${`segment:${made.body.id}`} order by id`,
  );
  expect(trail.map(row => row.action)).toEqual(['segment.created', 'segment.updated', 'segment.updated', 'segment.archived']);
});

test('segments are listed newest first, page by page, without the archived', async () => {
  const saved = [await save('List 1', inBaku), await save('List 2', inBaku), await save('List 3', inBaku)];
  await app.api('DELETE', `/v1/segments/${saved[1]}`);
  const first = await app.api('GET', '/v1/segments?limit=1');
  expect(first.body.data.map((one: { id: string }) => one.id)).toEqual([saved[2]]);
  const second = await app.api('GET', `/v1/segments?limit=1&after=${first.body.next}`);
  expect(second.body.data.map((one: { id: string }) => one.id)).toEqual([saved[0]]);
  const archived = await app.api('GET', '/v1/segments?archived=true');
  expect(archived.body.data.map((one: { id: string }) => one.id)).toContain(saved[1]);
});

test('a name is taken once', async () => {
  await save('Taken', inBaku);
  const other = await save('Other', inBaku);
  expect((await app.api('POST', '/v1/segments', { name: 'Taken', rule: document(inBaku) })).status).toBe(409);
  expect((await app.api('PATCH', `/v1/segments/${other}`, { name: 'Taken' })).status).toBe(409);
});

test('a segment of another workspace does not exist here', async () => {
  await app.db.run(sql`insert into workspace (id, name) overriding system value values (777, 'Other')`);
  const row = await app.db.row<{ id: string }>(
    sql`insert into segment (workspace_id, name, rule) values (777, 'Theirs', ${JSON.stringify(document(inBaku))}::jsonb) returning id`,
  );
  for (const method of ['GET', 'DELETE']) expect((await app.api(method, `/v1/segments/${row?.id}`)).status).toBe(404);
  expect((await app.api('PATCH', `/v1/segments/${row?.id}`, { name: 'Mine' })).status).toBe(404);
  expect((await app.api('POST', '/v1/segments/preview', { segmentId: row?.id })).status).toBe(404);
});

test('a preview counts exactly, without the erased, says who can be reached, and shows some of them', async () => {
  const { status, body } = await app.api('POST', '/v1/segments/preview', { rule: document(inBaku) });
  expect(status).toBe(200);
  expect(body).toMatchObject({ count: 2, reachable: { sms: 2, email: 1 }, summary: 'Contacts who live in the city “baku”.' });
  expect(body.sample).toHaveLength(2);
  expect(body.sample).toContainEqual({ id: ids.a, firstName: 'Ada', lastName: null, city: 'Baku', country: null });
  expect(body.milliseconds).toBeLessThan(30_000);
});

test('a preview with a topic counts as reachable only who consented to it', async () => {
  const { body } = await app.api('POST', '/v1/segments/preview', {
    rule: document({ kind: 'all', rules: [] }),
    topic: 'news',
    sampleSize: 0,
  });
  expect(body).toMatchObject({ count: 3, reachable: { sms: 1, email: 0 }, sample: [], summary: 'Everyone.' });
});

test('a saved segment can be previewed by its id', async () => {
  const id = await save('By id', { kind: 'none', rules: [inBaku] });
  const { body } = await app.api('POST', '/v1/segments/preview', { segmentId: id, sampleSize: 50 });
  expect(body).toMatchObject({ count: 1, sample: [{ id: ids.c }] });
});

test('a preview that takes too long is stopped and says so', async () => {
  const reads = app.get(BoundedReads);
  Object.assign(reads, { timeoutMs: 200 });
  const { status, body } = await app.db.transaction(async tx => {
    await tx.run(sql`lock table contact in access exclusive mode`);
    return app.api('POST', '/v1/segments/preview', { rule: document(inBaku) });
  });
  Object.assign(reads, { timeoutMs: 30_000 });
  expect([status, body.code, body.detail]).toEqual([503, 'unavailable', 'Counting took longer than 0.2 s and was stopped']);
});

describe('an audience', () => {
  const audience = async (includes: string[], excludes: string[]): Promise<string[]> => {
    const condition = await app.get(SegmentsService).audienceSql(app.workspaceId, includes, excludes, app.clock.now());
    const rows = await app.db.rows<{ id: string }>(
      sql`select c.id from contact c where c.workspace_id = ${app.workspaceId} and c.erased_at is null and ${condition} order by c.id`,
    );
    return rows.map(row => row.id);
  };

  test('is everyone in any include and in no exclude', async () => {
    const [baku, vip, ben] = [
      await save('A: Baku', inBaku),
      await save('A: VIP', { kind: 'list', listId, in: true }),
      await save('A: Ben', { kind: 'attribute', field: 'firstName', operator: 'is', value: 'ben' }),
    ];
    expect(await audience([baku, vip], [])).toEqual([ids.a, ids.b, ids.c]);
    expect(await audience([baku, vip, baku], [ben])).toEqual([ids.a, ids.c]);
    expect(await audience([], [])).toEqual([]);
  });

  test('refuses a missing and an archived segment, naming which', async () => {
    const gone = await save('Gone', inBaku);
    await app.api('DELETE', `/v1/segments/${gone}`);
    const fieldsOf = (error: unknown): unknown => (error instanceof AppError ? error.fields : error);
    await expect(audience([gone], []).catch(fieldsOf)).resolves.toEqual([
      { pointer: '/includeSegmentIds/0', message: 'The segment "Gone" is archived' },
    ]);
    const fine = await save('Fine', inBaku);
    await expect(audience([fine], [fine, '999999']).catch(fieldsOf)).resolves.toEqual([
      { pointer: '/excludeSegmentIds/1', message: 'There is no segment 999999' },
    ]);
  });

  test('refuses a segment whose list was deleted, because "not on it" would be everyone', async () => {
    const doomed = await list('Doomed', [ids.a]);
    const segment = await save('Not doomed', { kind: 'list', listId: doomed, in: false });
    expect(await audience([segment], [])).toEqual([ids.b, ids.c]);
    await app.db.run(sql`delete from list where id = ${doomed}`);
    await expect(audience([segment], [])).rejects.toThrow(`Segment "Not doomed": There is no list ${doomed}`);
    expect((await app.api('POST', '/v1/segments/preview', { segmentId: segment })).status).toBe(422);
  });
});

describe('hostile input is refused with the field that is wrong', () => {
  const nasty = `x') or true; drop table contact; --`;
  const deep = (levels: number): unknown => (levels === 0 ? inBaku : { kind: 'all', rules: [deep(levels - 1)] });

  test.each<[string, string, unknown, number, string]>([
    ['no body', '', undefined, 422, '/name'],
    ['a list as body', '', [], 422, ''],
    ['no rule', '', { name: 'x' }, 422, '/rule'],
    ['a bare rule without version', '', { name: 'x', rule: inBaku }, 422, '/rule/version'],
    ['an unknown key', '', { name: 'x', rule: document(inBaku), sql: nasty }, 422, '/sql'],
    ['an unknown key in a rule', '', { name: 'x', rule: document({ ...inBaku, sql: nasty }) }, 422, '/rule/rule/sql'],
    ['a name with NUL', '', { name: 'a\0b', rule: document(inBaku) }, 422, '/name'],
    ['a name of half a letter', '', { name: 'a\udc00', rule: document(inBaku) }, 422, '/name'],
    [
      'a NUL deep in a rule',
      '',
      { name: 'x', rule: document({ kind: 'all', rules: [{ kind: 'place', city: ['a\0'] }] }) },
      422,
      '/rule/rule/rules/0/city/0',
    ],
    [
      'SQL as a field',
      '',
      { name: 'x', rule: document({ kind: 'attribute', field: nasty, operator: 'known' }) },
      422,
      '/rule/rule/field',
    ],
    ['a rule too deep', '', { name: 'x', rule: document(deep(50)) }, 422, `/rule/rule${'/rules/0'.repeat(8)}`],
    [
      'a list that is not there',
      '',
      { name: 'x', rule: document({ kind: 'any', rules: [{ kind: 'list', listId: '424242', in: true }] }) },
      422,
      '/rule/rule/rules/0/listId',
    ],
    [
      'a tag that is not there',
      '/preview',
      { rule: document({ kind: 'tag', tagId: '424242', has: true }) },
      422,
      '/rule/rule/tagId',
    ],
    ['neither rule nor id', '/preview', {}, 422, '/rule'],
    ['both rule and id', '/preview', { rule: document(inBaku), segmentId: '1' }, 422, '/rule'],
    ['a sample too large', '/preview', { rule: document(inBaku), sampleSize: 51 }, 422, '/sampleSize'],
    ['an id beyond bigint', '/preview', { segmentId: '9'.repeat(30) }, 422, '/segmentId'],
  ])('%s', async (_name, path, body, status, pointer) => {
    const answer = await app.api('POST', `/v1/segments${path}`, body);
    expect([answer.status, answer.body.errors?.[0]?.pointer]).toEqual([status, pointer]);
  });

  test('SQL in every value is only a value', async () => {
    const rule = {
      kind: 'any',
      rules: [
        ...['is', 'contains', 'prefix'].map(operator => ({ kind: 'attribute', field: 'city', operator, value: nasty })),
        { kind: 'place', city: [nasty], postalPrefix: [nasty] },
        { kind: 'event', name: nasty, did: true, window: { ever: true } },
        { kind: 'event-last', name: nasty, operator: 'within-days', days: 36_500 },
        { kind: 'attribute', field: 'latitude', operator: 'more', value: 1e308 },
        { kind: 'attribute', field: 'childrenCount', operator: 'is', value: 5e-324 },
        { kind: 'attribute', field: 'createdAt', operator: 'at-most', value: '1800-01-01T00:00:00+23:59' },
      ],
    };
    const { status, body } = await app.api('POST', '/v1/segments/preview', { rule: document(rule) });
    expect([status, body.count]).toEqual([200, 0]);
  });

  test('a rule as deep as a body can hold', async () => {
    const levels = 20_000;
    const rule = `${'{"kind":"all","rules":['.repeat(levels)}${']}'.repeat(levels)}`;
    const body = `{"rule":{"version":1,"rule":${rule}}}`;
    const answer = await app.api('POST', '/v1/segments/preview', body, { 'content-type': 'application/json' });
    expect([answer.status, answer.body.code]).toEqual([422, 'invalid']);
  });

  test('a page that is none', async () => {
    expect((await app.api('GET', '/v1/segments?after=nonsense')).status).toBe(422);
    expect((await app.api('GET', '/v1/segments?limit=0')).status).toBe(422);
    expect((await app.api('GET', '/v1/segments/abc')).status).toBe(422);
  });
});
