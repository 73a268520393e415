// The OpenAPI document as a promise: it lints clean, names every problem, and every request and answer has an example that fits.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { OpenAPIObject } from '@nestjs/swagger';
import { tags } from '../../src/contract/tags.js';
import { exampleOf, type JsonSchema, type JsonSchemas } from '../../src/platform/http/example.js';
import { type Operation, operationsOf } from '../../src/platform/http/openapi-furnish.js';
import { openApiDocument } from '../../src/platform/http/openapi.js';
import { type Route, routesOf } from '../../src/platform/http/routes.js';
import { drawApp } from '../support/blueprint.js';

let document: OpenAPIObject;
let operations: { name: string; operation: Operation; route: Route }[];
let schemas: JsonSchemas;

beforeAll(async () => {
  const app = await drawApp();
  document = openApiDocument(app);
  schemas = document.components?.schemas as JsonSchemas;
  const routes = new Map(routesOf(app).map(route => [route.operationId, route]));
  operations = operationsOf(document).map(({ verb, path, operation }) => ({
    name: `${verb.toUpperCase()} ${path}`,
    operation,
    route: routes.get(operation.operationId) as Route,
  }));
});

/** The mistakes of all operations, each with the name of its operation. */
const mistakes = (find: (one: (typeof operations)[number]) => string[]): string[] =>
  operations.flatMap(one => find(one).map(mistake => `${one.name}: ${mistake}`));

const jsonOf = (operation: Operation) =>
  Object.entries(operation.responses).flatMap(([status, { content }]) => {
    const json = content?.['application/json'];
    return json ? [{ status, ...json }] : [];
  });

test('it lints clean by the recommended rules', () => {
  const linter = join(__dirname, '../support/lint-openapi.mjs');
  const output = execFileSync(process.execPath, [linter], { input: JSON.stringify(document), encoding: 'utf8' });
  expect(JSON.parse(output)).toEqual([]);
});

test('every operation has a summary, a description and a chapter that says what it is about', () => {
  const wrong = mistakes(({ operation }) => [
    ...(operation.summary ? [] : ['say what it does: the summary of @Answers']),
    ...(operation.description ? [] : ['it has no description']),
    ...(operation.tags?.length === 1 ? [] : ['put one @ApiTags on its controller']),
    ...(operation.tags ?? []).filter(tag => !(tag in tags)).map(tag => `describe the tag "${tag}" in src/contract/tags.ts`),
  ]);
  expect(wrong).toEqual([]);
});

test('every parameter says what it means', () => {
  const wrong = mistakes(({ operation }) =>
    (operation.parameters ?? [])
      .filter(({ description }) => !description)
      .map(({ name }) => `describe the parameter "${name}" with .meta({ description }) in its schema`),
  );
  expect(wrong).toEqual([]);
});

test('every operation names the problems that its callers meet', () => {
  const wrong = mistakes(({ operation: { responses, requestBody, parameters = [] } }) => {
    const hasId = parameters.some(parameter => parameter.in === 'path');
    const wanted = ['401', '403', '429', ...(requestBody ? ['400', '413', '415', '422'] : []), ...(hasId ? ['404'] : [])];
    return wanted.filter(status => !responses[status]).map(status => `it does not name its ${status}`);
  });
  expect(wrong).toEqual([]);
});

test('every JSON body has examples, and its schema takes them', () => {
  const wrong = mistakes(({ route, operation }) => {
    const examples = operation.requestBody?.content?.['application/json']?.examples;
    if (!examples) return [];
    const own = (route.body?.meta()?.examples ?? []) as unknown[];
    if (own.length === 0) return ['give its body an example: .meta({ id, examples: [{ … }] }) in src/contract'];
    return own.flatMap(example => {
      const { error } = route.body?.safeParse(example) ?? {};
      return error ? [`its example does not fit: ${error.issues.map(issue => `/${issue.path.join('/')} ${issue.message}`)}`] : [];
    });
  });
  expect(wrong).toEqual([]);
});

test('every parameter that a call needs has an example', () => {
  const wrong = mistakes(({ operation }) =>
    (operation.parameters ?? [])
      .filter(({ required, example, schema }) => required && example === undefined && !schema?.enum)
      .map(({ name }) => `give the parameter "${name}" an example: .meta({ example }) in its schema`),
  );
  expect(wrong).toEqual([]);
});

test('every JSON answer has an example that fits its schema', () => {
  const wrong = mistakes(({ route, operation }) =>
    jsonOf(operation).flatMap(({ example, schema }) => {
      const missing: string[] = [];
      exampleOf(schema as JsonSchema, schemas, missing);
      const { error } = route.answer?.schema?.safeParse(example) ?? {};
      return [
        ...missing.map(pointer => `give ${pointer} of its answer an example: .meta({ example }) in src/contract`),
        ...(error ? [`its answer's example does not fit: ${JSON.stringify(error.issues).slice(0, 300)}`] : []),
      ];
    }),
  );
  expect([...new Set(wrong)]).toEqual([]);
});

test('an answer that is no JSON shows how it begins', () => {
  const wrong = mistakes(({ operation }) =>
    Object.entries(operation.responses)
      .filter(([status]) => status.startsWith('2') && status !== '204')
      .filter(([, { content }]) => !content || Object.values(content).some(({ example }) => example === undefined))
      .map(() => 'answer with a schema (@Answers) or as a text with an example (@AnswersText)'),
  );
  expect(wrong).toEqual([]);
});
