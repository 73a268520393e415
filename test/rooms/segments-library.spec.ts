/** Saved segments as a library: folders, copies, the archive, who uses what, and segments inside segments. */
import { sql } from '../../src/domain/sql.js';
import { SettableClock } from '../../src/platform/clock.js';
import { type Answer, startTestApp, type TestApp } from '../support/app.js';

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp({ environment: { ROLE: 'api' }, clock: new SettableClock('2026-11-22T11:00:00Z') });
  await app.db.run(sql`insert into contact (workspace_id, first_name, city)
    select ${app.workspaceId}, name, city from (values ('Ada', 'Baku'), ('Ben', 'Baku'), ('Cem', 'Ganja')) as given (name, city)`);
});
afterAll(() => app.stop());

const document = (rule: unknown) => ({ version: 1, rule });
const inCity = (...city: string[]) => ({ kind: 'place', city });
const inSegment = (segmentId: string, isIn = true) => ({ kind: 'segment', segmentId, in: isIn });

async function save(name: string, rule: unknown, folder: string | null = null): Promise<string> {
  const answer = await app.api('POST', '/v1/segments', { name, folder, rule: document(rule) });
  expect([answer.status, answer.text]).toEqual([201, expect.anything()]);
  return answer.body.id as string;
}

async function count(rule: unknown): Promise<number> {
  const { status, body } = await app.api('POST', '/v1/segments/preview', { rule: document(rule), sampleSize: 0 });
  expect(status).toBe(200);
  return body.count as number;
}

const problem = ({ status, body }: Answer) => [status, body.errors?.[0]?.pointer, body.detail];

test('a copy has the rule, the folder and a free name', async () => {
  const id = await save('Baku', inCity('Baku'), 'Cities');
  const first = await app.api('POST', `/v1/segments/${id}/clone`, {});
  expect([first.status, first.body]).toMatchObject([
    201,
    { name: 'Baku (2)', folder: 'Cities', version: 1, rule: document(inCity('Baku')) },
  ]);
  expect((await app.api('POST', `/v1/segments/${id}/clone`, {})).body.name).toBe('Baku (3)');
  expect((await app.api('POST', `/v1/segments/${id}/clone`, { name: 'Own name' })).body.name).toBe('Own name');
  expect((await app.api('POST', `/v1/segments/${id}/clone`, { name: 'Own name' })).status).toBe(409);
  expect((await app.api('POST', '/v1/segments/999999/clone', {})).status).toBe(404);
});

test('folders are listed with their counts, renamed, joined and dissolved', async () => {
  await save('F1', inCity('x'), 'Old');
  const archived = await save('F2', inCity('x'), 'Old');
  await app.api('DELETE', `/v1/segments/${archived}`);
  const folder = async (name: string | null) =>
    (await app.api('GET', '/v1/segment-folders')).body.data.find((one: { name: string | null }) => one.name === name);
  expect(await folder('Old')).toEqual({ name: 'Old', segments: 1, archived: 1 });
  expect((await app.api('POST', '/v1/segment-folders/rename', { name: 'Old', to: 'New' })).body).toEqual({ segments: 2 });
  expect(await folder('Old')).toBeUndefined();
  expect(await folder('New')).toEqual({ name: 'New', segments: 1, archived: 1 });
  expect((await app.api('POST', '/v1/segment-folders/rename', { name: 'New', to: null })).body).toEqual({ segments: 2 });
  expect(await folder('New')).toBeUndefined();
  expect((await app.api('POST', '/v1/segment-folders/rename', { name: 'New', to: 'x' })).status).toBe(404);
});

test('an archived segment comes back as it was', async () => {
  const id = await save('Comes back', inCity('Baku'));
  await app.api('DELETE', `/v1/segments/${id}`);
  const restored = await app.api('POST', `/v1/segments/${id}/restore`);
  expect([restored.status, restored.body.archivedAt, restored.body.version]).toEqual([200, null, 1]);
  expect((await app.api('POST', `/v1/segments/${id}/restore`)).status).toBe(200);
});

