// Events of a contact, its orders and what is known from them, and the facts for templates.
import { contactFacts, factNames } from '../../src/contacts/contact-facts.sql.js';
import { recordEvents } from '../../src/contacts/events.js';
import { refreshContactValue, upsertPurchases } from '../../src/contacts/purchases.sql.js';
import { contactsOf } from '../../src/contacts/reach.sql.js';
import { sql } from '../../src/domain/sql.js';
import { startTestApp, type TestApp } from '../support/app.js';

let test: TestApp;
let id: string;
beforeAll(async () => {
  test = await startTestApp();
  await test.api('PUT', '/v1/attributes/standard', { field: 'religion', legalBasis: 'Explicit consent' });
  id = (
    await test.api('POST', '/v1/contacts', {
      externalId: 'h',
      email: 'h@example.com',
      firstName: 'Hal',
      religion: 'secret',
      birthDate: '1980-02-29',
      interests: ['a'],
      attributes: { plan: 'gold' },
    })
  ).body.id;
});
afterAll(() => test.stop());

const record = (events: unknown) => test.api('POST', `/v1/contacts/${id}/events`, { events });
const timeline = async (query = '') => (await test.api('GET', `/v1/contacts/${id}/events?${query}`)).body;

describe('contacts: events', () => {
  it('takes a message id once, within a call and between calls', async () => {
    const event = { name: '  Product   Viewed ', messageId: 'm-1', properties: { sku: 'A1', price: 9.5 } };
    expect((await record([event, event, { name: 'Other' }])).body).toEqual({ recorded: 2, duplicates: 1 });
    expect((await record([event])).body).toEqual({ recorded: 0, duplicates: 1 });
    expect(await timeline('name=Product%20Viewed')).toMatchObject({
      data: [{ name: 'Product Viewed', properties: { sku: 'A1', price: 9.5 }, source: 'api' }],
    });
  });

  it('keeps events of any month since 1970, makes only their partitions, and pages latest first', async () => {
    const before = await test.db.row<{ count: number }>(
      sql`select count(*)::int as count from pg_inherits where inhparent = 'contact_event'::regclass`,
    );
    const times = ['1971-06-01T00:00:00Z', '2015-01-31T23:59:59.999Z', '2015-02-01T00:00:00Z', '2015-02-01T03:30:00+03:30'];
    expect((await record(times.map(at => ({ name: 'Aged', at })))).body.recorded).toBe(4);
    const after = await test.db.row<{ count: number }>(
      sql`select count(*)::int as count from pg_inherits where inhparent = 'contact_event'::regclass`,
    );
    expect((after?.count ?? 0) - (before?.count ?? 0)).toBe(3);
    const first = await timeline('name=Aged&limit=3');
    const second = await timeline(`name=Aged&limit=3&after=${first.next}`);
    expect([...first.data, ...second.data].map((event: { at: string }) => event.at)).toEqual([
      '2015-02-01T00:00:00.000Z',
      '2015-02-01T00:00:00.000Z',
      '2015-01-31T23:59:59.999Z',
      '1971-06-01T00:00:00.000Z',
    ]);
    expect(second.next).toBeNull();
  });

  it('refuses absurd times and too large properties, by pointer', async () => {
    const soon = new Date(test.clock.now().getTime() + 2 * 86_400_000).toISOString();
    const deep = JSON.parse(`${'{"a":'.repeat(30)}1${'}'.repeat(30)}`);
    for (const [event, pointer] of [
      [{ name: 'x', at: soon }, '/events/0/at'],
      [{ name: 'x', at: '1969-12-31T00:00:00Z' }, '/events/0/at'],
      [{ name: 'x', at: '2026-02-31T00:00:00Z' }, '/events/0/at'],
      [{ name: 'x', at: 1700000000 }, '/events/0/at'],
      [{ name: '' }, '/events/0/name'],
      [{ name: 'x', properties: { a: 'y'.repeat(33_000) } }, '/events/0/properties'],
      [{ name: 'x', properties: { a: '\u0000' } }, '/events/0/properties'],
      [{ name: 'x', properties: { '\ud800': 1 } }, '/events/0/properties'],
      [{ name: 'x', properties: deep }, '/events/0/properties'],
      [{ name: 'x', properties: [] }, '/events/0/properties'],
    ] as const) {
      const { status, body } = await record([event]);
      expect([status, body.errors?.[0]?.pointer]).toEqual([422, pointer]);
    }
    expect((await record([])).status).toBe(422);
  });

  it('is one change row a call and can be part of a larger transaction', async () => {
    await expect(
      test.db.transaction(async tx => {
        await recordEvents(tx, test.workspaceId, [
          { contactId: id, name: 'Undone', at: test.clock.now(), properties: {}, source: 'tracking', messageId: 'u' },
        ]);
        throw new Error('undone');
      }),
    ).rejects.toThrow('undone');
    expect((await timeline('name=Undone')).data).toEqual([]);
    const write = () =>
      test.db.transaction(tx =>
        recordEvents(tx, test.workspaceId, [
          { contactId: id, name: 'Undone', at: test.clock.now(), properties: {}, source: 'tracking', messageId: 'u' },
        ]),
      );
    expect([await write(), await write()]).toEqual([1, 0]);
  });
});

describe('contacts: purchases and facts', () => {
  it('keeps orders net of refunds and the facts made from them', async () => {
    const order = (
      orderId: string,
      at: string,
      state: string,
      gross: number,
      refunded: number,
    ) => sql`select ${id}::bigint as contact_id,
      ${orderId}::text as order_id, ${at}::timestamptz as ordered_at, ${state}::text as state, 'EUR'::text as currency, ${gross}::numeric as gross_amount,
      ${refunded}::numeric as refunded_amount, 2 as item_count, null::text as coupon, '{}'::jsonb as properties, 'test'::text as source`;
    const now = test.clock.now();
    for (const orders of [
      sql`${order('o1', '2026-01-01', 'completed', 100, 0)} union all ${order('o2', '2026-02-01', 'completed', 50, 20)} union all ${order('o3', '2026-03-01', 'completed', 10, 0)}`,
      order('o3', '2026-03-01', 'canceled', 10, 0),
    ]) {
      await test.db.run(upsertPurchases(test.workspaceId, orders));
      await test.db.run(refreshContactValue(test.workspaceId, contactsOf([id]), now));
    }
    expect(
      await test.db.row(sql`select order_count, net_amount, currency, first_order_at, last_order_at from contact_value`),
    ).toEqual({
      order_count: 2,
      net_amount: '130.00',
      currency: 'EUR',
      first_order_at: new Date('2026-01-01T00:00:00Z'),
      last_order_at: new Date('2026-02-01T00:00:00Z'),
    });
  });

  it('gives templates the facts they name and never the sensitive ones', async () => {
    const facts = async (fields?: string[]) =>
      (await test.db.rows<{ facts: object }>(contactFacts(test.workspaceId, contactsOf([id]), fields)))[0]?.facts;
    expect(
      await facts(['firstName', 'lastName', 'attributes.plan', 'phone', 'email', 'religion', 'nonsense', '__proto__']),
    ).toEqual({ firstName: 'Hal', attributes: { plan: 'gold' }, email: 'h@example.com' });
    expect(await facts()).toEqual({
      firstName: 'Hal',
      birthDate: '1980-02-29',
      interests: ['a'],
      attributes: { plan: 'gold' },
      email: 'h@example.com',
    });
    expect(await facts([])).toEqual({});
    expect(factNames).not.toContain('religion');
  });
});
