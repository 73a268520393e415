/** Who may call what: every route of the document, and every handler of every controller, is behind a key with its scope, or on the list of open ones. */
import { scopeNames } from '../../src/contract/accounts.js';
import { newKey } from '../../src/accounts/key-format.js';
import { allows, type Scope } from '../../src/accounts/scopes.js';
import { call, startTestApp, type TestApp } from '../support/app.js';
import { documentedRoutes, type Handler, handlers, type Route } from '../support/routes.js';

jest.setTimeout(120_000);

/** Open to everybody: what they do is guarded by a signed token, and by the provider's signature where they change the ledger. */
const openHandlers = [
  'GET /u/{token}',
  'POST /u/{token}',
  'POST /webhooks/twilio/receipt/{token}',
  'POST /webhooks/twilio/inbound/{token}',
];
const openPages = ['/health/live', '/health/ready', '/metrics', '/docs', '/docs/openapi.json', '/docs/openapi.yaml'];

let app: TestApp;
let routes: Route[];
let byOperation: Map<string, Handler>;

beforeAll(async () => {
  app = await startTestApp();
  ({ routes } = documentedRoutes(app));
  byOperation = new Map(handlers(app).map(handler => [handler.operationId, handler]));
});
afterAll(() => app.stop());

const pathOf = ({ path }: Route) => path.replace('{locale}', 'fi').replaceAll(/\{\w+\}/g, '987654');
const refusalsOf = async (key: string, asked: readonly Route[], wanted: number): Promise<string[]> => {
  const wrong: string[] = [];
  for (const route of asked) {
    const answer = await call(app.url, key, route.method, pathOf(route), route.body ? {} : undefined);
    if (answer.status !== wanted) wrong.push(`${route.name} → ${answer.status}`);
  }
  return wrong;
};
const scopeOf = (route: Route): Scope => byOperation.get(route.operationId)?.scope as Scope;

test('every documented route is a handler with a scope, and every undocumented one is on the list of open ones', () => {
  expect(routes.length).toBeGreaterThan(60);
  expect(routes.filter(route => !scopeOf(route)).map(route => route.name)).toEqual([]);
  const documented = new Set(routes.map(route => route.operationId));
  const open = [...byOperation.values()].filter(handler => !documented.has(handler.operationId));
  expect(open.map(({ name }) => name).sort()).toEqual([...openHandlers].sort());
  expect(open.every(handler => handler.isPublic)).toBe(true);
  expect([...byOperation.values()].filter(({ isPublic }) => isPublic)).toHaveLength(openHandlers.length);
});

test('a route that only reads needs a scope to read, one that writes a scope to write', () => {
  // These take a body and change nothing.
  const asking = /\/(preview|plan|exports|export|lint|suggest|merge-fields)$/;
  const wrong = routes.filter(route => {
    const isReading = route.method === 'GET' || asking.test(route.path);
    return scopeOf(route) !== 'admin' && scopeOf(route).endsWith(':read') !== isReading;
  });
  expect(wrong.map(route => `${route.name} ${scopeOf(route)}`)).toEqual([]);
});

test.each([
  ['no key', ''],
  ['a key cut short', newKey().slice(0, -3)],
  ['a well-formed key that nobody has', newKey()],
  ['words in place of a key', "' or 1=1 --"],
  ['a very long key', `mk_${'x'.repeat(6_000)}`],
])('with %s every route says 401', async (_what, key) => {
  expect(await refusalsOf(key, routes, 401)).toEqual([]);
});

test.each([...scopeNames])('a key with the scope %s opens the routes of that scope and no other', async scope => {
  const made = await app.api('POST', '/v1/api-keys', { name: scope, scopes: [scope] });
  const key = made.body.key as string;
  const closed = routes.filter(route => !allows([scope], scopeOf(route)));
  if (scope !== 'admin') expect(closed.length).toBeGreaterThan(40);
  expect(await refusalsOf(key, closed, 403)).toEqual([]);
  const opened = routes.filter(route => allows([scope], scopeOf(route)) && route.method === 'GET');
  for (const route of opened) expect([200, 404]).toContain((await call(app.url, key, 'GET', pathOf(route))).status);
});

test('a revoked key opens nothing', async () => {
  const { body } = await app.api('POST', '/v1/api-keys', { name: 'gone', scopes: ['admin'] });
  expect((await call(app.url, body.key, 'GET', '/v1/contacts')).status).toBe(200);
  expect((await app.api('DELETE', `/v1/api-keys/${body.id}`)).status).toBeLessThan(300);
  expect(await refusalsOf(body.key, routes, 401)).toEqual([]);
});

test('only what is listed answers without a key', async () => {
  for (const page of openPages) expect([page, (await fetch(app.url + page)).status]).toEqual([page, 200]);
  for (const path of [
    '/',
    '/v1',
    '/v1/',
    '/admin',
    '/.env',
    '/.git/config',
    '/v1/contacts/..%2f..%2fhealth',
    '//v1/contacts',
    '/V1/contacts',
  ])
    expect([401, 404]).toContain((await fetch(app.url + path)).status);
});

test('HEAD and OPTIONS give away no more than GET does', async () => {
  for (const route of routes.filter(({ method }) => method === 'GET'))
    expect([route.name, (await fetch(app.url + pathOf(route), { method: 'HEAD' })).status]).toEqual([route.name, 401]);
  const asked = await fetch(`${app.url}/v1/contacts`, { method: 'OPTIONS', headers: { origin: 'https://evil.example' } });
  expect(asked.headers.get('access-control-allow-origin')).toBeNull();
});

test('a key that may not read contacts sees none of them through previews and test sends', async () => {
  const contact = await app.api('POST', '/v1/contacts', { firstName: 'Wilhelmina', phone: '+12125550151' });
  const contactId = contact.body.id as string;
  const template = await app.api('POST', '/v1/templates', { name: 'Peek', channel: 'sms', body: '{{firstName}} {{phone}}' });
  const rule = { version: 1, rule: { kind: 'all', rules: [] } };
  const segment = await app.api('POST', '/v1/segments', { name: 'Peek', rule });
  const common = { class: 'marketing', topic: 'news', sender: { from: '+12025550100' } };
  const naming = { templateId: template.body.id, includeSegmentIds: [segment.body.id] };
  const campaign = await app.api('POST', '/v1/campaigns', { name: 'Peek', channel: 'sms', ...common, ...naming });
  const scopes = scopeNames.filter(scope => !scope.startsWith('contacts:') && scope !== 'admin');
  const { body } = await app.api('POST', '/v1/api-keys', { name: 'curious', scopes });
  const ask = (path: string, sent: object) => call(app.url, body.key, 'POST', `/v1${path}`, sent);

  const refused = [
    await ask('/templates/preview', { channel: 'sms', body: '{{firstName}}', contactId }),
    await ask(`/templates/${template.body.id}/preview`, { contactId }),
    await ask(`/campaigns/${campaign.body.id}/test`, { to: ['+12125550152'], contactId }),
  ];
  for (const answer of refused) {
    expect(answer.status).toBe(403);
    expect(answer.body.errors).toEqual([{ pointer: '/contactId', message: 'Needs the scope contacts:read' }]);
  }
  const preview = await ask('/segments/preview', { rule });
  expect(preview.body).toMatchObject({ count: 1, sample: [] });
  expect((await ask(`/templates/${template.body.id}/preview`, { values: { firstName: 'Ann' } })).status).toBe(200);
});
