/**
 * No route without a contract, a scope or a test. Read off the decorators of every handler and the text of the specs, so that it
 * holds for a route that nobody has told the tests about.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Route, routesOf } from '../../src/platform/http/routes.js';
import { drawApp } from '../support/blueprint.js';

/** All but the public ones, which check a token or a signature by themselves (test/rooms/security-scopes.spec.ts lists them). */
let guarded: Route[];

beforeAll(async () => {
  guarded = routesOf(await drawApp()).filter(({ said }) => said('muster:public') !== true);
});

const names = (of: Route[]): string[] => of.map(({ name }) => name);

test('every route needs a scope, or says that it is public', () => {
  expect(names(guarded.filter(({ said }) => said('muster:needs') === undefined))).toEqual([]);
});

test('every route says what it answers (@Answers or @AnswersText)', () => {
  expect(names(guarded.filter(({ answer }) => !answer))).toEqual([]);
});

test('every body, query and path is read by a schema', () => {
  const wrong = guarded.flatMap(({ name, unchecked }) => unchecked.map(place => `${name} reads its ${place} without { schema }`));
  const pathless = guarded.filter(({ name, params }) => name.includes('{') && !params);
  expect([...wrong, ...names(pathless).map(name => `${name} checks no parameter of its path`)]).toEqual([]);
});

test('every schema of a body has a name', () => {
  expect(names(guarded.filter(({ body }) => body && typeof body.meta()?.['id'] !== 'string'))).toEqual([]);
});

test('every route is called by a spec of its own', () => {
  const calls = specs().flatMap(text => callsIn(text));
  const untested = guarded.filter(({ name }) => !calls.some(call => isCallOf(call, name)));
  expect(names(untested)).toEqual([]);
});

/** Those that walk all routes are no spec of any route. */
const walkers = ['two-tenants', 'hostile-input', 'api-examples'];

function specs(): string[] {
  const test = join(__dirname, '..');
  return ['rooms', 'stories', 'platform', 'support']
    .flatMap(folder => readdirSync(join(test, folder), { withFileTypes: true }))
    .filter(entry => entry.isFile() && entry.name.endsWith('.ts') && !walkers.some(walker => entry.name.startsWith(walker)))
    .map(entry => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
}

/** A path in a spec, and the method before it; null where a helper knows it. */
type Call = { method: string | null; path: string; spec: string };

function callsIn(text: string): Call[] {
  const found = text.matchAll(
    /(?:['"`](GET|POST|PUT|PATCH|DELETE)['"`],\s*)?['"`](?:\$\{\w+(?:\.\w+)*\})?(\/[\w$][^'"`\s]*)['"`]/g,
  );
  return [...found].map(([, method, path = '']) => ({
    method: method ?? null,
    path: path.replace(/^\/v1(?=\/)/, ''),
    spec: text,
  }));
}

function isCallOf(call: Call, name: string): boolean {
  const [method = '', path = ''] = name.split(' ');
  if (call.method !== null && call.method !== method) return false;
  const parts = path.replace('/v1', '').split('/');
  const called = (call.path.split('?')[0] ?? '').split(/\/(?![^{]*\})/);
  return parts.length === called.length && parts.every((part, index) => isPart(called[index] ?? '', part, call.spec));
}

/** A hole in the middle of a path (`/campaigns/${id}/${verb}`) stands for the words that its spec knows. */
function isPart(called: string, part: string, spec: string): boolean {
  if (part.startsWith('{') || called === part) return true;
  return called.includes('${') && new RegExp(`['"\`/]${part}s?['"\`/]`).test(spec);
}
