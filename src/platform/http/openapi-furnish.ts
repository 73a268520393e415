/**
 * What Nest's generator leaves out of the OpenAPI document: examples of requests and answers, descriptions of parameters, the scope
 * of each operation and the problems it answers with. And what it writes clumsily, said plainly.
 */
import type { OpenAPIObject } from '@nestjs/swagger';
import { exampleOf, type JsonSchema, type JsonSchemas } from './example.js';
import { problemResponses, problemsOf } from './openapi-problems.js';
import type { Route } from './routes.js';

type Content = Record<string, { schema?: JsonSchema; example?: unknown; examples?: Record<string, { value: unknown }> }>;
export type Parameter = {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  example?: unknown;
  schema?: JsonSchema;
};
export type Operation = {
  operationId: string;
  tags?: string[];
  summary?: string;
  description?: string;
  security?: object[];
  parameters?: Parameter[];
  requestBody?: { content?: Content };
  responses: Record<string, { $ref?: string; description?: string; content?: Content }>;
  'x-required-scope'?: string;
};

export function furnish(document: OpenAPIObject, routes: readonly Route[]): OpenAPIObject {
  const components = (document.components ??= {});
  components.schemas = plain(components.schemas ?? {}) as NonNullable<typeof components.schemas>;
  components.responses = problemResponses() as NonNullable<typeof components.responses>;
  const byId = new Map(routes.map(route => [route.operationId, route]));
  for (const { verb, operation } of operationsOf(document)) {
    furnishOperation(operation, verb, byId.get(operation.operationId), components.schemas as JsonSchemas);
  }
  return plain(document) as OpenAPIObject;
}

export function operationsOf(document: OpenAPIObject): { verb: string; path: string; operation: Operation }[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item as unknown as Record<string, Operation>).map(([verb, operation]) => ({ verb, path, operation })),
  );
}

function furnishOperation(operation: Operation, verb: string, route: Route | undefined, schemas: JsonSchemas): void {
  const scope = operation['x-required-scope'];
  const needs = scope === undefined ? 'Needs no key.' : `Needs the scope \`${scope}\`.`;
  operation.description = [operation.description, needs].filter(Boolean).join('\n\n');
  operation.security ??= [];
  operation.parameters?.forEach(describe);
  const contents = Object.entries(operation.requestBody?.content ?? {});
  for (const [type, content] of contents) if (type === 'application/json') giveExamples(content, route, schemas);
  for (const response of Object.values(operation.responses)) giveExample(response.content?.['application/json'], schemas);
  const { default: _replaced, ...answers } = operation.responses;
  operation.responses = { ...answers, ...problemsOf(factsOf(operation, verb)) };
}

/** The generator leaves both inside the schema, where no reader looks. */
function describe(parameter: Parameter): void {
  const { description, example } = parameter.schema ?? {};
  if (description !== undefined) parameter.description ??= description;
  if (example !== undefined) parameter.example ??= example;
}

function giveExamples(content: Content[string], route: Route | undefined, schemas: JsonSchemas): void {
  const own = route?.body?.meta()?.examples as unknown[] | undefined;
  const examples = own ?? [exampleOf(content.schema ?? {}, schemas)];
  content.examples = Object.fromEntries(examples.map((value, index) => [`example-${index + 1}`, { value }]));
}

function giveExample(content: Content[string] | undefined, schemas: JsonSchemas): void {
  if (content?.schema) content.example ??= exampleOf(content.schema, schemas);
}

function factsOf({ security, requestBody, parameters = [] }: Operation, verb: string) {
  return {
    isOpen: security?.length === 0,
    hasBody: requestBody !== undefined,
    hasParameters: parameters.some(parameter => parameter.in !== 'header'),
    hasId: parameters.some(parameter => parameter.in === 'path'),
    isWrite: verb !== 'get',
    isIdempotent: parameters.some(parameter => parameter.name === 'Idempotency-Key'),
  };
}

/** `allOf` of one shape is that shape, and so is a choice whose options are all the same. Examples are data and left alone. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const tidy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainValue(key, inner)]));
  if ('nullable' in tidy && !('type' in tidy)) Object.assign(tidy, { type: 'object' }); // a choice of objects, or null
  const entries = Object.entries(tidy);
  const [key, inner] = entries[0] ?? [];
  const isWrapper = entries.length === 1 && (key === 'allOf' || key === 'anyOf' || key === 'oneOf');
  return isWrapper && Array.isArray(inner) && inner.length === 1 ? (inner[0] as unknown) : tidy;
}

function plainValue(key: string, value: unknown): unknown {
  if (key === 'example' || key === 'examples') return value;
  return key === 'anyOf' || key === 'oneOf' ? unique((value as unknown[]).map(plain)) : plain(value);
}

const unique = (values: unknown[]): unknown[] => [...new Map(values.map(value => [JSON.stringify(value), value])).values()];
