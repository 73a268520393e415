/**
 * The example of a shape, put together from the examples of its fields (`.meta({ example })`, enums, formats) unless it has one of
 * its own. What can be null and has no example is null; what has to be there and has none is listed in `missing`.
 */
export type JsonSchema = {
  $ref?: string;
  type?: string;
  format?: string;
  nullable?: boolean;
  example?: unknown;
  default?: unknown;
  enum?: unknown[];
  minimum?: number;
  description?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
};
export type JsonSchemas = Record<string, JsonSchema>;

const formats: Record<string, string> = {
  'date-time': '2026-11-22T09:00:00Z',
  date: '2026-11-22',
  uri: 'https://shop.example/',
  email: 'aino@example.com',
};

/** What a text of an answer usually holds, by the name of its field. */
const usualTexts: Record<string, string> = {
  action: 'campaign.launched',
  actor: 'key:web-shop',
  address: 'aino@shop.example',
  body: 'Hi {{default firstName "there"}}, 20% off until Sunday.',
  char: 'ğ',
  code: 'E1',
  createdBy: 'key:web-shop',
  currency: 'EUR',
  detail: 'What happened, in words',
  from: '+12025550100',
  html: '<p>Hi Aino, 20% off until Sunday.</p>',
  key: 'key',
  kind: 'retryable',
  label: 'Label',
  locale: 'en',
  message: 'What is wrong, in words',
  name: 'Autumn sale',
  prefix: 'mk_3f9a',
  providerId: 'SM00000000000000000000000000000000',
  source: 'checkout-form',
  subject: '20% off until Sunday',
  summary: 'gender is female',
  text: 'Hi Aino, 20% off until Sunday.',
  timeZone: 'Europe/Helsinki',
  title: 'Autumn sale',
  to: '+12125550142',
  topic: 'news',
  value: 'aino@shop.example',
};

/** Nothing sensible is nested deeper; a shape that holds itself ends here. */
const maxDepth = 12;

export function exampleOf(schema: JsonSchema, schemas: JsonSchemas, missing: string[] = [], pointer = '', depth = 0): unknown {
  if (schema.example !== undefined) return schema.example;
  if (schema.enum) return schema.enum[0];
  if (depth > maxDepth) return null;
  const inner = (one: JsonSchema, below = '') => exampleOf(one, schemas, missing, pointer + below, depth + 1);
  const choice = schema.anyOf?.[0] ?? schema.oneOf?.[0];
  if (schema.$ref !== undefined) return inner(componentOf(schema.$ref, schemas));
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map(part => inner(part)));
  if (choice) return inner(choice);
  if (schema.properties) return objectOf(schema, inner);
  if (schema.items) return listOf(schema.items, schemas, missing, pointer, depth);
  return scalarOf(schema, pointer, missing);
}

/** The fields that are always there. */
function objectOf({ properties = {}, required = [] }: JsonSchema, inner: (one: JsonSchema, below: string) => unknown): object {
  const fields = Object.entries(properties).filter(([name, field]) => required.includes(name) || field.example !== undefined);
  return Object.fromEntries(fields.map(([name, field]) => [name, inner(field, `/${name}`)]));
}

/** One entry; none when nobody said what an entry looks like. */
function listOf(items: JsonSchema, schemas: JsonSchemas, missing: string[], pointer: string, depth: number): unknown[] {
  const missed: string[] = [];
  const entry = exampleOf(items, schemas, missed, `${pointer}/0`, depth + 1);
  if (missed.includes(`${pointer}/0`)) return [];
  missing.push(...missed);
  return [entry];
}

function scalarOf(schema: JsonSchema, pointer: string, missing: string[]): unknown {
  if (schema.type === 'object') return {};
  if (schema.nullable === true) return null;
  if (schema.default !== undefined) return schema.default;
  if (schema.type === 'boolean') return true;
  if (schema.type === 'integer' || schema.type === 'number') return Math.max(schema.minimum ?? 0, 0);
  const known = formats[schema.format ?? ''] ?? usualTexts[nameIn(pointer)];
  if (known === undefined) missing.push(pointer);
  return known ?? '';
}

/** The last name of a pointer: of an entry of a list the list's. */
const nameIn = (pointer: string): string =>
  pointer
    .replace(/(\/0)+$/, '')
    .split('/')
    .at(-1) ?? '';

export function componentOf(ref: string, schemas: JsonSchemas): JsonSchema {
  return schemas[ref.split('/').at(-1) ?? ''] ?? {};
}
