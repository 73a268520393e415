// Hostile input: a 4xx problem that names the field, never a 5xx, and SQL in a string is only a string.
import { startTestApp, type TestApp } from '../support/app.js';

let test: TestApp;
beforeAll(async () => {
  test = await startTestApp();
});
afterAll(() => test.stop());

const post = (body: unknown) => test.api('POST', '/v1/contacts', body);
const base = { externalId: 'hostile' };
const injection = `'; drop table contact; -- \\ " $1 {{x}} %s`;

describe('contacts: hostile input', () => {
  it.each<[string, object, string]>([
    ['a NUL in a name', { firstName: 'a\u0000b' }, '/firstName'],
    ['half a surrogate pair', { lastName: '\ud800' }, '/lastName'],
    ['a NUL in an attribute', { attributes: { a: '\u0000' } }, '/attributes/a'],
    ['a NUL in a list name', { lists: ['a\u0000'] }, '/lists/0'],
    ['a NUL in an external id', { externalId: 'a\u0000' }, '/externalId'],
    ['31 February', { birthDate: '2026-02-31' }, '/birthDate'],
    ['the year 0', { birthDate: '0000-01-01' }, '/birthDate'],
    ['a birth in the future', { birthDate: '2999-01-01' }, '/birthDate'],
    ['a date with a time', { birthDate: '1990-01-01T00:00:00Z' }, '/birthDate'],
    ['an array for a string', { firstName: ['a'] }, '/firstName'],
    ['an object for a string', { city: { $ne: null } }, '/city'],
    ['a number for a string', { city: 5 }, '/city'],
    ['a string for a list', { interests: 'a' }, '/interests'],
    ['a huge number', { incomeAmount: 1e300 }, '/incomeAmount'],
    ['a fraction of a child', { childrenCount: 1.5 }, '/childrenCount'],
    ['latitude 91', { latitude: 91 }, '/latitude'],
    ['an unknown country', { country: 'XX' }, '/country'],
    ['a lower-case country', { country: 'fi' }, '/country'],
    ['an unknown currency', { incomeCurrency: 'QQQ' }, '/incomeCurrency'],
    ['an unknown zone', { timeZone: 'Mars/Olympus' }, '/timeZone'],
    ['an offset for a zone', { timeZone: '+03:00' }, '/timeZone'],
    ['no language', { locale: 'not a tag' }, '/locale'],
    ['an unknown gender', { gender: 'F' }, '/gender'],
    ['an unknown field', { frist_name: 'x' }, '/frist_name'],
    ['a field of ours', { workspaceId: '1' }, '/workspaceId'],
    ['a nested attribute', { attributes: { a: { b: 1 } } }, '/attributes/a'],
    ['an attribute key with a dot', { attributes: { 'a.b': 1 } }, '/attributes/a.b'],
    ['an attribute key that is SQL', { attributes: { [injection]: 1 } }, ''],
    ['too long a name', { firstName: 'x'.repeat(201) }, '/firstName'],
    ['a phone that is none', { phone: 'call me' }, '/phone'],
    ['a phone that is too short', { phone: '+1 212' }, '/phone'],
    ['SQL for a phone', { phone: injection }, '/phone'],
    ['a header for an email', { email: 'a@example.com\r\nBcc: b@example.com' }, '/email'],
    ['SQL for an email', { emails: ['a@example.com', injection] }, '/emails/1'],
    ['consent without a source', { consent: [{ channel: 'sms', topic: 'news', state: 'granted' }] }, '/consent/0/source'],
    [
      'consent of a far future',
      { consent: [{ channel: 'sms', topic: 'n', state: 'granted', source: 's', occurredAt: '9999-12-31T00:00:00Z' }] },
      '/consent/0/occurredAt',
    ],
    ['consent on a fax', { consent: [{ channel: 'fax', topic: 'n', state: 'granted', source: 's' }] }, '/consent/0/channel'],
  ])('refuses %s', async (_name, fields, pointer) => {
    const { status, body } = await post({ ...base, ...fields });
    expect([status, body.code]).toEqual([422, 'invalid']);
    expect(body.errors[0].pointer.startsWith(pointer)).toBe(true);
  });

  it.each([[null], [[]], [5], [{}], [{ firstName: 'nobody' }], [{ externalId: null, phone: null }]])(
    'refuses the body %j',
    async body => {
      expect((await post(body)).status).toBe(422);
    },
  );

  it('refuses a body that is not JSON, one too large, and one nested without end', async () => {
    const raw = (body: string) => test.api('POST', '/v1/contacts', body, { 'content-type': 'application/json' });
    expect((await raw('{"a":')).status).toBe(400);
    expect((await raw(JSON.stringify({ firstName: 'x'.repeat(3_000_000) }))).status).toBe(413);
    expect((await raw(`{"externalId":"a","attributes":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`)).status).toBe(422);
    expect((await raw('"text"')).status).toBe(422);
    // A key that objects inherit is dropped by the parser of bodies, never assigned.
    expect((await raw('{"externalId":"a","__proto__":{"firstName":"x"}}')).body.firstName).toBeNull();
    expect((await raw('{"externalId":"a","incomeAmount":1e999}')).status).toBe(422);
  });

  it('stores SQL, templates and every script as the text they are', async () => {
    const names = [injection, '{{#each}}', '<script>', 'زهرا', '李', '👩‍👩‍👧', 'İıŞ', 'a'.repeat(200)];
    for (const firstName of names) {
      const { status, body } = await post({
        ...base,
        firstName,
        attributes: { note: firstName },
        tags: [firstName.slice(0, 100).trim()],
      });
      expect([status, body.firstName, body.attributes.note]).toEqual([200, firstName.trim(), firstName]);
      expect((await test.api('GET', `/v1/contacts?search=${encodeURIComponent(firstName)}`)).status).toBe(200);
    }
  });

  it.each([
    '/v1/contacts/abc',
    '/v1/contacts/0',
    '/v1/contacts/-1',
    '/v1/contacts/99999999999999999999',
    "/v1/contacts/1'--",
    '/v1/contacts?limit=0',
    '/v1/contacts?limit=1e9',
    '/v1/contacts?limit=abc',
    '/v1/contacts?nonsense=1',
    '/v1/contacts?search=%00',
    '/v1/contacts?search=a&search=b',
    '/v1/suppressions?address=x',
    '/v1/suppressions?channel=sms&address=zzz',
    '/v1/suppressions?after=zzz',
    '/v1/contacts/1/events?after=WyJ4IiwieSJd',
    '/v1/lists/x',
    '/v1/tags?after=%F0%9F%92%A9',
  ])('refuses %s', async path => {
    const { status, body } = await test.api('GET', path);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(body.code).toBeDefined();
  });

  it('needs the scope to write and sees no other workspace', async () => {
    const { body: key } = await test.api('POST', '/v1/api-keys', { name: 'reader', scopes: ['contacts:read'] });
    const answer = await test.api('POST', '/v1/contacts', base, { authorization: `Bearer ${key.key}` });
    expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
    expect((await test.api('GET', '/v1/contacts', undefined, { authorization: `Bearer ${key.key}` })).status).toBe(200);
  });
});
