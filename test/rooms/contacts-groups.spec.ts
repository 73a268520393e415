// Lists and tags: made, renamed, deleted, and who is in them.
import { startTestApp, type TestApp } from '../support/app.js';

let test: TestApp;
let ids: string[];
beforeAll(async () => {
  test = await startTestApp();
  const { body } = await test.api('POST', '/v1/contacts/bulk', { contacts: [1, 2, 3].map(n => ({ externalId: `g${n}` })) });
  ids = body.results.map((row: { id: string }) => row.id);
});
afterAll(() => test.stop());

describe.each(['lists', 'tags'])('contacts: %s', nouns => {
  it('makes, renames, shows and deletes one', async () => {
    const { status, body: made } = await test.api('POST', `/v1/${nouns}`, { name: 'Spring ✨' });
    expect(status).toBe(201);
    expect(made).toMatchObject({ name: 'Spring ✨', contacts: 0 });
    expect((await test.api('POST', `/v1/${nouns}`, { name: 'Spring ✨' })).status).toBe(409);
    const renamed = await test.api('PATCH', `/v1/${nouns}/${made.id}`, { name: 'Summer' });
    expect(renamed.body.name).toBe('Summer');
    expect((await test.api('GET', `/v1/${nouns}/${made.id}`)).body).toEqual(renamed.body);
    expect((await test.api('DELETE', `/v1/${nouns}/${made.id}`)).status).toBe(204);
    for (const method of ['GET', 'DELETE']) expect((await test.api(method, `/v1/${nouns}/${made.id}`)).status).toBe(404);
  });

  it('adds and removes members once each, and refuses unknown ones by pointer', async () => {
    const { body: group } = await test.api('POST', `/v1/${nouns}`, { name: 'Members' });
    const change = (method: string, contactIds: unknown) => test.api(method, `/v1/${nouns}/${group.id}/members`, { contactIds });
    expect((await change('POST', ids)).body).toEqual({ changed: 3 });
    expect((await change('POST', [ids[0], ids[0]])).body).toEqual({ changed: 0 });
    expect((await change('DELETE', [ids[1]])).body).toEqual({ changed: 1 });
    expect((await test.api('GET', `/v1/${nouns}/${group.id}`)).body.contacts).toBe(2);
    const { status, body } = await change('POST', [ids[1], '123456789']);
    expect([status, body.errors[0].pointer]).toEqual([422, '/contactIds/1']);
    expect((await test.api('GET', `/v1/${nouns}/${group.id}`)).body.contacts).toBe(2);
    expect((await test.api('POST', `/v1/${nouns}/999999/members`, { contactIds: ids })).status).toBe(404);
    const { body: contact } = await test.api('GET', `/v1/contacts/${ids[0]}`);
    expect(contact[nouns]).toEqual([{ id: group.id, name: 'Members' }]);
    await test.api('DELETE', `/v1/${nouns}/${group.id}`);
    expect((await test.api('GET', `/v1/contacts/${ids[0]}`)).body[nouns]).toEqual([]);
  });
});

it('contacts: a list keeps its description until it is cleared', async () => {
  const { body: list } = await test.api('POST', '/v1/lists', { name: 'Described', description: 'why' });
  expect((await test.api('PATCH', `/v1/lists/${list.id}`, { name: 'Renamed' })).body.description).toBe('why');
  expect((await test.api('PATCH', `/v1/lists/${list.id}`, { description: null })).body).toMatchObject({
    name: 'Renamed',
    description: null,
  });
});
