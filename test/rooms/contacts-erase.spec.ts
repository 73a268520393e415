// Erasure: what names or describes a person goes; hashes and nameless evidence stay.
import { sql } from '../../src/domain/sql.js';
import { startTestApp, type TestApp } from '../support/app.js';

let test: TestApp;
beforeAll(async () => {
  test = await startTestApp();
});
afterAll(() => test.stop());

const upsert = async (body: object) => (await test.api('POST', '/v1/contacts', body)).body;

describe('contacts: erase', () => {
  it('leaves nothing that names the person in any table of the room', async () => {
    const mark = 'Zanzibarius';
    const { id } = await upsert({
      externalId: `${mark}-id`,
      email: `${mark}@example.com`,
      phone: '+12125550101',
      anonymousId: `${mark}-anon`,
      firstName: mark,
      city: mark,
      interests: [mark],
      attributes: { nick: mark },
      tags: ['kept-tag'],
      lists: ['Kept list'],
      consent: [{ channel: 'email', topic: 'news', state: 'granted', source: 'form', proof: { name: mark } }],
    });
    await test.api('POST', `/v1/contacts/${id}/events`, { events: [{ name: 'Order Completed', properties: { to: mark } }] });
    expect((await test.api('DELETE', `/v1/contacts/${id}`)).status).toBe(204);

    expect((await test.api('GET', `/v1/contacts/${id}`)).status).toBe(404);
    expect((await test.api('DELETE', `/v1/contacts/${id}`)).status).toBe(404);
    expect((await test.api('PATCH', `/v1/contacts/${id}`, { firstName: mark })).status).toBe(404);
    expect((await test.api('POST', `/v1/contacts/${id}/events`, { events: [{ name: 'x' }] })).status).toBe(404);
    expect((await test.api('GET', `/v1/contacts?search=${mark}`)).body.data).toEqual([]);
    for (const table of [
      'contact',
      'identity',
      'reach',
      'consent',
      'contact_event',
      'list_member',
      'contact_tag',
      'suppression',
      'audit_entry',
      'contact_change',
    ]) {
      const rows = await test.db.rows<{ text: string }>({
        render: () => ({ text: `select t::text as text from ${table} t`, values: [] }),
      } as never);
      expect(rows.filter(row => row.text.toLowerCase().includes(mark.toLowerCase()))).toEqual([]);
    }
    const evidence = await test.db.rows(sql`select state, proof from consent where contact_id = ${id}`);
    expect(evidence).toEqual([{ state: 'granted', proof: {} }]);
    const change = await test.db.row(sql`select contact_ids from contact_change where kind = 'erase'`);
    expect(change).toEqual({ contact_ids: [id] });
  });

  it('keeps the address from being used when somebody brings it back', async () => {
    const { id } = await upsert({ email: 'gone@example.com' });
    await test.api('DELETE', `/v1/contacts/${id}`);
    const again = await upsert({ email: 'gone@example.com' });
    expect(again.id).not.toBe(id);
    expect(again.reach).toEqual([expect.objectContaining({ isSuppressed: true })]);
    const { body } = await test.api('GET', '/v1/suppressions?channel=email&address=gone@example.com');
    expect(body.data).toEqual([expect.objectContaining({ reason: 'erased' })]);
  });

  it('mends an address that another person was getting meanwhile', async () => {
    const { id } = await upsert({ email: 'meanwhile@example.com' });
    await test.api('DELETE', `/v1/contacts/${id}`);
    const other = await upsert({ email: 'meanwhile@example.com' });
    await test.db.run(sql`update reach set is_suppressed = false where contact_id = ${other.id}`);
    await test.sweep();
    const { body } = await test.api('GET', `/v1/contacts/${other.id}`);
    expect(body.reach).toEqual([expect.objectContaining({ isSuppressed: true })]);
  });

  it('suppresses an address whose last two owners are erased at one time', async () => {
    const emails = Array.from({ length: 10 }, (_, i) => `pair${i}@example.com`);
    for (const email of emails) {
      const pair = [await upsert({ externalId: `a-${email}`, email }), await upsert({ externalId: `b-${email}`, email })];
      await Promise.all(pair.map(({ id }) => test.api('DELETE', `/v1/contacts/${id}`)));
      const { body } = await test.api('GET', `/v1/suppressions?channel=email&address=${email}`);
      expect(body.data).toMatchObject([{ reason: 'erased' }]);
    }
  });

  it('does not silence the rest of the family', async () => {
    const mother = await upsert({ externalId: 'm', phone: '+12125550102' });
    const son = await upsert({ externalId: 's', phone: '+12125550102' });
    await test.api('DELETE', `/v1/contacts/${mother.id}`);
    const { body } = await test.api('GET', `/v1/contacts/${son.id}`);
    expect(body.reach).toEqual([expect.objectContaining({ address: '+12125550102', isSuppressed: false })]);
  });
});
