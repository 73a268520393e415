/** Segments as a file: what one workspace exports another one reads, by names; what is missing there is told with its place. */
import type { WorkspaceId } from '../../src/domain/ids.js';
import { newKey } from '../../src/accounts/key-format.js';
import { AccountsService } from '../../src/accounts/accounts.service.js';
import { type Answer, call, startTestApp, type TestApp } from '../support/app.js';

let app: TestApp;
let otherKey: string;

beforeAll(async () => {
  app = await startTestApp({ environment: { ROLE: 'api' } });
  const accounts = app.get(AccountsService);
  const base = { defaultCountry: 'US', timeZone: 'UTC', locale: 'en', currency: 'USD', isSandboxOnly: false };
  const other = await accounts.getOrCreateWorkspace({ name: 'Other', ...base });
  otherKey = newKey();
  await accounts.ensureKey(other.id as WorkspaceId, 'other', otherKey);
});
afterAll(() => app.stop());

const elsewhere = (method: string, path: string, body?: unknown): Promise<Answer> => call(app.url, otherKey, method, path, body);
const document = (rule: unknown) => ({ version: 1, rule });
const file = (...segments: object[]) => ({ format: 'muster-segments', version: 1, segments });
const pointers = ({ body }: Answer) =>
  body.errors?.map((one: { pointer: string; message: string }) => [one.pointer, one.message]);

async function make(path: string, body: object): Promise<string> {
  const { status, body: made, text } = await app.api('POST', `/v1${path}`, body);
  if (status !== 201) throw new Error(text);
  return made.id as string;
}

test('segments go to another workspace with those they name, and mean the same there', async () => {
  const listId = await make('/lists', { name: 'VIP' });
  const tagId = await make('/tags', { name: 'dog owner' });
  const onList = {
    kind: 'none',
    rules: [
      { kind: 'list', listId, in: true },
      { kind: 'age', operator: 'is', value: 30 },
    ],
  };
  const inner = await make('/segments', { name: 'Inner', folder: 'F', description: 'D', rule: document(onList) });
  const tagged = {
    kind: 'all',
    rules: [
      { kind: 'segment', segmentId: inner, in: false },
      { kind: 'tag', tagId, has: true },
    ],
  };
  const outer = await make('/segments', { name: 'Outer', rule: document(tagged) });

  const exported = await app.api('GET', `/v1/segments/${outer}/export`);
  expect([exported.status, exported.body]).toEqual([
    200,
    file(
      {
        name: 'Inner',
        description: 'D',
        folder: 'F',
        rule: {
          kind: 'none',
          rules: [
            { kind: 'list', list: 'VIP', in: true },
            { kind: 'age', operator: 'is', value: 30 },
          ],
        },
      },
      {
        name: 'Outer',
        description: null,
        folder: null,
        rule: {
          kind: 'all',
          rules: [
            { kind: 'segment', segment: 'Inner', in: false },
            { kind: 'tag', tag: 'dog owner', has: true },
          ],
        },
      },
    ),
  ]);
  const both = await app.api('POST', '/v1/segments/export', { segmentIds: [outer, inner] });
  expect(both.body).toEqual(exported.body);

  const refused = await elsewhere('POST', '/v1/segments/import', { file: exported.body });
  expect([refused.status, pointers(refused)]).toEqual([
    422,
    [
      ['/file/segments/0/rule/rules/0/list', 'There is no list "VIP" here'],
      ['/file/segments/1/rule/rules/1/tag', 'There is no tag "dog owner" here'],
    ],
  ]);
  const dry = await elsewhere('POST', '/v1/segments/import', { file: exported.body, createMissing: true, dryRun: true });
  const created = { createdLists: ['VIP'], createdTags: ['dog owner'], problems: [] };
  expect([dry.status, dry.body]).toEqual([
    200,
    {
      dryRun: true,
      segments: [
        { name: 'Inner', action: 'created', id: null },
        { name: 'Outer', action: 'created', id: null },
      ],
      ...created,
    },
  ]);
  expect((await elsewhere('GET', '/v1/lists')).body.data).toEqual([]);
  expect((await elsewhere('GET', '/v1/segments')).body.data).toEqual([]);

  // The order of the file does not matter.
  const reversed = { ...exported.body, segments: [...exported.body.segments].reverse() };
  const imported = await elsewhere('POST', '/v1/segments/import', { file: reversed, createMissing: true });
  expect([imported.status, imported.body]).toMatchObject([200, { dryRun: false, ...created }]);
  const [there] = imported.body.segments;
  expect((await elsewhere('GET', `/v1/segments/${there.id}/export`)).body).toEqual(exported.body);
});

