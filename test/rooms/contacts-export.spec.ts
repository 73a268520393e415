/** Contacts out as CSV: of any filter, safe in a spreadsheet, from one moment, and in again as they were. */
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { parse } from 'csv-parse/sync';
import { sql } from '../../src/domain/sql.js';
import { call, startTestApp, type TestApp } from '../support/app.js';
import { withoutSweeps } from '../support/dispatches.js';
import { eventually } from '../support/eventually.js';
import { uploadAndMerge } from '../support/imports.js';

let app: TestApp;
// A sweep's own reads would be counted among the open snapshots.
beforeEach(async () => void (app = await withoutSweeps(startTestApp())));
afterEach(() => app.stop());

const everyone = { version: 1, rule: { kind: 'all', rules: [] } };
const make = async (body: object) => expect((await app.api('POST', '/v1/contacts', body)).status).toBe(200);
const exported = async (body: object) => {
  const answer = await app.api('POST', '/v1/exports', body);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
  return answer.text;
};
const records = (csv: string): Record<string, string>[] => parse(csv, { columns: true });

/** Contacts of whom nothing is known but a first name of 200 characters. */
const fill = (count: number) =>
  app.db.run(sql`insert into contact (workspace_id, first_name)
    select ${app.workspaceId}, repeat('x', 200) from generate_series(1, ${count}::int)`);
const openSnapshots = async () =>
  (
    await app.db.rows(sql`select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
      and xact_start is not null and backend_type = 'client backend' and query not like '%pg_stat_activity%'`)
  ).length;

/** Of the types that a value does not show by itself. */
const typed = {
  renewal: '2031-05-17',
  seen: '2026-01-02T03:04:05.678Z',
  price: { amount: -12.5, currency: 'EUR' },
  home: { country: 'FI', city: 'Tampere, "centre"', latitude: 61.5, longitude: 23.75 },
  plan: 'gold',
  sizes: ['m', 'l;xl'],
};
async function registerTyped(): Promise<void> {
  const options = [...typed.sizes, typed.plan].map(value => ({ value }));
  const types = { renewal: 'date', seen: 'time', price: 'money', home: 'place', plan: 'choice', sizes: 'choices' };
  for (const [key, type] of Object.entries(types)) {
    const body = { key, type, ...(type.startsWith('choice') ? { options } : {}) };
    expect((await app.api('POST', '/v1/attributes', body)).status).toBe(201);
  }
}

async function makePeople(): Promise<void> {
  await registerTyped();
  for (const person of people) await make(person);
}

const people = [
  {
    externalId: 'a-1',
    anonymousId: 'visitor',
    email: 'aino@example.com',
    phone: '+358401234567',
    firstName: 'Aino "Ainikki"',
    lastName: "=cmd|'/c calc'!A1",
    birthDate: '1990-05-17',
    gender: 'female',
    latitude: 40.40926169999999,
    longitude: -0.0000001,
    incomeAmount: 50000.5,
    incomeCurrency: 'EUR',
    incomeBand: '40-50k',
    educationLevel: 6,
    interests: ['sauna, hot', 'swimming'],
    habits: ['a;b', 'c|d'],
    needs: ['one, with a comma'],
    attributes: { score: -12.5, vip: true, colours: ['red', '=green'], note: "'=kept", mixed: 'one', plain: '007', ...typed },
    tags: ['=tag', 'b, c'],
    lists: ['Fair'],
  },
  { externalId: 'b-2', firstName: '@two\nlines', city: ' Bakı'.trim(), company: '-minus', attributes: { mixed: 'text' } },
  { externalId: 'c-3', lastName: '+1+1', jobTitle: "'-quoted", postalCode: '00100' },
];

test('a file imports again as it was: into the same workspace, and into an empty one', async () => {
  await makePeople();
  const first = await exported({ rule: everyone });
  const same = await uploadAndMerge(app, first, { kind: 'contacts' });
  expect(same).toMatchObject({ state: 'done', rowsRejected: 0, contactsCreated: 0 });
  expect(await exported({ rule: everyone })).toBe(first);

  const other = await startTestApp();
  try {
    const fresh = await uploadAndMerge(other, first, { kind: 'contacts' });
    expect(fresh).toMatchObject({ state: 'done', rowsRejected: 0, contactsCreated: 3 });
    expect((await other.api('POST', '/v1/exports', { rule: everyone })).text).toBe(first);
    const { body } = await other.api('GET', '/v1/contacts?search=a-1');
    const { body: aino } = await other.api('GET', `/v1/contacts/${body.data[0].id}`);
    expect(aino).toMatchObject({
      lastName: "=cmd|'/c calc'!A1",
      latitude: 40.40926169999999,
      interests: ['sauna, hot', 'swimming'],
      habits: ['a;b', 'c|d'],
      needs: ['one, with a comma'],
      attributes: { score: -12.5, vip: true, colours: ['red', '=green'], note: "'=kept", ...typed },
    });
  } finally {
    await other.stop();
  }
});

test('no cell can be run by a spreadsheet, and plain numbers stay numbers', async () => {
  await makePeople();
  const cells = parse(await exported({ rule: everyone })).flat() as string[];
  expect(cells.filter(cell => /^[=+\-@\t\r]/.test(cell) && !/^[+-]?\d+(\.\d+)?$/.test(cell))).toEqual([]);
  expect(cells).toEqual(expect.arrayContaining(["'=cmd|'/c calc'!A1", '+358401234567', '-12.5', "'@two\nlines"]));
});

