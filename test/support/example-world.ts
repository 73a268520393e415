/**
 * The world that the examples of the API speak of: the first thing of each kind has the id 42, the second 43. A new kind of thing is
 * a line in `makeWorld`; what a single call needs beforehand (a state, a thing it may delete) is a line in `given`.
 */
import type { OpenAPIObject } from '@nestjs/swagger';
import { type Sql, sql } from '../../src/domain/sql.js';
import { type Operation, operationsOf } from '../../src/platform/http/openapi-furnish.js';
import type { TestApp } from './app.js';
import { eventually } from './eventually.js';
import { uploadAndMerge } from './imports.js';

const firstId = 42;

export async function makeWorld(app: TestApp): Promise<void> {
  await numberFrom(app, firstId);
  const make = (path: string, body: object) => made(app, 'POST', path, body);
  const twilio = { accountSid: `AC${'1'.repeat(32)}`, baseUrl: 'http://127.0.0.1:9' };
  const consent = [{ channel: 'sms', topic: 'news', state: 'granted', source: 'form' }];
  await make('/attributes', { key: 'loyalty', label: 'Loyalty', type: 'text' });
  await make('/contacts', {
    externalId: 'world-1',
    firstName: 'Veera',
    phone: '+12125550142',
    email: 'veera@shop.example',
    consent,
  });
  await make('/contacts', { externalId: 'world-2', firstName: 'Onni', email: 'onni@shop.example' });
  await make('/contacts/42/events', { events: [{ name: 'Product Viewed' }] });
  await make('/contacts/42/notes', { text: 'Likes tea' });
  await make('/import-mappings', { name: 'Shop', kind: 'contacts', mapping: { Mail: 'email', Notes: 'ignore' } });
  await make('/lists', { name: 'Regulars' });
  await make('/tags', { name: 'silver' });
  await make('/lists/42/members', { contactIds: ['42'] });
  await make('/suppressions', { channel: 'email', address: 'blocked@shop.example' });
  await make('/segments', { name: 'Regulars', folder: 'Autumn', rule: everybody });
  await make('/bulk-edits', { rule: everybody, addTags: ['known'] });
  await make('/templates', { name: 'Text', channel: 'sms', body: 'Hi {{default firstName "there"}}' });
  await make('/templates', {
    name: 'Mail',
    channel: 'email',
    subject: 'Hi',
    html: '<p>Hi <a href="{{unsubscribeUrl}}">Stop</a></p>',
  });
  await made(app, 'PUT', '/templates/42/locales/fi', { channel: 'sms', body: 'Hei {{default firstName "sinä"}}' });
  await make('/partials', { name: 'closing', text: 'Reply STOP to opt out.' });
  await make('/gateways', { kind: 'twilio', name: 'Nowhere', settings: twilio, secrets: { authToken: 'secret' } });
  await make('/campaigns', textTo('42'));
  await make('/campaigns/42/launch', {});
  await eventually(async () => (await app.api('GET', '/v1/campaigns/42')).body.state === 'done');
  await make('/campaigns/42/test', { to: ['+12125550142'] });
  await make('/api-keys', { name: 'Old shop', scopes: ['contacts:read'] });
  await uploadAndMerge(app, 'external_id,email\nworld-3,world3@shop.example\nworld-4,nobody\n', { kind: 'contacts' });
}

const everybody = { version: 1, rule: { kind: 'all', rules: [] } };
const textTo = (segmentId: string) => ({
  name: 'Hello',
  channel: 'sms',
  class: 'marketing',
  topic: 'news',
  sender: { from: '+12025550100' },
  templateId: '42',
  includeSegmentIds: [segmentId],
});

type Given = (app: TestApp) => Promise<unknown>;
const campaignIs =
  (state: string): Given =>
  app =>
    run(app, sql`update campaign set state = ${state}, next_run_at = null where id = 42`);
/** Itself and its last dispatch: the example of a launch has left that freezing. */
const campaignRuns =
  (state: 'sending' | 'paused'): Given =>
  async app => {
    await campaignIs(state)(app);
    await run(app, sql`update dispatch set state = ${state} where id = (select max(id) from dispatch where source_id = 42)`);
  };

