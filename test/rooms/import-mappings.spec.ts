// Saved mappings: made from a body or from an import, used by an upload without outvoting it, and suggested for a header.
import { sql } from '../../src/domain/sql.js';
import { type Answer, startTestApp, type TestApp } from '../support/app.js';
import { upload, uploadAndMerge } from '../support/imports.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ workspace: { defaultCountry: 'FI' } });
});
afterAll(() => app.stop());

const save = (body: object): Promise<Answer> => app.api('POST', '/v1/import-mappings', body);
const suggest = (headers: string[], kind = 'contacts'): Promise<Answer> =>
  app.api('POST', `/v1/import-mappings/suggest`, { kind, headers });
const contact = async (externalId: string) => {
  const found = await app.api('GET', `/v1/contacts?search=${externalId}`);
  return (await app.api('GET', `/v1/contacts/${found.body.data[0].id}`)).body;
};
const saved = async (id: string) =>
  (await app.api('GET', '/v1/import-mappings')).body.data.find((mapping: { id: string }) => mapping.id === id);
const problem = ({ status, body }: Answer) => [status, body.errors?.[0]];

const till = { Nro: 'externalId', Posti: 'email', Kommentti: 'ignore', Paikka: 'city' };

test('a mapping is saved, listed, renamed, changed and deleted, and each is audited', async () => {
  const made = await save({ name: 'Draft', kind: 'contacts', mapping: { Nro: 'externalId' }, options: { tags: ['till'] } });
  expect(made).toMatchObject({
    status: 201,
    body: { name: 'Draft', kind: 'contacts', headers: ['Nro'], options: { tags: ['till'], decimal: '.' }, lastUsedAt: null },
  });
  const { id } = made.body;
  const changed = await app.api('PATCH', `/v1/import-mappings/${id}`, { name: 'Till', mapping: { Posti: 'email' } });
  expect(changed.body).toMatchObject({
    name: 'Till',
    mapping: { Posti: 'email' },
    headers: ['Posti'],
    options: { tags: ['till'] },
  });
  expect(await saved(id)).toEqual(changed.body);
  expect((await app.api('DELETE', `/v1/import-mappings/${id}`)).status).toBe(204);
  for (const method of ['PATCH', 'DELETE'])
    expect((await app.api(method, `/v1/import-mappings/${id}`, method === 'PATCH' ? { name: 'x' } : undefined)).status).toBe(404);
  const trail = await app.db.rows<{ action: string }>(
    sql`select action from audit_entry where target = ${`import-mapping:${id}`} order by id`,
  );
  expect(trail.map(({ action }) => action)).toEqual(['created', 'updated', 'deleted'].map(verb => `import-mapping.${verb}`));
});

test('what an import did is saved under a name', async () => {
  const order = { kind: 'contacts', mapping: { Nro: 'externalId' }, options: { decimal: ',', list: 'Till' } };
  const { id } = await uploadAndMerge(app, 'Nro,City,Huom\nt1,Espoo,x\n', order);
  const made = await save({ name: 'From an import', importId: id });
  expect(made.body).toMatchObject({
    kind: 'contacts',
    headers: ['Nro', 'City', 'Huom'],
    mapping: { Nro: 'externalId', City: 'city', Huom: 'ignore' },
    options: { decimal: ',', list: 'Till' },
  });
  await app.api('DELETE', `/v1/import-mappings/${made.body.id}`);
});

describe('a mapping that cannot be', () => {
  const cases: [string, object, unknown][] = [
    ['names no field', { name: 'x', kind: 'contacts', mapping: { 'a/b': 'shoes' } }, '/mapping/a~1b'],
    ['is of the other kind', { name: 'x', kind: 'orders', mapping: { a: 'firstName' } }, '/mapping/a'],
    ['names no column', { name: 'x', kind: 'contacts', mapping: {} }, '/mapping'],
    ['has no kind', { name: 'x', mapping: { a: 'email' } }, '/kind'],
    ['has no mapping', { name: 'x', kind: 'contacts' }, '/mapping'],
    ['is said twice', { name: 'x', importId: '1', mapping: { a: 'email' } }, '/mapping'],
    ['comes from an import that is not there', { name: 'x', importId: '999999' }, '/importId'],
    ['has no name', { kind: 'contacts', mapping: { a: 'email' } }, '/name'],
  ];
  test.each(cases)('is refused when it %s', async (_why, body, pointer) => {
    expect(problem(await save(body))).toEqual([422, expect.objectContaining({ pointer })]);
  });

  test('has a name that is taken', async () => {
    const body = { name: 'Twice', kind: 'contacts', mapping: { a: 'email' } };
    const { id } = (await save(body)).body;
    expect((await save(body)).status).toBe(409);
    await app.api('DELETE', `/v1/import-mappings/${id}`);
  });
});