test('a segment inside another is compiled in place: its changes are seen at once', async () => {
  const inner = await save('Inner', inCity('Baku'));
  const outer = await save('Outer', { kind: 'none', rules: [inSegment(inner)] });
  expect(await count(inSegment(inner))).toBe(2);
  expect(await count(inSegment(inner, false))).toBe(1);
  expect(await count(inSegment(outer))).toBe(1);
  expect((await app.api('GET', `/v1/segments/${outer}`)).body.summary).toContain('who are in the segment “Inner”');
  await app.api('PATCH', `/v1/segments/${inner}`, { rule: document(inCity('Ganja')) });
  expect(await count(inSegment(outer))).toBe(2);
});

test('a circle is refused at any depth, with the path named', async () => {
  const a = await save('Ring A', inCity('Baku'));
  const b = await save('Ring B', { kind: 'all', rules: [inCity('Baku'), inSegment(a)] });
  const c = await save('Ring C', inSegment(b, false));
  expect(problem(await app.api('PATCH', `/v1/segments/${a}`, { rule: document(inSegment(a)) }))).toEqual([
    422,
    '/rule/rule/segmentId',
    'Segments would go in a circle: "Ring A" → "Ring A"',
  ]);
  const closing = { kind: 'any', rules: [inCity('Ganja'), inSegment(c)] };
  expect(problem(await app.api('PATCH', `/v1/segments/${a}`, { rule: document(closing) }))).toEqual([
    422,
    '/rule/rule/rules/1/segmentId',
    'Segments would go in a circle: "Ring A" → "Ring C" → "Ring B" → "Ring A"',
  ]);
});

test('two writes at once cannot close a circle together', async () => {
  const [a, b] = [await save('Race A', inCity('Baku')), await save('Race B', inCity('Baku'))];
  const answers = await Promise.all([
    app.api('PATCH', `/v1/segments/${a}`, { rule: document(inSegment(b)) }),
    app.api('PATCH', `/v1/segments/${b}`, { rule: document(inSegment(a)) }),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 422]);
});

test('a segment that is missing, archived or broken inside is refused where it is named', async () => {
  expect(problem(await app.api('POST', '/v1/segments/preview', { rule: document(inSegment('999999')) }))).toEqual([
    422,
    '/rule/rule/segmentId',
    'There is no segment 999999',
  ]);
  const archived = await save('Shelved', inCity('Baku'));
  await app.api('DELETE', `/v1/segments/${archived}`);
  expect(problem(await app.api('POST', '/v1/segments', { name: 'x1', rule: document(inSegment(archived)) }))).toEqual([
    422,
    '/rule/rule/segmentId',
    'The segment "Shelved" is archived',
  ]);
  const list = (await app.api('POST', '/v1/lists', { name: 'Doomed' })).body.id as string;
  const onList = await save('On the list', { kind: 'list', listId: list, in: false });
  const outer = await save('Around it', { kind: 'all', rules: [inSegment(onList)] });
  await app.api('DELETE', `/v1/lists/${list}`);
  const [status, , detail] = problem(await app.api('POST', '/v1/segments/preview', { segmentId: outer }));
  expect([status, detail]).toEqual([422, `Segment "Around it": Segment "On the list": There is no list ${list}`]);
});

test('segments are inside each other at most five deep', async () => {
  let last = await save('Level 0', inCity('Baku'));
  for (let level = 1; level <= 5; level++) last = await save(`Level ${level}`, inSegment(last));
  const { status, body } = await app.api('POST', '/v1/segments', { name: 'Level 6', rule: document(inSegment(last)) });
  expect([status, body.detail]).toEqual([422, expect.stringContaining('at most 5 deep: "this rule" → "Level 5" → "Level 4"')]);
  expect((await app.api('POST', '/v1/segments/preview', { segmentId: last })).body.count).toBe(2);
});

test('a new rule may not make the segments that use it too deep', async () => {
  const ids = [await save('Below 1', inCity('Baku'))];
  for (const level of [2, 3, 4, 5]) ids.push(await save(`Below ${level}`, inSegment(ids.at(-1) ?? '')));
  const foot = await save('Foot', inCity('Ganja'));
  const middle = await save('Middle', inSegment(foot));
  await save('Head', inSegment(middle));
  const change = (id: string, rule: unknown) => app.api('PATCH', `/v1/segments/${id}`, { rule: document(rule) });
  const refused = problem(await change(foot, inSegment(ids[3] ?? '')));
  expect(refused).toEqual([
    422,
    '/rule/rule',
    expect.stringContaining('The segment "Head" uses this one. Segments may be inside'),
  ]);
  expect((await change(foot, inSegment(ids[2] ?? ''))).status).toBe(200);
});