/** Before each example of the route. Nothing else moves meanwhile: the world has neither sweeps nor jobs. */
export const given: Record<string, Given> = {
  'PATCH /v1/tags/{id}': app => run(app, sql`update tag set name = 'gold' where name = 'wholesale'`),
  'POST /v1/bulk-edits/{id}/cancel': app => run(app, sql`update bulk_edit set state = 'running' where id = 42`),
  'POST /v1/imports/{id}/cancel': app => run(app, sql`update import set state = 'uploading' where id = 42`),
  'GET /v1/campaigns/{id}/progress': campaignIs('done'),
  'PATCH /v1/campaigns/{id}': campaignIs('draft'),
  'POST /v1/campaigns/{id}/launch': campaignIs('draft'),
  'POST /v1/campaigns/{id}/unschedule': campaignIs('scheduled'),
  'POST /v1/campaigns/{id}/pause': campaignRuns('sending'),
  'POST /v1/campaigns/{id}/resume': campaignRuns('paused'),
  'POST /v1/campaigns/{id}/cancel': campaignRuns('sending'),
  'POST /v1/campaigns/{id}/retry-failed': campaignIs('done'),
  'POST /v1/campaigns/{id}/unarchive': app =>
    run(app, sql`update campaign set state = 'done', archived_at = now() where id = 42`),
  'DELETE /v1/campaigns/{id}': campaignIs('draft'),
  'DELETE /v1/segments/{id}': app => run(app, sql`update campaign set state = 'canceled', next_run_at = null`),
};

export type ExampleCall = { name: string; operationId: string; method: string; path: string; body: unknown; status: number };

/** Every example of the document as a call: what only reads first, what deletes last, and parts before their whole. */
export function exampleCalls(document: OpenAPIObject): ExampleCall[] {
  return operationsOf(document)
    .flatMap(({ verb, path, operation }) => callsOf(verb.toUpperCase(), path, operation))
    .sort((one, other) => turnOf(one) - turnOf(other));
}

const turnOf = ({ method, path }: ExampleCall): number =>
  method === 'GET' ? 0 : method === 'DELETE' ? 100 - path.split('/').length : 1;

function callsOf(method: string, path: string, operation: Operation): ExampleCall[] {
  const { operationId, parameters = [] } = operation;
  const exampleOf = (name: string, place: string): string | undefined => {
    const found = parameters.find(parameter => parameter.in === place && parameter.name === name);
    const value = found?.example ?? (found?.required ? found.schema?.enum?.[0] : undefined);
    return value === undefined ? undefined : String(value);
  };
  const filled = path.replaceAll(/\{(\w+)\}/g, (_hole, name: string) => encodeURIComponent(exampleOf(name, 'path') ?? ''));
  const asked = parameters.flatMap(({ name }) => {
    const value = exampleOf(name, 'query');
    return value === undefined ? [] : [[name, value] as [string, string]];
  });
  const query = asked.length > 0 ? `?${new URLSearchParams(asked).toString()}` : '';
  const status = Number(Object.keys(operation.responses).find(one => one.startsWith('2')));
  return bodiesOf(operation).map(body => ({
    name: `${method} ${path}`,
    operationId,
    method,
    path: filled + query,
    body,
    status,
  }));
}

function bodiesOf({ requestBody }: Operation): unknown[] {
  const { 'application/json': json, 'multipart/form-data': form } = requestBody?.content ?? {};
  if (json) return Object.values(json.examples ?? {}).map(({ value }) => value);
  return [form ? formFrom(form.schema?.properties ?? {}) : undefined];
}

function formFrom(fields: Record<string, { example?: unknown; format?: string }>): FormData {
  const form = new FormData();
  for (const [name, { example, format }] of Object.entries(fields)) {
    if (typeof example !== 'string') continue;
    if (format === 'binary') form.set(name, new Blob([example], { type: 'text/csv' }), 'example.csv');
    else form.set(name, example);
  }
  return form;
}

/** The next row of every table gets this id. */
async function numberFrom(app: TestApp, id: number): Promise<void> {
  await run(
    app,
    sql`select setval(c.oid::regclass, ${id - 1}) from pg_class c
    where c.relkind = 'S' and c.relnamespace = 'public'::regnamespace`,
  );
}

const run = (app: TestApp, statement: Sql): Promise<unknown> => app.db.rows(statement);

async function made(app: TestApp, method: string, path: string, body: object): Promise<void> {
  const { status, text } = await app.api(method, `/v1${path}`, body);
  if (status >= 300) throw new Error(`the world of the examples is not made: ${path} → ${status} ${text}`);
}