describe('an upload that names a saved mapping', () => {
  let id: string;
  beforeAll(async () => {
    const options = { tags: ['till'], onExisting: 'skip' };
    id = (await save({ name: 'The till', kind: 'contacts', mapping: till, options })).body.id;
  });
  afterAll(() => app.api('DELETE', `/v1/import-mappings/${id}`));

  test('is read by it, and by its own header for the rest; columns that are not there are not missed', async () => {
    const done = await uploadAndMerge(app, 'Nro,Paikka,First name\nm1,Turku,Aino\n', { kind: 'contacts', mappingId: id });
    expect(done).toMatchObject({ state: 'done', contactsCreated: 1 });
    expect(done.mapping).toEqual({ Nro: 'externalId', Paikka: 'city', 'First name': 'firstName' });
    expect(await contact('m1')).toMatchObject({ city: 'Turku', firstName: 'Aino' });
    expect((await saved(id)).lastUsedAt).not.toBeNull();
  });

  test('has its own say first, in the mapping and in the options', async () => {
    const said = { kind: 'contacts', mappingId: id, mapping: { Paikka: 'region' }, options: { onExisting: 'update' } };
    const done = await uploadAndMerge(app, 'Nro,Paikka\nm1,Savo\n', said);
    expect(done).toMatchObject({ rowsSkipped: 0, contactsUpdated: 1 });
    expect(await contact('m1')).toMatchObject({ city: 'Turku', region: 'Savo' });
    const kept = await uploadAndMerge(app, 'Nro,Paikka\nm1,Oulu\n', { kind: 'contacts', mappingId: id });
    expect(kept).toMatchObject({ rowsSkipped: 1 });
  });

  test.each([
    ['one that is not there', 'contacts', '999999'],
    ['one of the other kind', 'orders', null],
    ['what is no id', 'contacts', 'till'],
  ])('is refused for %s', async (_what, kind, other) => {
    expect(problem(await upload(app, 'Nro\nm2\n', { kind, mappingId: other ?? id }))).toEqual([
      422,
      expect.objectContaining({ pointer: '/mappingId' }),
    ]);
  });

  test('is refused by the header whose attribute is archived or whose field is gone', async () => {
    const attribute = (await app.api('POST', '/v1/attributes', { key: 'shoe', type: 'number' })).body;
    const mapping = { Nro: 'externalId', Koko: 'attributes.shoe' };
    const made = (await save({ name: 'Shoes', kind: 'contacts', mapping })).body;
    await app.api('POST', `/v1/attributes/${attribute.id}/archive`);
    const order = { kind: 'contacts', mappingId: made.id };
    expect(problem(await upload(app, 'Nro,Koko\nm3,42\n', order))).toEqual([
      422,
      { pointer: '/mapping', message: 'Column "Koko" (attributes.shoe): Is archived: unarchive it first' },
    ]);
    await app.db.run(sql`update import_mapping set mapping = '{"Nro": "externalId", "Koko": "gone"}' where id = ${made.id}`);
    expect(problem(await upload(app, 'Nro,Koko\nm3,42\n', order))).toEqual([
      422,
      { pointer: '/mapping/Koko', message: 'Column "Koko": "gone" is not a field of contacts' },
    ]);
    await app.api('DELETE', `/v1/import-mappings/${made.id}`);
  });
});

describe('a suggestion', () => {
  const ids: string[] = [];
  beforeAll(async () => {
    const make = async (body: object) => ids.push((await save(body)).body.id);
    await make({ name: 'Old', kind: 'contacts', mapping: till });
    await make({ name: 'New', kind: 'contacts', mapping: till });
    await make({ name: 'Wide', kind: 'contacts', mapping: { ...till, Ala: 'jobTitle' } });
    await make({ name: 'Sales', kind: 'orders', mapping: { Nro: 'orderId' } });
  });
  afterAll(async () => {
    for (const id of ids) await app.api('DELETE', `/v1/import-mappings/${id}`);
  });

  test('is the saved mapping with most of its headers there, of equals the newest', async () => {
    const { body } = await suggest(['Nro', 'Posti', 'Kommentti', 'First name', 'Nonsense']);
    expect(body).toMatchObject({ saved: { name: 'New' }, share: 0.75 });
    expect(body.columns).toEqual([
      { header: 'Nro', field: 'externalId', from: 'saved' },
      { header: 'Posti', field: 'email', from: 'saved' },
      { header: 'Kommentti', field: 'ignore', from: 'saved' },
      { header: 'First name', field: 'firstName', from: 'header' },
      { header: 'Nonsense', field: 'ignore', from: 'header' },
    ]);
    expect((await suggest(['Nro', 'Posti', 'Kommentti', 'Paikka', 'Ala'])).body).toMatchObject({
      saved: { name: 'Wide' },
      share: 1,
    });
    expect((await suggest(['Nro'], 'orders')).body.saved.name).toBe('Sales');
  });

  test('is what the headers say where nothing saved fits', async () => {
    expect((await suggest(['E-mail', 'Zip'])).body).toEqual({
      saved: null,
      share: 0,
      columns: [
        { header: 'E-mail', field: 'email', from: 'header' },
        { header: 'Zip', field: 'postalCode', from: 'header' },
      ],
    });
    expect(problem(await suggest(['a', 'a']))).toEqual([422, expect.objectContaining({ pointer: '/headers' })]);
  });
});
