// Search: names in any order, phones in any spelling, emails from their beginning, external ids.
import { startTestApp, type TestApp } from '../support/app.js';

let test: TestApp;
const ids: Record<string, string> = {};

const people = {
  aino: { externalId: 'F-1', firstName: 'Aino', lastName: 'Virtanen', phone: '040 123 4567', email: 'aino@example.com' },
  ainoKa: { externalId: 'F-2', firstName: 'Aino', lastName: 'Kallio', phone: '+12125550177' },
  zahra: { externalId: 'I-1', firstName: 'زهرا', lastName: 'محمدی', phone: '+989123456789', email: 'zahra_m%@example.com' },
  percent: { externalId: '100%', firstName: 'A%b', lastName: "O'Neil" },
};

beforeAll(async () => {
  test = await startTestApp({ workspace: { defaultCountry: 'FI' } });
  for (const [name, person] of Object.entries(people)) ids[name] = (await test.api('POST', '/v1/contacts', person)).body.id;
});
afterAll(() => test.stop());

const search = async (text: string) => {
  const { status, body } = await test.api('GET', `/v1/contacts?search=${encodeURIComponent(text)}`);
  expect(status).toBe(200);
  return body.data.map((row: { id: string }) => Object.keys(ids).find(name => ids[name] === row.id));
};

describe('contacts: search', () => {
  it.each([
    ['aino', ['aino', 'ainoKa']],
    ['VIRT', ['aino']],
    ['kal ain', ['ainoKa']],
    ['aino virtanen', ['aino']],
    ['aino nobody', []],
    ['محم', ['zahra']],
    ['زهرا محمدی', ['zahra']],
    ["o'n", ['percent']],
    ['a%', ['percent']],
    ['%', []],
    ['_', []],
    ['\\', []],
    ['F-1', ['aino']],
    ['100%', ['percent']],
    ['aino@', ['aino']],
    ['AINO@EXAMPLE.COM', ['aino']],
    ['zahra_m%@', ['zahra']],
    ['zahraXm', []],
  ])('finds by name, email or id: %s', async (text, expected) => {
    expect(await search(text)).toEqual(expected);
  });

  it.each([
    ['+358401234567', ['aino']],
    ['00358 40 123', ['aino']],
    ['+358 (0)40 123', ['aino']],
    ['0401234567', ['aino']],
    ['040-1234', ['aino']],
    ['4567', ['aino']],
    ['34 567', ['aino']],
    ['456', []],
    ['۰۹۱۲۳۴۵۶۷۸۹', ['zahra']],
    ['۶۷۸۹', ['zahra']],
    ['(212) 555-0177', ['ainoKa']],
    ['+1 212', ['ainoKa']],
    ['+4567', []],
    ['0000', []],
  ])('finds a phone in any spelling: %s', async (text, expected) => {
    expect(await search(text)).toEqual(expected);
  });

  it('shows the primary addresses and pages by key', async () => {
    const first = await test.api('GET', '/v1/contacts?limit=3');
    expect(first.body.data[0]).toMatchObject({
      id: ids.aino,
      externalId: 'F-1',
      phone: '+358401234567',
      email: 'aino@example.com',
      firstName: 'Aino',
    });
    const second = await test.api('GET', `/v1/contacts?limit=3&after=${first.body.next}`);
    expect(second.body).toMatchObject({ data: [{ id: ids.percent }], next: null });
    expect(await search('  ')).toHaveLength(4);
  });

  it('uses the indexes also for a partial number', async () => {
    await test.api('POST', '/v1/contacts/bulk', {
      contacts: Array.from({ length: 1000 }, (_, i) => ({
        externalId: `x${i}`,
        phone: `+1646555${String(100 + (i % 100)).padStart(4, '0')}`,
      })),
    });
    const { status, body } = await test.api('GET', '/v1/contacts?search=5550177&limit=500');
    expect(status).toBe(200);
    expect(body.data.length).toBe(11); // ten who share +1 646 555 0177, and Aino Kallio
  });

  it('refuses a cursor that is not its own', async () => {
    for (const after of [
      'x',
      'W10',
      Buffer.from('["drop table"]').toString('base64url'),
      Buffer.from('["1","2"]').toString('base64url'),
    ]) {
      const { status, body } = await test.api('GET', `/v1/contacts?after=${after}`);
      expect([status, body.errors?.[0]?.pointer]).toEqual([422, '?after']);
    }
  });
});
