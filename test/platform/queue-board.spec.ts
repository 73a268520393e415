/** The queue board shows the queues of both back ends to whoever holds an admin key, and lets nobody do anything. */
import { AccountsService } from '../../src/accounts/accounts.service.js';
import { openApiDocument } from '../../src/platform/http/openapi.js';
import { defineJob } from '../../src/platform/jobs/define-job.js';
import { Jobs } from '../../src/platform/jobs/jobs.service.js';
import { z } from 'zod';
import { startTestApp, type TestApp } from '../support/app.js';
import { hasRedis, startRedis, type TestRedis } from '../support/redis.js';

const later = defineJob({ name: 'test.later', queue: 'track', payload: z.object({ n: z.number() }), attempts: 1, backoffMs: 10 });
type Board = { queues: { name: string }[] };
const hourMs = 3_600_000;
const backEnds = hasRedis() ? (['postgresql', 'redis'] as const) : (['postgresql'] as const);

describe.each(backEnds)('the queue board on %s', backEnd => {
  let redis: TestRedis | undefined;
  let app: TestApp;

  beforeAll(async () => {
    redis = backEnd === 'redis' ? await startRedis() : undefined;
    // Role api: what is rung for stays where it is.
    app = await startTestApp({ environment: { ROLE: 'api', ...(redis && { REDIS_URL: redis.url }) } });
    await app.get(Jobs).ring(later, { n: 7 }, hourMs);
  });
  afterAll(async () => {
    await app.stop();
    await redis?.stop();
  });

  const basic = (key: string, user = 'me'): string => `Basic ${Buffer.from(`${user}:${key}`).toString('base64')}`;
  const get = (path: string, authorization = basic(app.key), method = 'GET'): Promise<Response> =>
    fetch(app.url + path, { method, headers: authorization === '' ? {} : { authorization }, redirect: 'manual' });

  test('asks for a key, as a browser understands, and opens to no wrong one', async () => {
    for (const path of ['/queues', '/queues/', '/queues/api/queues', '/queues/static/favicon.ico']) {
      const closed = await get(path, '');
      expect([path, closed.status, closed.headers.get('www-authenticate')]).toEqual([
        path,
        401,
        expect.stringContaining('Basic'),
      ]);
    }
    for (const wrong of [
      basic('wrong'),
      basic(''),
      basic(`${app.key.slice(0, -1)}!`),
      'Bearer nonsense',
      'Digest x',
      'Basic %%%',
    ])
      expect([wrong, (await get('/queues/api/queues', wrong)).status]).toEqual([wrong, 401]);
    expect((await get(`/queues/?key=${app.key}`, '')).status).toBe(401);
  });

  test('a key without the scope admin is refused', async () => {
    const { key } = await app
      .get(AccountsService)
      .createKey(app.actor, { name: 'reader', scopes: ['contacts:write'], requestsPerMinute: null });
    expect((await get('/queues/', basic(key))).status).toBe(403);
  });

  test('shows a page that loads everything from here', async () => {
    const page = await get('/queues/');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
    expect(page.headers.get('cache-control')).toBe('no-store');
    const html = await page.text();
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    for (const [, file = ''] of html.matchAll(/(?:src|href)="(static\/[^"]+)"/g))
      expect([file, (await get(`/queues/${file}`)).status]).toEqual([file, 200]);
  });

  test('lists the queues and their jobs', async () => {
    const answer = await get('/queues/api/queues?activeQueue=track&status=delayed&page=1', `Bearer ${app.key}`);
    const { queues } = (await answer.json()) as Board;
    expect(queues.map(({ name }) => name).sort()).toEqual(['bulk', 'send', 'track']);
    const track = queues.find(({ name }) => name === 'track');
    expect(track).toMatchObject({ readOnlyMode: true, counts: { delayed: 1 }, jobs: [{ name: 'test.later', data: { n: 7 } }] });
  });

  test('lets nobody do anything', async () => {
    for (const method of ['PUT', 'POST', 'PATCH', 'DELETE'])
      for (const path of [
        '/queues/api/queues/track/pause',
        '/queues/api/queues/track/empty',
        '/queues/api/queues/track/add',
        '/queues/api/queues/track/1/promote',
      ])
        expect([method, path, [403, 404].includes((await get(path, basic(app.key), method)).status)]).toEqual([
          method,
          path,
          true,
        ]);
    expect((await app.get(Jobs).look()).find(({ queue }) => queue === 'track')).toMatchObject({ delayed: 1 });
  });

  test('is no part of the contract', () => {
    expect(Object.keys(openApiDocument(app.app).paths).filter(path => path.startsWith('/queues'))).toEqual([]);
  });
});
