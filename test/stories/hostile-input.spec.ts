/**
 * Every route of the API is fed what it does not expect: wrong shapes, wrong types, SQL in every string, template injection,
 * oversized and broken bodies. The answer is a problem of the 4xx kind (or an honest success), never a 5xx.
 */
import { openApiDocument } from '../../src/platform/http/openapi.js';
import { startTestApp, type TestApp } from '../support/app.js';

jest.setTimeout(240_000);

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Schema = {
  $ref?: string;
  type?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  enum?: Json[];
  const?: Json;
  anyOf?: Schema[];
  oneOf?: Schema[];
  required?: string[];
};
type Operation = {
  parameters?: { name: string; in: string }[];
  requestBody?: { content?: Record<string, { schema: Schema }> };
};

let app: TestApp;
let operations: { method: string; path: string; operation: Operation }[];
let schemas: Record<string, Schema>;

beforeAll(async () => {
  app = await startTestApp();
  await makeOneOfEach();
  const document = openApiDocument(app.app);
  schemas = (document.components?.schemas ?? {}) as unknown as Record<string, Schema>;
  operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Operation>)
      .filter(([method]) => ['get', 'post', 'put', 'patch', 'delete'].includes(method))
      .map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
});
afterAll(() => app.stop());

/** So that id 1 names something on most routes. */
async function makeOneOfEach(): Promise<void> {
  const make = (path: string, body: object) => app.api('POST', `/v1${path}`, body);
  await make('/contacts', { externalId: 'one', firstName: 'One', phone: '+12125550101', email: 'one@example.com' });
  await make('/lists', { name: 'One' });
  await make('/segments', { name: 'One', rule: { version: 1, rule: { kind: 'all', rules: [] } } });
  await make('/templates', { name: 'One', channel: 'sms', body: 'Hi {{firstName}}' });
  const common = {
    channel: 'sms',
    class: 'marketing',
    topic: 'news',
    sender: { from: '+12125550100' },
    templateId: '1',
    includeSegmentIds: ['1'],
  };
  expect((await make('/campaigns', { name: 'One', ...common })).status).toBe(201);
}

const injections = [
  `'; drop table contact; --`,
  `" or 1=1 --`,
  '\u0000',
  '\ud800',
  '{{constructor.constructor "return process"}}',
  '{{{{raw}}}}',
  '${7*7}',
  '__proto__',
  '\r\nBcc: everyone@example.com',
  '%s%s%n',
  '🧨'.repeat(500),
  'x'.repeat(100_000),
];
const oddValues: Json[] = [
  null,
  true,
  -1,
  1e308,
  0.5,
  '',
  [],
  {},
  [[[[[]]]]],
  '99999999999999999999999',
  '2026-02-31',
  'NaN',
  ...injections,
];

/** A value of the schema's shape whose strings and ids are `odd`. */
function filled(schema: Schema | undefined, odd: Json, depth = 0): Json {
  if (!schema || depth > 6) return odd;
  if (schema.$ref) return filled(schemas[schema.$ref.split('/').at(-1) ?? ''], odd, depth + 1);
  const choice = schema.anyOf ?? schema.oneOf;
  if (choice) return filled(choice[0], odd, depth + 1);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0] ?? null;
  if (schema.properties)
    return Object.fromEntries(Object.entries(schema.properties).map(([name, inner]) => [name, filled(inner, odd, depth + 1)]));
  if (schema.type === 'array') return [filled(schema.items, odd, depth + 1)];
  return odd;
}

const bodySchema = (operation: Operation): Schema | undefined => operation.requestBody?.content?.['application/json']?.schema;
/** The API keys are left alone: the hand that revokes its own key learns nothing more. */
const pathWith = (path: string, value: string): string =>
  path.replaceAll(/\{\w+\}/g, path.includes('api-keys') && value === '1' ? '987654' : encodeURIComponent(value));

async function failures(
  calls: { method: string; path: string; body?: unknown; headers?: Record<string, string> }[],
): Promise<string[]> {
  const wrong: string[] = [];
  for (const { method, path, body, headers } of calls) {
    const answer = await app.api(method, path, body, headers);
    const isProblem = answer.headers.get('content-type')?.startsWith('application/problem+json') ?? false;
    if (answer.status === 401 && path.startsWith('/v1')) throw new Error(`${method} ${path}: the key no longer opens`);
    if (answer.status >= 500 || (answer.status >= 400 && !isProblem && path.startsWith('/v1')))
      wrong.push(
        `${method} ${path.slice(0, 120)} ${JSON.stringify(body)?.slice(0, 200)} → ${answer.status} ${answer.text.slice(0, 300)}`,
      );
  }
  return wrong;
}

test('wrong shapes of a whole body', async () => {
  const bodies = [
    'null',
    '[]',
    '"text"',
    '1',
    '{',
    '{"a":',
    '\ufeff{}',
    '[[[[[[[[]]]]]]]]',
    '{"__proto__":{"admin":true}}',
    `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  ];
  const calls = operations
    .filter(({ method }) => method !== 'GET')
    .flatMap(({ method, path }) =>
      bodies.map(body => ({ method, path: pathWith(path, '1'), body, headers: { 'content-type': 'application/json' } })),
    );
  expect(await failures(calls)).toEqual([]);
});

test('odd values in every field', async () => {
  const calls = operations
    .filter(({ operation }) => bodySchema(operation))
    .flatMap(({ method, path, operation }) =>
      oddValues.map(odd => ({ method, path: pathWith(path, '1'), body: filled(bodySchema(operation), odd) })),
    );
  expect(calls.length).toBeGreaterThan(200);
  expect(await failures(calls)).toEqual([]);
});

test('odd values in every path and query parameter', async () => {
  const odd = ['0', '-1', '1e3', '99999999999999999999', "1'; select pg_sleep(9); --", '%00', '../..', '١٢', 'x'.repeat(900)];
  const calls = operations.flatMap(({ method, path, operation }) => {
    const queries = (operation.parameters ?? []).filter(parameter => parameter.in === 'query').map(parameter => parameter.name);
    const inPath = path.includes('{')
      ? odd.map(value => ({ method, path: pathWith(path, value), body: method === 'GET' ? undefined : {} }))
      : [];
    const inQuery = queries.flatMap(name =>
      odd.map(value => ({
        method,
        path: `${pathWith(path, '1')}?${name}=${encodeURIComponent(value)}`,
        body: method === 'GET' ? undefined : {},
      })),
    );
    return [...inPath, ...inQuery];
  });
  expect(await failures(calls)).toEqual([]);
});

test('bodies that are too large, or of a type nobody reads', async () => {
  const huge = `{"name":"${'x'.repeat(3_000_000)}"}`;
  const calls = operations
    .filter(({ method }) => ['POST', 'PATCH', 'PUT'].includes(method))
    .flatMap(({ method, path }) => [
      { method, path: pathWith(path, '1'), body: huge, headers: { 'content-type': 'application/json' } },
      { method, path: pathWith(path, '1'), body: 'a: b', headers: { 'content-type': 'text/yaml' } },
      { method, path: pathWith(path, '1'), body: 'no parts', headers: { 'content-type': 'multipart/form-data; boundary=x' } },
    ]);
  expect(await failures(calls)).toEqual([]);
});

test('and after all that the house still stands', async () => {
  expect((await app.api('GET', '/v1/contacts')).status).toBe(200);
  expect((await fetch(`${app.url}/health/ready`)).status).toBe(200);
});
