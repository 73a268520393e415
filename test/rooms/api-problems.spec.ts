// Problem documents lead to their own explanation: `type` is an address of the server that answers without a key.
import { startTestApp, type TestApp } from '../support/app.js';

let app: TestApp;
beforeAll(async () => void (app = await startTestApp({ environment: { ROLE: 'api' } })));
afterAll(() => app.stop());

test('the type of a problem leads to what it means and what to do', async () => {
  const problem = await app.api('GET', '/v1/contacts/999999');
  expect(problem.body).toMatchObject({ status: 404, code: 'not-found' });
  const page = await fetch(problem.body.type);
  expect(page.status).toBe(200);
  expect(await page.json()).toMatchObject({ code: 'not-found', status: 404, title: problem.body.title });
});

test('a browser gets a page, a program JSON', async () => {
  const page = await fetch(`${app.url}/problems`, { headers: { accept: 'text/html,*/*' } });
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(await page.text()).toContain('rate-limited');
  const listed = (await (await fetch(`${app.url}/problems`)).json()) as { data: { code: string }[] };
  expect(listed.data.map(({ code }) => code)).toEqual(expect.arrayContaining(['invalid', 'conflict', 'internal']));
});

test('a problem that does not exist is a problem of its own', async () => {
  const answer = await fetch(`${app.url}/problems/${encodeURIComponent('<script>')}`);
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ code: 'not-found' });
});
