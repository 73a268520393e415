/** What one careless partner may take from the others: previews by the hundred, templates made to be slow, uploads that never end. */
import { request } from 'node:http';
import pg from 'pg';
import { type Answer, startTestApp, type TestApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { upload } from '../support/imports.js';

jest.setTimeout(120_000);

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  await app.api('POST', '/v1/contacts', { phone: '+12125550190', firstName: 'Ann' });
});
afterAll(() => app.stop());

const everyone = { rule: { version: 1, rule: { kind: 'all', rules: [] } } };
const template = (html: string, values: object) =>
  app.api('POST', '/v1/templates/preview', { channel: 'email', subject: 'x', html, text: 'x', values });

/** Milliseconds until the process answers something that needs no database. */
async function pulse(): Promise<number> {
  const startedAt = performance.now();
  expect((await fetch(`${app.url}/health/live`)).status).toBe(200);
  return performance.now() - startedAt;
}

test('previews that hang leave connections for everybody else, and too many are told to come back', async () => {
  const blocker = new pg.Client({ connectionString: app.database.url });
  await blocker.connect();
  await blocker.query('begin; lock table reach in access exclusive mode');
  const refused: Answer[] = [];
  const previews = Array.from({ length: 70 }, async () => {
    const answer = await app.api('POST', '/v1/segments/preview', everyone);
    if (answer.status === 503) refused.push(answer);
    return answer;
  });
  await eventually(() => refused.length > 10);
  const meanwhile = [(await fetch(`${app.url}/health/ready`)).status, (await app.api('GET', '/v1/lists')).status];
  await blocker.end();
  expect(meanwhile).toEqual([200, 200]);
  const answers = await Promise.all(previews);
  expect(answers.filter(({ status }) => status === 200).length).toBe(70 - refused.length);
  expect(refused[0]?.headers.get('retry-after')).toBe('5');
  expect((await app.api('POST', '/v1/segments/preview', everyone)).status).toBe(200);
});

test.each([
  ['a long list in a thousand places', '{{attributes.a}}'.repeat(4_900), { attributes: { a: Array(100).fill('&'.repeat(500)) } }],
  [
    'loops in loops',
    '{{#each attributes.a}}{{#each ../attributes.a}}{{upper ../../firstName}}{{/each}}{{/each}}',
    { firstName: 'x'.repeat(2_000), attributes: { a: Array(100).fill('y') } },
  ],
  ['a thousand unknown fields', Array.from({ length: 4_900 }, (_, i) => `{{nope${i}}}`).join(''), {}],
  ['a thousand event handlers', '<b onx=1>'.repeat(20_000), {}],
  ['tags that never close', '<a '.repeat(60_000), {}],
  ['a title of a title', '<title>'.repeat(25_000), {}],
  ['quotes', `<a b="${`'`.repeat(180_000)}`, {}],
])('a template of %s is answered soon, and the process lives on meanwhile', async (_what, html, values) => {
  const startedAt = performance.now();
  const answer = template(html, values);
  await pulse();
  expect((await answer).status).toBeLessThan(500);
  expect(performance.now() - startedAt).toBeLessThan(10_000);
});

test('a search of wildcards finds what has them, not everybody', async () => {
  for (const search of ['%', '_', '%%%', '\\', '%nn', 'A%'])
    expect([search, (await app.api('GET', `/v1/contacts?search=${encodeURIComponent(search)}`)).body.data]).toEqual([search, []]);
  expect((await app.api('GET', '/v1/contacts?search=an')).body.data).toHaveLength(1);
  expect((await app.api('GET', `/v1/contacts?search=${encodeURIComponent('a '.repeat(99))}`)).status).toBe(200);
});

test('cursors that we never gave are a mistake of the caller, on every list', async () => {
  const key = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url');
  const cursors = [
    'x',
    key(null),
    key([]),
    key(['1e9']),
    key(['-1']),
    key(["1'; --"]),
    key([{}]),
    key(['9'.repeat(40)]),
    key([[1]]),
    key(['2026-13-45 00:00:00+00', 'sms', '0'.repeat(32)]),
  ];
  const lists = [
    'contacts',
    'lists',
    'tags',
    'segments',
    'templates',
    'campaigns',
    'imports',
    'suppressions',
    'audit',
    'sandbox/messages',
    'contacts/1/events',
    'contacts/1/consents',
  ];
  for (const list of lists)
    for (const cursor of cursors) {
      const { status } = await app.api('GET', `/v1/${list}?after=${cursor}`);
      expect([list, cursor, status === 422 || status === 404]).toEqual([list, cursor, true]);
    }
});

/** Opens an upload and sends no more than its beginning; `onRefused` when it is answered all the same. */
function stall(onRefused: () => void): { end(): void } {
  const headers = {
    authorization: `Bearer ${app.key}`,
    'content-type': 'multipart/form-data; boundary=x',
    'transfer-encoding': 'chunked',
  };
  const call = request(`${app.url}/v1/imports`, { method: 'POST', headers });
  call.on('error', () => undefined).on('response', onRefused);
  call.write(
    '--x\r\ncontent-disposition: form-data; name="kind"\r\n\r\ncontacts\r\n--x\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\nexternal_id\r\n1\r\n',
  );
  return { end: () => call.destroy() };
}

test('uploads that stand still take a share of the connections and no more', async () => {
  let refusals = 0;
  const stalled = Array.from({ length: 30 }, () => stall(() => refusals++));
  await eventually(() => refusals > 0);
  expect((await fetch(`${app.url}/health/ready`)).status).toBe(200);
  expect((await app.api('GET', '/v1/contacts')).status).toBe(200);
  const refused = await upload(app, 'external_id\n1\n', { kind: 'contacts' });
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
  for (const one of stalled) one.end();
});

test('rows made to fill the memory do not', async () => {
  const before = process.memoryUsage().rss;
  const wide = `external_id,${Array.from({ length: 100_000 }, (_, i) => `c${i}`).join(',')}\n1\n`;
  const files = [
    `external_id\n${'x'.repeat(100_000_000)}\n`,
    wide,
    `external_id\n"${'x\n'.repeat(20_000_000)}`,
    `external_id\n${'1,'.repeat(500_000)}\n`,
  ];
  for (const file of files) {
    // The places of the uploads that broke off become free in their own time.
    const answer = await eventually(async () => {
      const told = await upload(app, file, { kind: 'contacts' });
      return told.status !== 503 && told;
    });
    expect([202, 422]).toContain(answer.status);
  }
  // The files themselves are in this process too.
  expect(process.memoryUsage().rss - before).toBeLessThan(1_200_000_000);
  expect((await app.api('GET', '/v1/contacts')).status).toBe(200);
});
