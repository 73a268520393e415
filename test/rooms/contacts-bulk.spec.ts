// Bulk upsert: a thousand rows in one transaction, each with an outcome of its own.
import { Tx } from '../../src/platform/database/database.js';
import { type Answer, startTestApp, type TestApp } from '../support/app.js';

let test: TestApp;
beforeAll(async () => {
  test = await startTestApp();
});
afterAll(() => test.stop());

const bulk = (contacts: unknown[], more: object = {}) => test.api('POST', '/v1/contacts/bulk', { contacts, ...more });

describe('contacts: bulk upsert', () => {
  it('takes the good rows and says what is wrong with the bad ones', async () => {
    const { body: known } = await test.api('POST', '/v1/contacts', { email: 'taken@example.com' });
    await test.api('POST', '/v1/contacts', { phone: '+12125550101' });
    const { status, body } = await bulk([
      { externalId: 'b1', email: 'b1@example.com', firstName: 'One' },
      { externalId: 'b2', email: 'not an email' },
      { externalId: 'b3', birthDate: '2026-02-31' },
      { firstName: 'Nameless' },
      { email: 'taken@example.com', phone: '+12125550101' },
      'a string',
      { email: 'taken@example.com', city: 'Turku' },
      { externalId: 'b1', lastName: 'Last' },
      { externalId: 'b8', unknownField: 1 },
    ]);
    expect(status).toBe(200);
    expect(body).toMatchObject({ created: 1, updated: 2, failed: 6 });
    expect(body.results.map((row: { outcome: string }) => row.outcome)).toEqual([
      'created',
      'failed',
      'failed',
      'failed',
      'failed',
      'failed',
      'updated',
      'updated',
      'failed',
    ]);
    const pointers = body.results.map((row: { errors?: { pointer: string }[] }) => row.errors?.[0]?.pointer);
    expect(pointers).toEqual([
      undefined,
      '/contacts/1/email',
      '/contacts/2/birthDate',
      '/contacts/3',
      '/contacts/4/phone',
      '/contacts/5',
      undefined,
      undefined,
      '/contacts/8/unknownField',
    ]);
    expect(body.results[4].code).toBe('conflict');
    expect(body.results[6].id).toBe(known.id);
    const { body: folded } = await test.api('GET', `/v1/contacts/${body.results[0].id}`);
    expect(folded).toMatchObject({ firstName: 'One', lastName: 'Last' });
  });

  it('takes a thousand full rows with as many statements as one row', async () => {
    const rows = Array.from({ length: 1000 }, (_, i) => ({
      externalId: `bulk-${i}`,
      email: `bulk-${i}@example.com`,
      phone: `+1646555${String(100 + (i % 100)).padStart(4, '0')}`,
      firstName: `First ${i}`,
      city: 'Boston',
      timeZone: 'America/New_York',
      attributes: { n: i },
      tags: [`t${i % 7}`],
      lists: ['All'],
      consent: [{ channel: 'email', topic: 'news', state: 'granted', source: 'bulk' }],
    }));
    // A number of statements, not of milliseconds: that holds on a busy machine too (some 0.5 s on two quiet cores).
    for (const outcome of ['created', 'updated']) {
      const one = await countingStatements(() => bulk([{ ...rows[0], externalId: 'single' }]));
      const all = await countingStatements(() => bulk(rows));
      expect(all.answer.body).toMatchObject({ [outcome]: 1000, failed: 0 });
      expect(all.statements).toBeLessThanOrEqual(one.statements);
    }
    const { body } = await test.api('GET', '/v1/lists');
    expect(body.data).toEqual([expect.objectContaining({ name: 'All', contacts: 1001 })]);
  });

  it('uses the default country of the request', async () => {
    const { body } = await bulk([{ phone: '0912 345 6700' }], { defaultCountry: 'IR' });
    const { body: contact } = await test.api('GET', `/v1/contacts/${body.results[0].id}`);
    expect(contact.phone).toBe('+989123456700');
  });

  it('refuses an empty bulk and more than a thousand', async () => {
    expect((await bulk([])).status).toBe(422);
    const { status, body } = await bulk(Array.from({ length: 1001 }, () => ({})));
    expect(status).toBe(422);
    expect(body.errors[0].pointer).toBe('/contacts');
  });
});

async function countingStatements(work: () => Promise<Answer>): Promise<{ answer: Answer; statements: number }> {
  const spies = [jest.spyOn(Tx.prototype, 'rows'), jest.spyOn(Tx.prototype, 'run')];
  const answer = await work();
  // Of the transaction that did the work: sweeps have their own, and run when they like.
  const byTransaction = new Map<unknown, number>();
  for (const tx of spies.flatMap(spy => spy.mock.contexts as unknown[])) byTransaction.set(tx, (byTransaction.get(tx) ?? 0) + 1);
  const statements = Math.max(...byTransaction.values());
  for (const spy of spies) spy.mockRestore();
  return { answer, statements };
}
