/** The routes of the API: from the OpenAPI document, so that a new route is walked by the tests without a word to them, and from the controllers. */
import { openApiDocument } from '../../src/platform/http/openapi.js';
import { routesOf } from '../../src/platform/http/routes.js';
import type { TestApp } from './app.js';

export type Schema = {
  $ref?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
};
type Operation = {
  operationId: string;
  parameters?: { name: string; in: string }[];
  requestBody?: { content?: Record<string, { schema: Schema }> };
};
export type Route = {
  /** `POST /v1/campaigns/{id}/launch` */
  name: string;
  method: string;
  path: string;
  operationId: string;
  queries: string[];
  /** Request headers that it reads, beside the key. */
  headers: string[];
  /** The schema of its JSON body; null when it takes none. */
  body: Schema | null;
};

export function documentedRoutes(app: TestApp): { routes: Route[]; schemas: Record<string, Schema> } {
  const document = openApiDocument(app.app);
  const routes = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Operation>).map(([verb, operation]) => ({
      name: `${verb.toUpperCase()} ${path}`,
      method: verb.toUpperCase(),
      path,
      operationId: operation.operationId,
      queries: (operation.parameters ?? []).filter(parameter => parameter.in === 'query').map(parameter => parameter.name),
      headers: (operation.parameters ?? []).filter(parameter => parameter.in === 'header').map(parameter => parameter.name),
      body: operation.requestBody?.content?.['application/json']?.schema ?? null,
    })),
  );
  return { routes, schemas: (document.components?.schemas ?? {}) as Record<string, Schema> };
}

/** The names of all fields that a body of this schema may have, as pointers; an item of a list is "0". */
export function fieldsOf(schema: Schema | null | undefined, schemas: Record<string, Schema>, pointer = '', depth = 0): string[] {
  if (!schema || depth > 8) return [];
  const inner = (one: Schema | undefined, below = '') => fieldsOf(one, schemas, pointer + below, depth + 1);
  const choices = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  const named = Object.entries(schema.properties ?? {});
  return [
    ...inner(schema.$ref === undefined ? undefined : schemas[schema.$ref.split('/').at(-1) ?? '']),
    ...choices.flatMap(choice => inner(choice)),
    ...named.flatMap(([name, property]) => [`${pointer}/${name}`, ...inner(property, `/${name}`)]),
    ...inner(schema.items, '/0'),
  ];
}

/** What the decorators of a handler say. */
export type Handler = { operationId: string; name: string; scope: string | undefined; isPublic: boolean };

/** Every handler of every controller, documented or not. */
export function handlers(app: TestApp): Handler[] {
  return routesOf(app.app).map(({ operationId, name, said }) => ({
    operationId,
    name,
    scope: said('muster:needs') as string | undefined,
    isPublic: said('muster:public') === true,
  }));
}
