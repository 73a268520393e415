/** How often one may call: the draft's headers on every answer, a problem that says when to come back, and no fast guessing of keys. */
import { newKey } from '../../src/accounts/key-format.js';
import { type Answer, call, startTestApp, type TestApp } from '../support/app.js';

let app: TestApp;
beforeAll(async () => {
  const environment = { REQUESTS_PER_MINUTE: '6000', FAILED_KEYS_PER_MINUTE: '10', TRUSTED_PROXIES: '127.0.0.1' };
  app = await startTestApp({ environment });
  await app.api('GET', '/v1/workspace'); // a key that has opened is no guess
});
afterAll(() => app.stop());

const limitsOf = ({ headers }: Answer) => [headers.get('ratelimit-policy'), headers.get('ratelimit')];
const makeKey = async (requestsPerMinute: number | null): Promise<string> =>
  (await app.api('POST', '/v1/api-keys', { name: 'partner', scopes: ['contacts:read'], requestsPerMinute })).body.key;
const get = (key: string, headers?: Record<string, string>) => call(app.url, key, 'GET', '/v1/workspace', undefined, headers);
/** As many calls one after the other; their statuses. */
async function statuses(count: number, one: () => Promise<Answer>): Promise<number[]> {
  const seen: number[] = [];
  for (let i = 0; i < count; i++) seen.push((await one()).status);
  return seen;
}

test('each answer says what the limit is and what is left of it', async () => {
  const key = await makeKey(null);
  expect(limitsOf(await get(key))).toEqual(['"default";q=200;w=2', '"default";r=199;t=1']);
  // A refusal for another reason counts and shows it too.
  const refused = await call(app.url, key, 'GET', '/v1/api-keys');
  expect([refused.status, limitsOf(refused)[0]]).toEqual([403, '"default";q=200;w=2']);
});

test('a key has the limit it was made with, and over it gets a problem that says when to come back', async () => {
  const key = await makeKey(3);
  expect(limitsOf(await get(key))).toEqual(['"key";q=3;w=60', '"key";r=2;t=20']);
  expect(await statuses(2, () => get(key))).toEqual([200, 200]);
  const answer = await get(key);
  expect(answer.status).toBe(429);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.body).toMatchObject({
    type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
    status: 429,
    code: 'rate-limited',
    'violated-policies': ['key'],
  });
  const wait = Number(answer.headers.get('retry-after'));
  expect(wait).toBeGreaterThan(10);
  expect(wait).toBeLessThanOrEqual(20);
  expect(answer.headers.get('ratelimit')).toMatch(/^"key";r=0;t=\d+$/);
  // Another key is not held back by it.
  expect((await app.api('GET', '/v1/workspace')).status).toBe(200);
});

test('a key shows its limit in the list, and only whole numbers from 1 are limits', async () => {
  await makeKey(42);
  const { body } = await app.api('GET', '/v1/api-keys');
  expect(body.data.map((key: { requestsPerMinute: number | null }) => key.requestsPerMinute)).toContain(42);
  for (const requestsPerMinute of [0, -1, 1.5, 1e12, '60']) {
    const answer = await app.api('POST', '/v1/api-keys', { name: 'x', scopes: ['admin'], requestsPerMinute });
    expect(answer.body).toMatchObject({ status: 422, errors: [{ pointer: '/requestsPerMinute' }] });
  }
});

test('an address that tries keys is stopped before its next guess is looked at; keys known here go on', async () => {
  const guessing = { 'x-forwarded-for': '192.0.2.1' };
  expect(await statuses(10, () => get(newKey(), guessing))).toEqual(Array(10).fill(401));
  const refused = await get(newKey(), guessing);
  expect(refused.body).toMatchObject({ status: 429, 'violated-policies': ['failed-keys'] });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  // The right guess comes too late as well: a valid key that never opened anything here.
  const unseen = await makeKey(null);
  expect((await get(unseen, guessing)).status).toBe(429);
  expect((await get(app.key, guessing)).status).toBe(200);
  // Somebody else's address is not theirs.
  expect((await get(unseen, { 'x-forwarded-for': '192.0.2.2' })).status).toBe(200);
});

test('calls without a key count as tries, good keys do not', async () => {
  const nobody = { authorization: '', 'x-forwarded-for': '192.0.2.3' };
  expect((await statuses(11, () => get('', nobody))).filter(status => status === 429)).toHaveLength(1);
  for (let i = 0; i < 15; i++) expect((await get(await makeKey(null), { 'x-forwarded-for': '192.0.2.4' })).status).toBe(200);
});

test('a caller that begins with many requests at once is no guesser', async () => {
  const key = await makeKey(null);
  const here = { 'x-forwarded-for': '192.0.2.7' };
  const answers = await Promise.all(Array.from({ length: 40 }, () => get(key, here)));
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
});

test('a revoked key is a guess like any other', async () => {
  const made = await app.api('POST', '/v1/api-keys', { name: 'gone', scopes: ['contacts:read'] });
  const here = { 'x-forwarded-for': '192.0.2.5' };
  expect((await get(made.body.key, here)).status).toBe(200);
  await app.api('DELETE', `/v1/api-keys/${made.body.id}`);
  expect((await statuses(11, () => get(made.body.key, here))).at(-1)).toBe(429);
});

test('health, webhooks and unsubscribe pages have no limit', async () => {
  const hit = (method: string, path: string) => call(app.url, '', method, path, undefined, { 'x-forwarded-for': '192.0.2.8' });
  for (const [method, path] of [
    ['GET', '/health/live'],
    ['POST', '/webhooks/twilio/receipt/nothing'],
    ['GET', '/u/nothing'],
  ] as const)
    expect(await statuses(15, () => hit(method, path))).not.toContain(429);
});