describe('a name that is taken', () => {
  const one = (city: string) => file({ name: 'Taken', rule: { kind: 'place', city: [city] } });

  test('is refused, numbered or replaced as asked', async () => {
    const first = await app.api('POST', '/v1/segments/import', { file: one('Baku') });
    const id = first.body.segments[0].id as string;
    const refused = await app.api('POST', '/v1/segments/import', { file: one('Ganja') });
    expect([refused.status, pointers(refused)]).toEqual([422, [['/file/segments/0/name', 'There is a segment "Taken" already']]]);
    const renamed = await app.api('POST', '/v1/segments/import', { file: one('Ganja'), onTaken: 'rename' });
    expect(renamed.body.segments).toMatchObject([{ name: 'Taken (2)', action: 'created' }]);
    const replaced = await app.api('POST', '/v1/segments/import', { file: one('Sheki'), onTaken: 'replace' });
    expect(replaced.body.segments).toEqual([{ name: 'Taken', action: 'replaced', id }]);
    expect((await app.api('GET', `/v1/segments/${id}`)).body).toMatchObject({
      version: 2,
      rule: document({ kind: 'place', city: ['Sheki'] }),
    });
  });
});

test.each<[string, object[], string, RegExp]>([
  ['a rule that is none', [{ name: 'a', rule: { kind: 'sql' } }], '/file/segments/0/rule/kind', /Not a kind/],
  [
    'an id for a name',
    [{ name: 'a', rule: { kind: 'list', listId: '1', list: 'x', in: true } }],
    '/file/segments/0/rule/list',
    /no list/,
  ],
  [
    'a name that is no text',
    [{ name: 'a', rule: { kind: 'tag', tag: { $ne: 1 }, has: true } }],
    '/file/segments/0/rule/tag',
    /name of the tag/,
  ],
  [
    'a name with NUL',
    [{ name: 'a', rule: { kind: 'tag', tag: 'a\0', has: true } }],
    '/file/segments/0/rule/tag',
    /name of the tag/,
  ],
  ['no name', [{ name: 'a', rule: { kind: 'tag', has: true } }], '/file/segments/0/rule/tag', /./],
  [
    'an unknown attribute',
    [{ name: 'a', rule: { kind: 'custom-attribute', attribute: 'plan', type: 'text', operator: 'known' } }],
    '/file/segments/0/rule/attribute',
    /no attribute "plan"/,
  ],
  [
    'the same name twice',
    [
      { name: 'a', rule: { kind: 'all', rules: [] } },
      { name: 'a', rule: { kind: 'all', rules: [] } },
    ],
    '/file/segments/1/name',
    /twice/,
  ],
  [
    'a segment that names itself',
    [{ name: 'a', rule: { kind: 'segment', segment: 'a', in: true } }],
    '/file/segments/0/rule',
    /circle/,
  ],
  [
    'a circle',
    [
      { name: 'a', rule: { kind: 'all', rules: [{ kind: 'segment', segment: 'b', in: true }] } },
      { name: 'b', rule: { kind: 'segment', segment: 'a', in: true } },
    ],
    '/file/segments/0/rule',
    /circle: "a" → "b" → "a"/,
  ],
  ['a NUL in a value', [{ name: 'a', rule: { kind: 'place', city: ['a\0'] } }], '/file/segments/0/rule/city/0', /NUL/],
])('%s in a file is refused with its place, and in a dry run told', async (_name, segments, pointer, message) => {
  const answer = await app.api('POST', '/v1/segments/import', { file: file(...segments) });
  expect([answer.status, pointers(answer)?.[0]]).toEqual([422, [pointer, expect.stringMatching(message)]]);
  const dry = await app.api('POST', '/v1/segments/import', { file: file(...segments), dryRun: true });
  expect([dry.status, dry.body.problems[0]?.pointer]).toEqual([200, pointer]);
});

test('a file of another format, too deep, or without segments is refused', async () => {
  const deep = (levels: number): unknown => (levels === 0 ? {} : { kind: 'all', rules: [deep(levels - 1)] });
  for (const body of [
    { file: { ...file({ name: 'a', rule: {} }), format: 'other' } },
    { file: file() },
    { file: file({ name: 'a', rule: deep(50) }) },
    { file: file({ name: 'a', rule: 5 }) },
  ])
    expect((await app.api('POST', '/v1/segments/import', body)).status).toBe(422);
});
