/** The registry of attributes: types, renames, options in use, sensitive ones, keys that register themselves, and the limit. */
import { startTestApp, type TestApp } from '../support/app.js';
import { uploadAndMerge } from '../support/imports.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const register = async (body: object) => (await app.api('POST', '/v1/attributes', body)).body;
const upsert = (externalId: string, attributes: object) => app.api('POST', '/v1/contacts', { externalId, attributes });
const attributeOf = async (key: string) => {
  const { body } = await app.api('GET', '/v1/attributes');
  return body.custom.find((attribute: { key: string }) => attribute.key === key);
};

test('a key nobody registered registers itself with the type of its value', async () => {
  await upsert('a', { found: 'x', count: 1, flag: true, words: ['a'], nothing: null });
  const { body } = await app.api('GET', '/v1/attributes');
  const types = Object.fromEntries(body.custom.map(({ key, type }: { key: string; type: string }) => [key, type]));
  expect(types).toMatchObject({ found: 'text', count: 'number', flag: 'boolean', words: 'texts' });
  expect(types).not.toHaveProperty('nothing');
});

test('the catalogue has the standard attributes with their types', async () => {
  const { body } = await app.api('GET', '/v1/attributes');
  expect(body.standard).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ field: 'birthDate', type: 'date', isOn: true }),
      expect.objectContaining({ field: 'gender', type: 'choice', options: ['female', 'male', 'other'] }),
      expect.objectContaining({ field: 'interests', type: 'texts' }),
      expect.objectContaining({ field: 'religion', sensitivity: 'sensitive', isOn: false }),
    ]),
  );
});

describe('values are held to the registered type', () => {
  beforeAll(async () => {
    for (const type of ['number', 'boolean', 'date', 'time', 'money', 'place', 'texts'])
      await register({ key: `my_${type}`, type });
    const options = [{ value: 'gold', label: 'Kulta' }, { value: 'free' }];
    await register({ key: 'my_choice', type: 'choice', options });
    await register({ key: 'my_choices', type: 'choices', options });
  });

  test.each([
    ['my_number', '5', ''],
    ['my_boolean', 'true', ''],
    ['my_date', '2026-02-30', ''],
    ['my_date', '0000-01-01', ''],
    ['my_time', '2026-01-01 10:00', ''],
    ['my_time', '9999-12-31T23:59:59-10:00', ''],
    ['my_money', 5, ''],
    ['my_money', { amount: 5, currency: 'euro' }, ''],
    ['my_money', { amount: '5', currency: 'EUR' }, '/amount'],
    ['my_place', { latitude: 91, longitude: 0 }, '/latitude'],
    ['my_place', {}, ''],
    ['my_texts', 'one', ''],
    ['my_choice', 'silver', ''],
    ['my_choices', ['gold', 'silver'], '/1'],
  ])('%s does not take %j', async (key, value, path) => {
    const { status, body } = await upsert('wrong', { [key]: value });
    expect(status).toBe(422);
    expect(body.errors[0].pointer).toBe(`/attributes/${key}${path}`);
  });

  test('and shown in one form', async () => {
    const sent = {
      my_time: '2026-01-01T12:00:00+02:00',
      my_money: { amount: 1.5, currency: 'EUR' },
      my_place: { country: 'FI' },
      my_choice: 'KULTA',
      my_choices: ['free', 'Free', 'gold'],
    };
    const { body } = await upsert('typed', sent);
    expect(body.attributes).toEqual({
      ...sent,
      my_time: '2026-01-01T10:00:00.000Z',
      my_choice: 'gold',
      my_choices: ['free', 'gold'],
    });
  });

  test('a bad one keeps only its own row out of a bulk', async () => {
    const rows = [5, 'five', 7].map((value, i) => ({ externalId: `bulk${i}`, attributes: { my_number: value } }));
    const { body } = await app.api('POST', '/v1/contacts/bulk', { contacts: rows });
    expect(body).toMatchObject({ created: 2, failed: 1 });
    expect(body.results[1].errors[0].pointer).toBe('/contacts/1/attributes/my_number');
  });

  test('an import reads them by type, and rejects a row with its reason', async () => {
    const file =
      'externalId,attributes.my_money,attributes.my_time,attributes.my_choice\nf1,"EUR 1,200.50",2026-07-01 12:00,Kulta\nf2,5,,\nf3,,,silver\n';
    const done = await uploadAndMerge(app, file, { kind: 'contacts', options: { timeZone: 'Europe/Helsinki' } });
    expect(done).toMatchObject({ contactsCreated: 1, rowsRejected: 2 });
    const { text } = await app.api('GET', `/v1/imports/${done.id}/rejects.csv`);
    expect(text).toContain('3,attributes.my_money,"not an amount with its currency, such as 12.50 EUR"');
    expect(text).toContain('4,attributes.my_choice,');
    const { body } = await app.api('GET', '/v1/contacts?search=f1');
    const { body: contact } = await app.api('GET', `/v1/contacts/${body.data[0].id}`);
    expect(contact.attributes).toEqual({
      my_money: { amount: 1200.5, currency: 'EUR' },
      my_time: '2026-07-01T09:00:00.000Z',
      my_choice: 'gold',
    });
  });

  test('a column that names another type is refused before the first row is read', async () => {
    const form = { kind: 'contacts' };
    await expect(uploadAndMerge(app, 'externalId,attributes.my_number:text\nx,1\n', form)).rejects.toThrow(
      'registered as number',
    );
  });
});