describe('used by', () => {
  test('other segments and campaigns are told, and keep it from the archive by name', async () => {
    const inner = await save('Used', inCity('Baku'));
    const outer = await save('User', inSegment(inner));
    const template = (await app.api('POST', '/v1/templates', { name: 'T', channel: 'sms', body: 'Hello' })).body.id as string;
    const campaign = await app.api('POST', '/v1/campaigns', {
      name: 'To Baku',
      channel: 'sms',
      class: 'marketing',
      topic: 'news',
      sender: { from: '+12125550100' },
      templateId: template,
      includeSegmentIds: [inner],
    });
    expect(campaign.status).toBe(201);
    expect((await app.api('GET', `/v1/segments/${inner}/used-by`)).body.data).toEqual([
      { kind: 'segment', id: outer, name: 'User', state: 'saved', keepsFromArchiving: true },
      { kind: 'campaign', id: campaign.body.id, name: 'To Baku', state: 'draft', keepsFromArchiving: true },
    ]);
    const refused = await app.api('DELETE', `/v1/segments/${inner}`);
    expect([refused.status, refused.body.detail]).toEqual([
      409,
      `The segment is still used by segment "User" (${outer}), campaign "To Baku" (${campaign.body.id})`,
    ]);
    await app.api('DELETE', `/v1/segments/${outer}`);
    await app.api('DELETE', `/v1/campaigns/${campaign.body.id}`);
    expect((await app.api('DELETE', `/v1/segments/${inner}`)).status).toBe(204);
    expect((await app.api('GET', `/v1/segments/${inner}/used-by`)).body.data).toHaveLength(2);
  });
});

test('sensitive attributes and attributes nobody registered cannot be asked about', async () => {
  const religion = { kind: 'attribute', field: 'religion', operator: 'known' };
  expect(problem(await app.api('POST', '/v1/segments/preview', { rule: document(religion) }))).toEqual([
    422,
    '/rule/rule/field',
    'religion is sensitive and is not turned on in this workspace',
  ]);
  const custom = { kind: 'custom-attribute', attributeId: '999999', type: 'text', operator: 'known' };
  expect(problem(await app.api('POST', '/v1/segments/preview', { rule: document({ kind: 'any', rules: [custom] }) }))).toEqual([
    422,
    '/rule/rule/rules/0/attributeId',
    'There is no attribute 999999',
  ]);
});