test('a saved segment and chosen columns: those people, those columns, in that order, and nobody who was erased', async () => {
  await makePeople();
  const { body } = await app.api('GET', '/v1/contacts');
  await app.api('DELETE', `/v1/contacts/${body.data[2].id}`);
  const segment = await app.api('POST', '/v1/segments', { name: 'Not Aino', rule: notFemale });
  const csv = await exported({
    segmentId: segment.body.id,
    columns: ['firstName', 'externalId', 'attributes.mixed', 'musterId'],
  });
  expect(csv).toBe(`firstName,externalId,attributes.mixed,musterId\r\n"'@two\nlines",b-2,text,${body.data[1].id}\r\n`);
});
const notFemale = {
  version: 1,
  rule: { kind: 'none', rules: [{ kind: 'attribute', field: 'gender', operator: 'is', value: 'female' }] },
};

test('consent columns say the latest word', async () => {
  const word = (state: string, occurredAt: string) => ({ channel: 'email', topic: 'news', state, source: 'form', occurredAt });
  await make({
    email: 'x@example.com',
    consent: [word('granted', '2024-01-01T00:00:00Z'), word('withdrawn', '2025-01-01T00:00:00Z')],
  });
  expect(records(await exported({ rule: everyone, columns: ['email', 'consent.email.news', 'consent.sms.news'] }))).toEqual([
    { email: 'x@example.com', 'consent.email.news': 'withdrawn', 'consent.sms.news': '' },
  ]);
});

test('what is asked wrongly is named', async () => {
  const refused = async (body: object) => (await app.api('POST', '/v1/exports', body)).body.errors[0].pointer;
  expect(await refused({})).toBe('/rule');
  expect(await refused({ rule: everyone, columns: ['email', 'passwords'] })).toBe('/columns/1');
  expect(await refused({ rule: everyone, columns: ['email', 'email'] })).toBe('/columns/1');
  expect(await refused({ rule: everyone, columns: ['consent.pigeon.news'] })).toBe('/columns/0');
  expect(await refused({ rule: everyone, columns: ["attributes.x' from api_key --"] })).toBe('/columns/0');
  expect((await app.api('POST', '/v1/exports', { segmentId: '987654' })).status).toBe(404);
});

test('it is written down who exported what', async () => {
  await exported({ rule: everyone, columns: ['email'] });
  const { body } = await app.api('GET', '/v1/audit');
  expect(body.data[0]).toMatchObject({ action: 'contacts.exported', details: { columns: ['email'] } });
});

/** The answer with its body unread. */
const open = () =>
  new Promise<IncomingMessage>((resolve, reject) => {
    const headers = { authorization: `Bearer ${app.key}`, 'content-type': 'application/json' };
    const asked = request(`${app.url}/v1/exports`, { method: 'POST', headers, agent: false }, resolve).on('error', reject);
    asked.end(JSON.stringify({ rule: everyone, columns: ['musterId', 'firstName'] }));
  });
const lengthOf = async (answer: IncomingMessage) => {
  let lines = 0;
  for await (const piece of answer) lines += (piece as Buffer).filter(byte => byte === 10).length;
  return lines;
};

test('a slow reader gets the moment it began at, while others write', async () => {
  await fill(40_000);
  const answer = await open();
  expect(await openSnapshots()).toBe(1);
  await fill(100);
  await app.db.run(sql`update contact set erased_at = now() where workspace_id = ${app.workspaceId}`);
  expect(await lengthOf(answer)).toBe(40_001);
  await eventually(async () => (await openSnapshots()) === 0);
});

test('memory stays flat: a reader that takes nothing stops us, and rows wait in the database', async () => {
  await fill(200_000);
  const before = process.memoryUsage().rss;
  const answer = await open();
  await new Promise(resolve => setTimeout(resolve, 500));
  expect(process.memoryUsage().rss - before).toBeLessThan(60e6);
  expect(await lengthOf(answer)).toBe(200_001);
  expect(process.memoryUsage().rss - before).toBeLessThan(150e6);
});

test('a reader that hangs up frees its connection and its place, however often', async () => {
  await fill(40_000);
  for (let round = 0; round < 12; round++) {
    const answer = await open();
    expect(answer.statusCode).toBe(200);
    answer.destroy();
    await eventually(async () => (await openSnapshots()) === 0);
  }
});

test('too many at once are told to come again', async () => {
  await fill(40_000);
  const answers = [];
  for (let i = 0; i < 4; i++) answers.push(await open());
  expect(answers.map(answer => answer.statusCode)).toEqual([200, 200, 200, 503]);
  for (const answer of answers) answer.destroy();
  await eventually(async () => (await openSnapshots()) === 0);
});

test('the audit trail as a file: every entry, first to last, and of this workspace only', async () => {
  await app.api('POST', '/v1/lists', { name: '=list' });
  const answer = await call(app.url, app.key, 'GET', '/v1/audit.csv');
  expect([answer.status, answer.headers.get('content-disposition')]).toEqual([200, 'attachment; filename="audit.csv"']);
  const rows = records(answer.text);
  expect(rows.map(row => row['action'])).toEqual(['list.created', 'audit.exported']);
  expect(rows[0]).toMatchObject({ actor: expect.stringMatching(/^key:\d+$/), details: '{}' });
});
