// Notes on contacts: written, changed and deleted with a trail, and gone with the person.
import { sql } from '../../src/domain/sql.js';
import { startTestApp, type TestApp } from '../support/app.js';

let app: TestApp;
let id: string;
beforeAll(async () => void (app = await startTestApp({ environment: { ROLE: 'api' } })));
afterAll(() => app.stop());
beforeEach(async () => void (id = (await app.api('POST', '/v1/contacts', { email: `p${Math.random()}@shop.example` })).body.id));

const write = (text: string) => app.api('POST', `/v1/contacts/${id}/notes`, { text });

test('notes are listed newest first, page by page, with their author', async () => {
  for (const text of ['one', 'two', 'three']) expect((await write(text)).status).toBe(201);
  const first = await app.api('GET', `/v1/contacts/${id}/notes?limit=2`);
  expect(first.body.data.map((note: { text: string }) => note.text)).toEqual(['three', 'two']);
  expect(first.body.data[0].author).toMatch(/^key:/);
  const second = await app.api('GET', `/v1/contacts/${id}/notes?limit=2&after=${first.body.next}`);
  expect(second.body).toMatchObject({ data: [{ text: 'one' }], next: null });
});

test('a note is changed and deleted, and the trail says so without its text', async () => {
  const { body: note } = await write('a secret');
  expect((await app.api('PATCH', `/v1/contacts/${id}/notes/${note.id}`, { text: 'mended' })).body.text).toBe('mended');
  expect((await app.api('DELETE', `/v1/contacts/${id}/notes/${note.id}`)).status).toBe(204);
  expect((await app.api('DELETE', `/v1/contacts/${id}/notes/${note.id}`)).status).toBe(404);
  const trail = await app.db.rows<{ action: string; text: string }>(
    sql`select action, details::text as text from audit_entry where target = ${`contact:${id}`} and action like 'note.%' order by id`,
  );
  expect(trail.map(({ action }) => action)).toEqual(['note.added', 'note.updated', 'note.deleted']);
  expect(JSON.stringify(trail)).not.toMatch(/secret|mended/);
});

test('a note of another contact is not found', async () => {
  const { body: note } = await write('mine');
  const other = (await app.api('POST', '/v1/contacts', { externalId: `other-${id}` })).body.id;
  expect((await app.api('PATCH', `/v1/contacts/${other}/notes/${note.id}`, { text: 'theirs' })).status).toBe(404);
});

test('blank and endless notes are refused by their field', async () => {
  expect((await write('  ')).body.errors[0].pointer).toBe('/text');
  expect((await write('x'.repeat(5001))).status).toBe(422);
});

test('notes are erased with the person, and nobody writes one afterwards', async () => {
  await write('describes a person');
  await app.api('DELETE', `/v1/contacts/${id}`);
  expect(await app.db.rows(sql`select from contact_note where contact_id = ${id}`)).toEqual([]);
  expect((await write('again')).status).toBe(404);
});