describe('the registry of attributes', () => {
  let ids: Record<string, string>;

  beforeAll(async () => {
    const register = async (key: string, type: string, rest: object = {}): Promise<[string, string]> => {
      const options = type.startsWith('choice') ? ['gold', 'silver'].map(value => ({ value, label: value })) : [];
      const row = await app.db.row<{
        id: string;
      }>(sql`insert into attribute (workspace_id, key, label, type, options, sensitivity)
        values (${app.workspaceId}, ${key}, ${`The ${key}`}, ${type}, ${JSON.stringify(options)}::jsonb,
          ${'sensitivity' in rest ? rest.sensitivity : 'normal'}) returning id`);
      return [key, row?.id ?? ''];
    };
    const secret = { sensitivity: 'sensitive' };
    ids = Object.fromEntries([
      await register('plan', 'choice'),
      await register('score', 'number'),
      await register('renewal', 'date'),
      await register('creed', 'text', secret),
    ]);
    await app.db
      .run(sql`update contact set attributes = ${JSON.stringify({ [ids.plan ?? '']: 'gold', [ids.score ?? '']: 7 })}::jsonb
      where workspace_id = ${app.workspaceId} and first_name = 'Ada'`);
  });

  const custom = (key: string, type: string, test: object) => ({
    kind: 'custom-attribute',
    attributeId: ids[key],
    type,
    ...test,
  });

  test('rules ask about what is registered', async () => {
    expect(await count(custom('plan', 'choice', { operator: 'in', value: ['gold'] }))).toBe(1);
    expect(await count(custom('score', 'number', { operator: 'more', value: 6.5 }))).toBe(1);
    expect(await count(custom('score', 'number', { operator: 'unknown' }))).toBe(2);
    const id = await save('Golden', custom('plan', 'choice', { operator: 'is', value: 'gold' }));
    expect((await app.api('GET', `/v1/segments/${id}`)).body.summary).toBe('Contacts whose “The plan” is “gold”.');
    const exported = await app.api('GET', `/v1/segments/${id}/export`);
    expect(exported.body.segments[0].rule).toEqual({
      kind: 'custom-attribute',
      attribute: 'plan',
      type: 'choice',
      operator: 'is',
      value: 'gold',
    });
  });

  test.each<[string, () => object, string, RegExp]>([
    ['another type', () => custom('score', 'text', { operator: 'known' }), '/attributeId', /of type number, not text/],
    [
      'an option that is none',
      () => custom('plan', 'choice', { operator: 'in', value: ['gold', 'tin'] }),
      '/value/1',
      /no option "tin"/,
    ],
    ['a sensitive one that is off', () => custom('creed', 'text', { operator: 'known' }), '/attributeId', /not turned on/],
    [
      'an anniversary of a number',
      () => ({ kind: 'anniversary', of: { attributeId: ids['score'] }, operator: 'today' }),
      '/of/attributeId',
      /of type number, not date/,
    ],
  ])('%s is refused', async (_name, rule, pointer, message) => {
    expect(problem(await app.api('POST', '/v1/segments/preview', { rule: document(rule()) }))).toEqual([
      422,
      `/rule/rule${pointer}`,
      expect.stringMatching(message),
    ]);
  });

  test('what is turned on can be asked about and stands in the catalogue', async () => {
    const names = async () => {
      const { body } = await app.api('GET', '/v1/segment-fields');
      return [
        ...body.attributes.map((one: { key: string }) => one.key),
        ...body.fields.map((one: { field: string }) => one.field),
      ];
    };
    expect(await names()).not.toEqual(expect.arrayContaining(['creed']));
    await app.db.run(sql`update attribute set legal_basis = 'consent' where id = ${ids['creed']}`);
    await app.db.run(
      sql`insert into sensitive_field (workspace_id, field, legal_basis) values (${app.workspaceId}, 'religion', 'consent')`,
    );
    expect(await names()).toEqual(expect.arrayContaining(['creed', 'religion', 'plan']));
    expect(await count({ kind: 'attribute', field: 'religion', operator: 'unknown' })).toBe(3);
    expect(await count(custom('creed', 'text', { operator: 'unknown' }))).toBe(3);
    await app.db.run(sql`delete from sensitive_field`);
  });
});

test('the catalogue tells an editor what can be asked, without what is off', async () => {
  const { status, body } = await app.api('GET', '/v1/segment-fields', undefined, { 'accept-language': 'en-GB' });
  expect([status, body.language]).toEqual([200, 'en']);
  const fieldOf = (name: string) => body.fields.find((one: { field: string }) => one.field === name);
  expect(fieldOf('gender')).toEqual({
    field: 'gender',
    label: 'gender',
    type: 'choice',
    operators: ['is', 'is-not', 'in', 'not-in', 'known', 'unknown'],
    values: ['female', 'male', 'other'],
  });
  expect(fieldOf('birthDate').operators).toContain('in-next');
  expect(fieldOf('religion')).toBeUndefined();
  const kinds = body.kinds.map((one: { kind: string }) => one.kind);
  expect(kinds).toEqual(expect.arrayContaining(['attribute', 'custom-attribute', 'anniversary', 'consent', 'segment']));
  for (const { kind, schema, examples } of body.kinds)
    expect([kind, schema, examples.length > 0]).toEqual([kind, expect.stringMatching(/Rule$/), true]);
});

test('the language of a summary is the one asked for, else of the header, and one nobody knows is refused', async () => {
  const id = await save('Spoken', inCity('Baku'));
  expect((await app.api('GET', `/v1/segments/${id}?language=en`)).body.summary).toBe('Contacts who live in the city “Baku”.');
  expect((await app.api('GET', `/v1/segments/${id}?language=xx`)).status).toBe(422);
  const spoken = await app.api('GET', `/v1/segments/${id}`, undefined, { 'accept-language': 'q=;;,,*;q=x' });
  expect(spoken.body.summary).toBe('Contacts who live in the city “Baku”.');
});
