/** Every handler of every controller with the zod schemas that its decorators name: what the OpenAPI document and the tests of the contract read. */
import { type INestApplication, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { ModulesContainer } from '@nestjs/core';
import type { z } from 'zod';
import { type Answer, answersKey } from './answers.js';

export type Route = {
  operationId: string;
  /** `POST /v1/campaigns/{id}/launch` */
  name: string;
  /** Schemas by place; undefined where the handler reads nothing there by schema. */
  body: z.ZodType | undefined;
  query: z.ZodType | undefined;
  params: z.ZodType | undefined;
  answer: Answer | undefined;
  /** What the handler reads of bodies, queries and paths without a schema. */
  unchecked: Place[];
  /** What another decorator of the handler or its controller noted under this key. */
  said(key: string): unknown;
};

type Controller = new () => object;
/** Nest's own numbers for `@Body`, `@Query` and `@Param`. */
const argumentKinds = { body: 3, query: 4, params: 5 } as const;
type Place = keyof typeof argumentKinds;

export const operationIdOf = (controller: string, method: string): string =>
  `${controller.replace('Controller', '').toLowerCase()}_${method}`;

export function routesOf(app: INestApplication): Route[] {
  const controllers = [...app.get(ModulesContainer).values()].flatMap(module =>
    [...module.controllers.values()].map(wrapper => wrapper.metatype as Controller | null),
  );
  return [...new Set(controllers)].flatMap(controller => (controller ? handlersOf(controller) : []));
}

function handlersOf(controller: Controller): Route[] {
  const prototype = controller.prototype as Record<string, object>;
  return Object.getOwnPropertyNames(prototype)
    .filter(name => name !== 'constructor' && Reflect.hasMetadata(METHOD_METADATA, prototype[name] ?? {}))
    .map(name => routeOf(controller, name, prototype[name] ?? {}));
}

function routeOf(controller: Controller, handlerName: string, handler: object): Route {
  const said = (key: string): unknown => Reflect.getMetadata(key, handler) ?? Reflect.getMetadata(key, controller);
  const { body, query, params } = schemasOf(controller, handlerName);
  return {
    operationId: operationIdOf(controller.name, handlerName),
    name: `${RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as number]} ${pathOf(controller, handler)}`,
    body: body ?? undefined,
    query: query ?? undefined,
    params: params ?? undefined,
    answer: said(answersKey) as Answer | undefined,
    unchecked: (Object.entries({ body, query, params }) as [Place, unknown][]).flatMap(([place, schema]) =>
      schema === null ? [place] : [],
    ),
    said,
  };
}

function pathOf(controller: Controller, handler: object): string {
  const parts = [controller, handler].map(target => String(Reflect.getMetadata(PATH_METADATA, target)));
  const path = parts.filter(part => part !== '/' && part !== '').join('/');
  return `/${path.replaceAll(/:(\w+)/g, '{$1}')}`;
}

/** By place: undefined where nothing is read, null where it is read without a schema. */
function schemasOf(controller: Controller, handlerName: string): Partial<Record<Place, z.ZodType | null>> {
  const args = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, handlerName) ?? {}) as Record<
    string,
    { schema?: z.ZodType }
  >;
  const read = Object.entries(argumentKinds).flatMap(([place, kind]) =>
    Object.entries(args)
      .filter(([key]) => key.startsWith(`${kind}:`))
      .map(([, { schema }]) => [place, schema ?? null]),
  );
  return Object.fromEntries(read) as Partial<Record<Place, z.ZodType | null>>;
}
