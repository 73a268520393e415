/**
 * Two shops on one server. One has something of everything; the other walks every route of the document with its own key and
 * the first one's ids. It sees nothing, changes nothing, and can name nothing of the first one's in a body.
 */
import { newKey } from '../../src/accounts/key-format.js';
import { AccountsService } from '../../src/accounts/accounts.service.js';
import type { WorkspaceId } from '../../src/domain/ids.js';
import { identifier, type Sql, sql } from '../../src/domain/sql.js';
import { type Answer, call, startTestApp, type TestApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { formOf, uploadAndMerge } from '../support/imports.js';
import { documentedRoutes, fieldsOf, type Route, type Schema } from '../support/routes.js';

jest.setTimeout(180_000);

/** In every text of the first shop, so that a leak shows in any answer. */
const mark = 'alpaca';
const phone = '+12125550142';
const email = `${mark}@example.com`;

let app: TestApp;
let strangerKey: string;
let routes: Route[];
let schemas: Record<string, Schema>;
/** Ids of the first shop by the resource of the path: /v1/contacts/{id} → contacts. */
let ids: Record<string, string>;
/** The stranger's own things, for bodies that need something of theirs to be valid. */
let own: Record<string, string>;

const stranger = (method: string, path: string, body?: unknown): Promise<Answer> =>
  call(app.url, strangerKey, method, path, body);
const made = ({ status, text, body }: Answer): string => {
  if (status !== 200 && status !== 201 && status !== 202) throw new Error(`not made: ${status} ${text}`);
  return String(body.id);
};

beforeAll(async () => {
  app = await startTestApp({ workspace: { name: `The ${mark} shop` } });
  const accounts = app.get(AccountsService);
  const base = { defaultCountry: 'US', timeZone: 'UTC', locale: 'en', currency: 'USD', isSandboxOnly: false };
  const other = await accounts.getOrCreateWorkspace({ name: 'Stranger', ...base });
  strangerKey = newKey();
  await accounts.ensureKey(other.id as WorkspaceId, 'stranger', strangerKey);
  ids = await makeEverything((method, path, body) => app.api(method, path, body), mark, phone, email);
  ids['imports'] = await importSomething();
  own = await makeEverything(stranger, 'own', '+12125550143', 'own@example.com', false);
  ({ routes, schemas } = documentedRoutes(app));
});
afterAll(() => app.stop());

type Api = (method: string, path: string, body?: unknown) => Promise<Answer>;

async function makeEverything(
  api: Api,
  name: string,
  phone: string,
  email: string,
  isSent = true,
): Promise<Record<string, string>> {
  const make = async (path: string, body: object) => made(await api('POST', `/v1${path}`, body));
  const consent = [{ channel: 'sms', topic: 'news', state: 'granted', source: name }];
  const contacts = await make('/contacts', {
    externalId: name,
    firstName: name,
    phone,
    email,
    consent,
    attributes: { note: name },
  });
  await api('POST', `/v1/contacts/${contacts}/events`, { events: [{ name: `${name} viewed`, properties: { name } }] });
  const notes = await make(`/contacts/${contacts}/notes`, { text: name });
  const lists = await make('/lists', { name });
  const tags = await make('/tags', { name });
  for (const group of [`lists/${lists}`, `tags/${tags}`]) await api('POST', `/v1/${group}/members`, { contactIds: [contacts] });
  const importMappings = await make('/import-mappings', { name, kind: 'contacts', mapping: { [name]: 'firstName' } });
  const attributes = await make('/attributes', { key: 'size', label: name, type: 'text' });
  const segments = await make('/segments', { name, rule: onList(lists) });
  const bulkEdits = made(await api('POST', '/v1/bulk-edits', { rule: onList(lists), addTags: [name] }));
  const templates = await make('/templates', { name, channel: 'sms', body: `${name} {{firstName}}` });
  await api('PUT', `/v1/templates/${templates}/locales/fi`, { channel: 'sms', body: `${name} Hei` });
  const partials = await make('/partials', { name, text: name });
  const twilio = { accountSid: `AC${'0'.repeat(32)}`, baseUrl: 'http://127.0.0.1:9' };
  const gateways = await make('/gateways', { kind: 'twilio', name, settings: twilio, secrets: { authToken: `${name}-secret` } });
  const campaigns = await make('/campaigns', campaign(name, templates, segments));
  const keys = await make('/api-keys', { name, scopes: ['contacts:read'] });
  await api('POST', '/v1/suppressions', { channel: 'email', address: email, details: { name } });
  const all = {
    contacts,
    attributes,
    notes,
    lists,
    tags,
    segments,
    templates,
    partials,
    gateways,
    campaigns,
    'api-keys': keys,
    'bulk-edits': bulkEdits,
    'import-mappings': importMappings,
  };
  if (!isSent) return all;
  await api('POST', `/v1/campaigns/${campaigns}/launch`, {});
  await eventually(async () => (await api('GET', `/v1/campaigns/${campaigns}`)).body.state === 'done');
  const { body } = await eventually(async () => {
    const found = await api('GET', '/v1/sandbox/messages');
    return found.body.data[0]?.receipt === 'sent' && found;
  });
  return { ...all, sandbox: body.data[0].id };
}

const onList = (listId: string) => ({ version: 1, rule: { kind: 'list', listId, in: true } });
const onTag = (tagId: string) => ({ version: 1, rule: { kind: 'tag', tagId, has: true } });
const inSegment = (segmentId: string) => ({ version: 1, rule: { kind: 'segment', segmentId, in: true } });
const campaign = (name: string, templateId: string, segmentId: string) => ({
  name,
  channel: 'sms',
  class: 'marketing',
  topic: 'news',
  sender: { from: '+12125550100' },
  templateId,
  includeSegmentIds: [segmentId],
});

async function importSomething(): Promise<string> {
  const csv = `external_id,first_name,email\n${mark}2,${mark},${mark}2@example.com\n${mark}3,${mark},no address\n`;
  const done = await uploadAndMerge(app, csv, { kind: 'contacts', fileName: `${mark}.csv` });
  expect(done).toMatchObject({ state: 'done', rowsRejected: 1 });
  return done.id;
}

/** Bodies that would be taken if the id in the path were one's own. A route that is not here is called with {}. */
const validBodies: Record<string, () => unknown> = {
  'PATCH /v1/contacts/{id}': () => ({ firstName: 'Stolen' }),
  'POST /v1/contacts/{id}/consents': () => ({ channel: 'sms', topic: 'news', state: 'withdrawn', source: 'theft' }),
  'POST /v1/contacts/{id}/events': () => ({ events: [{ name: 'Stolen' }] }),
  'POST /v1/contacts/{id}/notes': () => ({ text: 'Stolen' }),
  'PATCH /v1/contacts/{id}/notes/{noteId}': () => ({ text: 'Stolen' }),
  'PATCH /v1/import-mappings/{id}': () => ({ name: 'Stolen' }),
  'PATCH /v1/lists/{id}': () => ({ name: 'Stolen' }),
  'PATCH /v1/tags/{id}': () => ({ name: 'Stolen' }),
  'POST /v1/lists/{id}/members': () => ({ contactIds: [own['contacts']] }),
  'POST /v1/tags/{id}/members': () => ({ contactIds: [own['contacts']] }),
  'DELETE /v1/lists/{id}/members': () => ({ contactIds: [ids['contacts']] }),
  'DELETE /v1/tags/{id}/members': () => ({ contactIds: [ids['contacts']] }),
  'PATCH /v1/segments/{id}': () => ({ name: 'Stolen' }),
  'PATCH /v1/templates/{id}': () => ({ name: 'Stolen', body: 'Stolen' }),
  'POST /v1/templates/{id}/merge-fields': () => ({ segmentId: own['segments'] }),
  'PUT /v1/templates/{id}/locales/{locale}': () => ({ channel: 'sms', body: 'Stolen' }),
  'PATCH /v1/partials/{id}': () => ({ text: 'Stolen' }),
  'PATCH /v1/gateways/{id}': () => ({ name: 'Stolen', settings: { baseUrl: 'http://127.0.0.1:10' } }),
  'PATCH /v1/campaigns/{id}': () => ({ name: 'Stolen' }),
  'POST /v1/campaigns/{id}/test': () => ({ to: ['+12125550199'] }),
};

/** Every row of the first shop, table by table, as a hash. The key's last use is the test's own doing. */
async function everythingOfTheFirst(): Promise<Record<string, string>> {
  const tables = await app.db.rows<{ name: string }>(sql`select c.table_name as name from information_schema.columns c
    join pg_class p on p.relname = c.table_name and p.relkind in ('r', 'p') and not p.relispartition
    where c.table_schema = 'public' and c.column_name = 'workspace_id' order by 1`);
  const hashes: Record<string, string> = {};
  for (const { name } of tables) {
    const row = name === 'api_key' ? sql`(to_jsonb(t) - 'last_used_at')::text` : sql`t::text`;
    const found = await app.db.row<{ hash: string }>(hashOf(identifier(name), row));
    hashes[name] = found?.hash ?? '';
  }
  return hashes;
}

const hashOf = (table: Sql, row: Sql): Sql =>
  sql`select count(*) || ' ' || coalesce(md5(string_agg(${row}, ',' order by ${row})), '') as hash from ${table} t where workspace_id = ${app.workspaceId}`;

function pathWithTheirIds({ path }: Route): string {
  const resource = path.split('/')[2] ?? '';
  const inner: Record<string, string | undefined> = { contactId: ids['contacts'], noteId: ids['notes'], locale: 'fi' };
  const filled = path.replace(/\{(contactId|noteId|locale)\}/, (_hole, name: string) => inner[name] ?? '');
  return filled.replace('{id}', () => {
    const id = ids[resource];
    if (!id) throw new Error(`${path}: teach this test to make a thing of the kind "${resource}"`);
    return id;
  });
}

test('every table that holds something of a shop is watched, and the first shop has rows in most of them', async () => {
  const rows = Object.entries(await everythingOfTheFirst()).filter(([, hash]) => !hash.startsWith('0 '));
  const filled = rows.map(([table]) => table);
  for (const table of [
    'contact',
    'reach',
    'consent',
    'list_member',
    'contact_tag',
    'segment',
    'template_version',
    'gateway',
    'campaign',
    'import',
  ])
    expect(filled).toContain(table);
  for (const table of [
    'dispatch',
    'message',
    'tally',
    'sandbox_message',
    'gateway_callback',
    'suppression',
    'contact_event',
    'audit_entry',
  ])
    expect(filled).toContain(table);
});

test('every route with an id says 404 to a stranger, tells nothing, and changes nothing', async () => {
  const before = await everythingOfTheFirst();
  const withId = routes.filter(({ path }) => path.includes('{id}'));
  expect(withId.length).toBeGreaterThan(40);
  const wrong: string[] = [];
  for (const route of withId) {
    const body = route.method === 'GET' ? undefined : (validBodies[route.name]?.() ?? (route.body ? {} : undefined));
    const answer = await stranger(route.method, pathWithTheirIds(route), body);
    if (answer.status !== 404 || answer.text.includes(mark))
      wrong.push(`${route.name} → ${answer.status} ${answer.text.slice(0, 300)}`);
  }
  expect(wrong).toEqual([]);
  expect(await everythingOfTheFirst()).toEqual(before);
});

test('every list, and every filter of it, holds nothing of the first shop', async () => {
  const before = await everythingOfTheFirst();
  const texts = [mark, phone, email, ids['contacts'] ?? '', 'sms', 'email', 'done', 'true'];
  const lists = routes.filter(({ method, path }) => method === 'GET' && !path.includes('{id}'));
  const leaks: string[] = [];
  for (const { path, queries } of lists) {
    const filters = queries.flatMap(name => texts.map(text => `?${name}=${encodeURIComponent(text)}`));
    for (const filter of ['', ...filters, ...(queries.includes('address') ? [`?channel=email&address=${email}`] : [])]) {
      const answer = await stranger('GET', path + filter);
      // A problem may repeat what was asked for.
      if (answer.status < 300 && [mark, phone].some(text => answer.text.includes(text)))
        leaks.push(`${path}${filter}: ${answer.text.slice(0, 300)}`);
    }
  }
  expect(leaks).toEqual([]);
  expect(await everythingOfTheFirst()).toEqual(before);
});

test('what a stranger exports and previews is theirs alone', async () => {
  const everyone = { rule: { version: 1, rule: { kind: 'all', rules: [] } } };
  const exported = await stranger('POST', '/v1/exports', everyone);
  expect(exported.text).toContain('own@example.com');
  expect(exported.text).not.toContain(mark);
  expect((await stranger('POST', '/v1/segments/preview', everyone)).body).toMatchObject({
    count: 1,
    sample: [{ id: own['contacts'] }],
  });
});

test('a cursor of the first shop leads a stranger nowhere but through their own things', async () => {
  const { body } = await app.api('GET', '/v1/contacts?limit=1');
  expect(body.next).toEqual(expect.any(String));
  const answer = await stranger('GET', `/v1/contacts?after=${body.next}`);
  expect(answer.status).toBe(200);
  expect(answer.text).not.toContain(mark);
});

test('the stranger may use the same names, addresses and external ids, and gets rows of their own', async () => {
  const before = await everythingOfTheFirst();
  const contact = await stranger('POST', '/v1/contacts', { externalId: mark, phone, email });
  expect(contact.body).toMatchObject({ outcome: 'created', firstName: null, consent: [], lists: [], tags: [] });
  // The first shop's suppression of the address is theirs.
  expect(contact.body.reach.map((reach: { isSuppressed: boolean }) => reach.isSuppressed)).toEqual([false, false]);
  expect((await stranger('DELETE', `/v1/suppressions?channel=email&address=${email}`)).status).toBe(404);
  expect((await stranger('POST', '/v1/lists', { name: mark })).status).toBe(201);
  expect((await stranger('POST', '/v1/sandbox/replies', { from: phone, to: '+12125550100', body: 'STOP' })).status).toBeLessThan(
    300,
  );
  const form = formOf(`external_id,first_name,phone\n${mark},Thief,${phone}\n`, { kind: 'contacts' });
  expect((await stranger('POST', '/v1/imports', form)).status).toBe(202);
  await eventually(async () =>
    (await stranger('GET', '/v1/imports')).body.data.every((one: { state: string }) => one.state === 'done'),
  );
  await app.sweep();
  expect(await everythingOfTheFirst()).toEqual(before);
});

describe('in a body', () => {
  type Case = { field: string; send: () => Promise<Answer>; pointer: string | null };
  const post = (path: string, body: unknown) => stranger('POST', `/v1${path}`, body);
  const mine = (change: object) => ({ ...campaign('Heist', own['templates'] ?? '', own['segments'] ?? ''), ...change });
  const theirs = (kind: string) => ids[kind] ?? '';
  const patch = (change: object) => stranger('PATCH', `/v1/campaigns/${own['campaigns']}`, change);

  const theirVariants = () => [
    { name: 'A', templateId: theirs('templates') },
    { name: 'B', templateId: own['templates'] },
  ];

  /** `pointer` null: the thing itself is not found. */
  const cases: Case[] = [
    {
      field: 'POST /v1/campaigns /templateId',
      send: () => post('/campaigns', mine({ templateId: theirs('templates') })),
      pointer: '/templateId',
    },
    {
      field: 'POST /v1/campaigns /gatewayId',
      send: () => post('/campaigns', mine({ gatewayId: theirs('gateways') })),
      pointer: '/gatewayId',
    },
    {
      field: 'POST /v1/campaigns /includeSegmentIds',
      send: () => post('/campaigns', mine({ includeSegmentIds: [own['segments'], theirs('segments')] })),
      pointer: '/includeSegmentIds/1',
    },
    {
      field: 'POST /v1/campaigns /excludeSegmentIds',
      send: () => post('/campaigns', mine({ excludeSegmentIds: [theirs('segments')] })),
      pointer: '/excludeSegmentIds/0',
    },
    {
      field: 'POST /v1/import-mappings /importId',
      send: () => post('/import-mappings', { name: 'Heist', importId: theirs('imports') }),
      pointer: '/importId',
    },
    {
      field: 'POST /v1/imports /mappingId',
      send: () =>
        stranger(
          'POST',
          '/v1/imports',
          formOf('email\nown@example.com\n', { kind: 'contacts', mappingId: theirs('import-mappings') }),
        ),
      pointer: '/mappingId',
    },
    {
      field: 'PATCH /v1/campaigns/{id} /templateId',
      send: () => patch({ templateId: theirs('templates') }),
      pointer: '/templateId',
    },
    { field: 'PATCH /v1/campaigns/{id} /gatewayId', send: () => patch({ gatewayId: theirs('gateways') }), pointer: '/gatewayId' },
    {
      field: 'PATCH /v1/campaigns/{id} /includeSegmentIds',
      send: () => patch({ includeSegmentIds: [theirs('segments')] }),
      pointer: '/includeSegmentIds/0',
    },
    {
      field: 'PATCH /v1/campaigns/{id} /excludeSegmentIds',
      send: () => patch({ excludeSegmentIds: [theirs('segments')] }),
      pointer: '/excludeSegmentIds/0',
    },
    {
      field: 'POST /v1/campaigns/{id}/test /contactId',
      send: () => post(`/campaigns/${own['campaigns']}/test`, { to: ['+12125550199'], contactId: theirs('contacts') }),
      pointer: '/contactId',
    },
    {
      field: 'POST /v1/templates/preview /contactId',
      send: () => post('/templates/preview', { channel: 'sms', body: '{{firstName}}', contactId: theirs('contacts') }),
      pointer: '/contactId',
    },
    {
      field: 'POST /v1/templates/{id}/preview /contactId',
      send: () => post(`/templates/${own['templates']}/preview`, { contactId: theirs('contacts') }),
      pointer: '/contactId',
    },
    ...['lists', 'tags'].flatMap((kind): Case[] => [
      {
        field: `POST /v1/${kind}/{id}/members /contactIds`,
        send: () => post(`/${kind}/${own[kind]}/members`, { contactIds: [own['contacts'], theirs('contacts')] }),
        pointer: '/contactIds/1',
      },
    ]),
    {
      field: 'POST /v1/segments/preview /segmentId',
      send: () => post('/segments/preview', { segmentId: theirs('segments') }),
      pointer: null,
    },
    {
      field: 'POST /v1/templates/{id}/merge-fields /segmentId',
      send: () => post(`/templates/${own['templates']}/merge-fields`, { segmentId: theirs('segments') }),
      pointer: null,
    },
    { field: 'POST /v1/exports /segmentId', send: () => post('/exports', { segmentId: theirs('segments') }), pointer: null },
    {
      field: 'POST /v1/campaigns /variants/0/templateId',
      send: () => post('/campaigns', mine({ templateId: undefined, variants: theirVariants() })),
      pointer: '/variants/0/templateId',
    },
    {
      field: 'PATCH /v1/campaigns/{id} /variants/0/templateId',
      send: () => patch({ variants: theirVariants() }),
      pointer: '/variants/0/templateId',
    },
    {
      field: 'POST /v1/campaigns/{id}/preview /contactId',
      send: () => post(`/campaigns/${own['campaigns']}/preview`, { contactId: theirs('contacts') }),
      pointer: '/contactId',
    },
    ...['/bulk-edits', '/bulk-edits/plan'].map((path): Case => ({
      field: `POST /v1${path} /segmentId`,
      send: () => post(path, { segmentId: theirs('segments'), addTags: ['theft'] }),
      pointer: null,
    })),
    {
      field: 'POST /v1/sandbox/replies /messageId',
      send: () => post('/sandbox/replies', { messageId: theirs('sandbox'), body: 'STOP' }),
      pointer: null,
    },
    {
      field: 'POST /v1/segments/export /segmentIds',
      send: () => post('/segments/export', { segmentIds: [theirs('segments')] }),
      pointer: '/segmentIds/0',
    },
    ...(['lists', 'tags', 'segments'] as const).flatMap((kind): Case[] => {
      const rule = () => ({ lists: onList, tags: onTag, segments: inSegment })[kind](theirs(kind));
      const pointer = { lists: '/rule/rule/listId', tags: '/rule/rule/tagId', segments: '/rule/rule/segmentId' }[kind];
      return [
        { field: `POST /v1/segments ${pointer}`, send: () => post('/segments', { name: 'Heist', rule: rule() }), pointer },
        { field: `POST /v1/segments/preview ${pointer}`, send: () => post('/segments/preview', { rule: rule() }), pointer },
        {
          field: `POST /v1/templates/{id}/merge-fields ${pointer}`,
          send: () => post(`/templates/${own['templates']}/merge-fields`, { rule: rule() }),
          pointer,
        },
        { field: `POST /v1/exports ${pointer}`, send: () => post('/exports', { rule: rule() }), pointer },
        ...['/bulk-edits', '/bulk-edits/plan'].map((path): Case => ({
          field: `POST /v1${path} ${pointer}`,
          send: () => post(path, { rule: rule(), addTags: ['theft'] }),
          pointer,
        })),
        {
          field: `PATCH /v1/segments/{id} ${pointer}`,
          send: () => stranger('PATCH', `/v1/segments/${own['segments']}`, { rule: rule() }),
          pointer,
        },
      ];
    }),
  ];

  test.each(cases)('$field refuses what belongs to the first shop', async ({ send, pointer }) => {
    const answer = await send();
    expect(answer.text).not.toContain(mark);
    if (pointer === null) return expect(answer.status).toBe(404);
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((one: { pointer: string }) => one.pointer)).toContain(pointer);
  });

  /** Ids of the caller's own making, which name nothing of ours. */
  const ownWords = /\/(externalId|anonymousId|messageId)$/;
  /** Taking out somebody who is not in is the same as having taken them out: nothing happens. */
  const harmless = ['DELETE /v1/lists/{id}/members /contactIds', 'DELETE /v1/tags/{id}/members /contactIds'];

  test('no field that names a thing by its id is left out above', () => {
    const known = new Set([...cases.map(one => one.field), ...harmless]);
    const fields = routes.flatMap(({ name, body }) =>
      [...new Set(fieldsOf(body, schemas))]
        .filter(pointer => /Ids?$/.test(pointer) && (!ownWords.test(pointer) || name.includes('sandbox')))
        .map(pointer => `${name} ${pointer}`),
    );
    expect(fields.length).toBeGreaterThan(10);
    expect(fields.filter(field => !known.has(field))).toEqual([]);
  });

  test('taking the first shop’s contact out of one’s own list does nothing', async () => {
    const before = await everythingOfTheFirst();
    const answer = await stranger('DELETE', `/v1/lists/${own['lists']}/members`, { contactIds: [theirs('contacts')] });
    expect([answer.status, answer.body]).toEqual([200, { changed: 0 }]);
    expect(await everythingOfTheFirst()).toEqual(before);
  });
});
