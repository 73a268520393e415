/**
 * Every example of the OpenAPI document is sent to a running server, in a world where the things it names exist: it succeeds as
 * documented, and the answer has the documented shape and nothing else.
 */
import { openApiDocument } from '../../src/platform/http/openapi.js';
import { type Route, routesOf } from '../../src/platform/http/routes.js';
import { type Answer, startTestApp, type TestApp } from '../support/app.js';
import { type ExampleCall, exampleCalls, given, makeWorld } from '../support/example-world.js';
import { withoutJobs, withoutSweeps } from '../support/dispatches.js';
import { ShiftedClock } from '../support/shifted-clock.js';

jest.setTimeout(180_000);

let app: TestApp;
let calls: ExampleCall[];
let routes: Map<string, Route>;

beforeAll(async () => {
  const clock = new ShiftedClock();
  clock.advance(Date.parse('2026-11-22T09:00:00Z') - clock.now().getTime()); // the day that the examples live in
  app = await startTestApp({ clock });
  await makeWorld(app);
  // Both would move on from, or mend, the states that examples are given.
  await withoutSweeps(app);
  await withoutJobs(app);
  calls = exampleCalls(openApiDocument(app.app));
  routes = new Map(routesOf(app.app).map(route => [route.operationId, route]));
});
afterAll(() => app.stop());

test('every example succeeds and is answered in the documented shape', async () => {
  const wrong: string[] = [];
  for (const call of calls) {
    await given[call.name]?.(app);
    const answer = await app.api(call.method, call.path, call.body);
    wrong.push(...mistakesOf(call, answer).map(mistake => `${call.name}: ${mistake}`));
  }
  expect(wrong).toEqual([]);
});

test('what has to be given is given to a route that exists', () => {
  const names = new Set(calls.map(({ name }) => name));
  expect(Object.keys(given).filter(name => !names.has(name))).toEqual([]);
});

function mistakesOf({ operationId, path, body, status }: ExampleCall, answer: Answer): string[] {
  const sent = `${path} ${body instanceof FormData ? '(a form)' : (JSON.stringify(body)?.slice(0, 200) ?? '')}`;
  if (answer.status !== status)
    return [
      `its example answers ${answer.status} instead of ${status}; mend the example, or give it what it needs in test/support/example-world.ts: ` +
        `${sent} → ${answer.text.slice(0, 400)}`,
    ];
  const schema = routes.get(operationId)?.answer?.schema;
  if (!schema) return [];
  const parsed = schema.safeParse(answer.body);
  if (!parsed.success) return [`its answer is not as documented: ${JSON.stringify(parsed.error.issues).slice(0, 400)}`];
  const told = undocumented(answer.body, parsed.data);
  return told.map(pointer => `its answer holds ${pointer}, which its schema does not document`);
}

/** Pointers of what a parsed answer lost: schemas of answers drop what they do not know. */
function undocumented(answer: unknown, parsed: unknown, pointer = ''): string[] {
  if (typeof answer !== 'object' || answer === null || typeof parsed !== 'object' || parsed === null) return [];
  return Object.entries(answer).flatMap(([key, value]) =>
    key in parsed ? undocumented(value, (parsed as Record<string, unknown>)[key], `${pointer}/${key}`) : [`${pointer}/${key}`],
  );
}