test('renaming a key keeps the values, and the old key is free', async () => {
  const { body: contact } = await upsert('renamed', { old_key: 'kept' });
  const { id } = await attributeOf('old_key');
  expect((await app.api('PATCH', `/v1/attributes/${id}`, { key: 'new_key', label: 'New' })).body).toMatchObject({
    key: 'new_key',
    label: 'New',
    type: 'text',
  });
  expect((await app.api('GET', `/v1/contacts/${contact.id}`)).body.attributes).toEqual({ new_key: 'kept' });
  expect((await app.api('PATCH', `/v1/attributes/${id}`, { key: 'found' })).status).toBe(409);
  expect((await app.api('PATCH', `/v1/attributes/${id}`, { type: 'number' })).status).toBe(422);
});

test('an option in use is not taken away; its label may change', async () => {
  const { id } = await register({ key: 'tier', type: 'choice', options: [{ value: 'a' }, { value: 'b' }] });
  await upsert('tiered', { tier: 'a' });
  const change = (options: object[]) => app.api('PATCH', `/v1/attributes/${id}`, { options });
  const refused = await change([{ value: 'b' }]);
  expect([refused.status, refused.body.detail]).toEqual([409, '1 contacts have what would be removed: a']);
  expect((await change([{ value: 'a', label: 'First' }])).body.options).toEqual([{ value: 'a', label: 'First' }]);
  expect((await change([{ value: 'a' }, { value: 'A' }])).status).toBe(422);
});

test('what is sensitive cannot be set until a legal basis is stated', async () => {
  const { id, isOn } = await register({ key: 'illness', type: 'text', sensitivity: 'sensitive' });
  expect(isOn).toBe(false);
  expect((await upsert('s', { illness: 'flu' })).body.errors[0].pointer).toBe('/attributes/illness');
  await app.api('PATCH', `/v1/attributes/${id}`, { legalBasis: 'Explicit consent' });
  expect((await upsert('s', { illness: 'flu' })).status).toBe(200);
  const believer = () => app.api('POST', '/v1/contacts', { externalId: 's', religion: 'x' });
  expect((await believer()).body.errors[0].pointer).toBe('/religion');
  await app.api('PUT', '/v1/attributes/standard', { field: 'religion', legalBasis: 'Explicit consent' });
  expect((await believer()).status).toBe(200);
  const { body } = await app.api('GET', '/v1/audit?limit=500');
  const actions = body.data.map(({ action }: { action: string }) => action);
  expect(actions).toEqual(expect.arrayContaining(['attribute.turned-on', 'attribute.created', 'attributes.found']));
});

test('only an administrator says that something is not sensitive after all', async () => {
  const { id } = await register({ key: 'belief', type: 'text', sensitivity: 'sensitive' });
  const { body: writer } = await app.api('POST', '/v1/api-keys', { name: 'writer', scopes: ['contacts:write'] });
  const call = (key: string, change: object) =>
    app.api('PATCH', `/v1/attributes/${id}`, change, { authorization: `Bearer ${key}` });
  const refused = await call(writer.key, { sensitivity: 'normal' });
  expect([refused.status, refused.body.errors[0].pointer]).toEqual([403, '/sensitivity']);
  expect((await call(writer.key, { sensitivity: 'sensitive', label: 'Belief' })).status).toBe(200);
  expect((await call(app.key, { sensitivity: 'personal' })).body).toMatchObject({ sensitivity: 'personal', isOn: true });
});

test('an attribute that saved segments ask about is not archived, and the answer names them', async () => {
  const { id } = await register({ key: 'renewal', type: 'date' });
  const asks = { kind: 'custom-attribute', attributeId: id, type: 'date', operator: 'known' };
  const anniversary = { kind: 'anniversary', of: { attributeId: id }, operator: 'today' };
  const saved: string[] = [];
  for (const [name, rule] of Object.entries({ Renewing: { kind: 'all', rules: [asks] }, Celebrating: anniversary })) {
    const made = await app.api('POST', '/v1/segments', { name, rule: { version: 1, rule } });
    expect(made).toMatchObject({ status: 201 });
    saved.push(made.body.id);
  }
  const refused = await app.api('POST', `/v1/attributes/${id}/archive`);
  expect([refused.status, refused.body.detail]).toEqual([
    409,
    `The attribute is still used by segment "Renewing" (${saved[0]}), segment "Celebrating" (${saved[1]})`,
  ]);
  for (const segment of saved) await app.api('DELETE', `/v1/segments/${segment}`);
  expect((await app.api('POST', `/v1/attributes/${id}/archive`)).status).toBe(200);
});

test('an archived attribute keeps its values and takes no new ones', async () => {
  await upsert('arch', { season: 'spring' });
  const { id } = await attributeOf('season');
  expect((await app.api('POST', `/v1/attributes/${id}/archive`)).body.archivedAt).not.toBeNull();
  const refused = await upsert('arch', { season: 'autumn' });
  expect([refused.status, refused.body.errors[0].pointer]).toEqual([422, '/attributes/season']);
  expect((await upsert('arch', { season: null })).status).toBe(200);
  await app.api('POST', `/v1/attributes/${id}/unarchive`);
  expect((await upsert('arch', { season: 'autumn' })).body.attributes).toEqual({ season: 'autumn' });
});

test('a workspace has 300 attributes at most, and a full registry still takes known ones', async () => {
  const keys = Array.from({ length: 300 }, (_, i) => `full${i}`);
  const half = (from: number) => Object.fromEntries(keys.slice(from, from + 150).map(key => [key, 1]));
  await upsert('full', half(0));
  const { status, body } = await upsert('full', { ...half(150), last_one: 1 });
  expect([status, body.errors.at(-1).pointer]).toEqual([422, '/attributes/last_one']);
  expect((await app.api('POST', '/v1/attributes', { key: 'still_room', type: 'text' })).status).toBe(201);
  expect((await upsert('full', { full0: 2 })).status).toBe(200);
});
