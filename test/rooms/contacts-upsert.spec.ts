// Upsert and patch: who is meant, and that nothing is wiped by silence.
import { sql } from '../../src/domain/sql.js';
import { eventually } from '../support/eventually.js';
import { startTestApp, type TestApp } from '../support/app.js';

let test: TestApp;
beforeAll(async () => {
  test = await startTestApp({ workspace: { defaultCountry: 'FI' } });
});
afterAll(() => test.stop());

const upsert = async (body: object) => test.api('POST', '/v1/contacts', body);

describe('contacts: upsert', () => {
  it('makes a contact with everything it may have', async () => {
    const { status, body } = await upsert({
      externalId: 'full-1',
      email: 'Aino.Virtanen@Example.com',
      phone: '040 123 4567',
      firstName: 'Aino',
      lastName: 'Virtanen',
      birthDate: '1990-05-17',
      gender: 'female',
      locale: 'fi',
      timeZone: 'Europe/Helsinki',
      country: 'FI',
      city: 'Tampere',
      latitude: 61.5,
      longitude: 23.8,
      incomeAmount: 41000.5,
      incomeCurrency: 'EUR',
      incomeBand: '40-50k',
      educationLevel: 6,
      householdSize: 3,
      interests: ['running', 'jazz'],
      attributes: { plan: 'gold', score: 7, vip: true, sizes: ['m', 'l'] },
      lists: ['Newsletter'],
      tags: ['beta', 'beta'],
      consent: [{ channel: 'email', topic: 'news', state: 'granted', source: 'checkout', proof: { ip: '192.0.2.1' } }],
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      outcome: 'created',
      externalId: 'full-1',
      email: 'aino.virtanen@example.com',
      phone: '+358401234567',
      birthDate: '1990-05-17',
      incomeAmount: 41000.5,
      interests: ['running', 'jazz'],
      attributes: { plan: 'gold', score: 7, vip: true, sizes: ['m', 'l'] },
      lists: [{ name: 'Newsletter' }],
      tags: [{ name: 'beta' }],
      consent: [{ channel: 'email', topic: 'news', state: 'granted', source: 'checkout' }],
    });
    expect(body.reach).toEqual([
      expect.objectContaining({ channel: 'email', isPrimary: true, topics: ['news'], domain: 'example.com', lineType: null }),
      expect.objectContaining({ channel: 'sms', isPrimary: true, topics: [], country: 'FI', lineType: 'mobile' }),
    ]);
    expect(body.identities).toHaveLength(3);
  });

  it('never wipes what was not sent, and clears what is null', async () => {
    const made = await upsert({
      externalId: 'keep',
      email: 'keep@example.com',
      firstName: 'A',
      city: 'Oulu',
      attributes: { a: 1, b: 2 },
      tags: ['x'],
    });
    const { body } = await upsert({ externalId: 'keep', city: null, lastName: 'B', attributes: { b: null, c: 3 } });
    expect(body).toMatchObject({
      id: made.body.id,
      outcome: 'updated',
      firstName: 'A',
      lastName: 'B',
      city: null,
      email: 'keep@example.com',
    });
    expect(body.attributes).toEqual({ a: 1, c: 3 });
    expect(body.tags).toHaveLength(1);
  });

  it('patches by id alone, also a contact without identities left', async () => {
    const { body: made } = await upsert({ phone: '+12125550123', firstName: 'Pat' });
    const cleared = await test.api('PATCH', `/v1/contacts/${made.id}`, { phone: null });
    expect(cleared.body).toMatchObject({ firstName: 'Pat', phone: null, identities: [], reach: [] });
    const { body } = await test.api('PATCH', `/v1/contacts/${made.id}`, { email: 'pat@example.com', lastName: 'Lee' });
    expect(body).toMatchObject({ id: made.id, email: 'pat@example.com', firstName: 'Pat', lastName: 'Lee' });
    expect((await test.api('PATCH', '/v1/contacts/999999999', { firstName: 'X' })).status).toBe(404);
  });

  it('finds a contact by external id, then email, then phone, then anonymous id', async () => {
    const { body: a } = await upsert({
      externalId: 'order-1',
      email: 'order@example.com',
      phone: '+12125550144',
      anonymousId: 'anon-order',
    });
    for (const by of [
      { externalId: 'order-1' },
      { email: 'ORDER@example.com' },
      { phone: '+1 (212) 555-0144' },
      { anonymousId: 'anon-order' },
    ])
      expect((await upsert(by)).body).toMatchObject({ id: a.id, outcome: 'updated' });
  });

  it('gives an external id to a person who was known by phone only', async () => {
    const { body: a } = await upsert({ phone: '+12125550145' });
    const { body: b } = await upsert({ externalId: 'grown', phone: '+12125550145', email: 'grown@example.com' });
    expect(b).toMatchObject({ id: a.id, externalId: 'grown', email: 'grown@example.com', outcome: 'updated' });
  });

  it('lets families share a phone: an address of both, the identity of the first', async () => {
    const { body: mother } = await upsert({ externalId: 'mother', phone: '+12125550146', consent: [granted('sms')] });
    const { body: son } = await upsert({ externalId: 'son', phone: '+12125550146', email: 'son@example.com' });
    expect(son.id).not.toBe(mother.id);
    expect(son.phone).toBe('+12125550146');
    expect(son.identities.map((identity: { kind: string }) => identity.kind)).toEqual(['email', 'externalId']);
    expect(son.reach.find((reach: { channel: string }) => reach.channel === 'sms').topics).toEqual([]);
    // Sent again without an external id: the phone is his address already, so it names nobody else.
    expect((await upsert({ email: 'son@example.com', phone: '+12125550146' })).body.id).toBe(son.id);
    expect((await upsert({ phone: '+12125550146' })).body.id).toBe(mother.id);
  });

  it('takes all phones from one of a family, and leaves the others theirs', async () => {
    const { body: aunt } = await upsert({ externalId: 'aunt', phone: '+12125550148' });
    const { body: niece } = await upsert({
      externalId: 'niece',
      phone: '+12125550149',
      phones: ['+12125550148', '+12125550150'],
      email: 'niece@example.com',
    });
    expect((await test.api('PATCH', `/v1/contacts/${niece.id}`, { phone: null })).body).toMatchObject({
      phone: null,
      identities: [
        { kind: 'email', value: 'niece@example.com' },
        { kind: 'externalId', value: 'niece' },
      ],
      reach: [{ channel: 'email' }],
    });
    expect((await upsert({ phone: '+12125550148' })).body).toMatchObject({ id: aunt.id, phone: '+12125550148' });
    expect((await upsert({ phone: '+12125550150' })).body.outcome).toBe('created');
  });

  it('refuses identities of two contacts and names both', async () => {
    const { body: a } = await upsert({ email: 'two-a@example.com' });
    const { body: b } = await upsert({ phone: '+12125550147' });
    const { status, body } = await upsert({ email: 'two-a@example.com', phone: '+12125550147' });
    expect(status).toBe(409);
    expect(body.code).toBe('conflict');
    expect(body.detail).toContain(`contact ${a.id}`);
    expect(body.detail).toContain(`contact ${b.id}`);
    expect(body.errors[0].pointer).toBe('/phone');
    expect((await test.api('PATCH', `/v1/contacts/${a.id}`, { externalId: 'mother' })).status).toBe(409);
  });

  it('makes the phone sent last the primary one and keeps the others', async () => {
    await upsert({ externalId: 'phones', phone: '+12125550150', phones: ['+12125550151'] });
    const { body } = await upsert({ externalId: 'phones', phone: '+12125550151' });
    const primary = body.reach.filter((reach: { isPrimary: boolean }) => reach.isPrimary);
    expect(primary).toEqual([expect.objectContaining({ address: '+12125550151' })]);
    expect(body.reach).toHaveLength(2);
  });

  it('replaces the external id by patch', async () => {
    const { body: made } = await upsert({ externalId: 'old-id', email: 'renamed@example.com' });
    const { body } = await test.api('PATCH', `/v1/contacts/${made.id}`, { externalId: 'new-id' });
    expect(body.externalId).toBe('new-id');
    expect((await upsert({ externalId: 'old-id' })).body.outcome).toBe('created');
  });

  it('reads national numbers in the country of the workspace or of the request', async () => {
    expect((await upsert({ externalId: 'fi', phone: '040 765 4321' })).body.phone).toBe('+358407654321');
    expect((await upsert({ externalId: 'ir', phone: '۰۹۱۲ ۳۴۵ ۶۷۸۹', defaultCountry: 'IR' })).body.phone).toBe('+989123456789');
  });

  it('writes an audit row and a change row for each upsert', async () => {
    const { body } = await upsert({ externalId: 'audited', tags: ['traced'], consent: [granted('email')] });
    const kinds = await test.db.rows<{ kind: string }>(
      sql`select kind from contact_change where contact_ids @> array[${body.id}]::bigint[] order by id`,
    );
    expect(kinds.map(row => row.kind)).toEqual(['consent', 'contact', 'tag']);
    const { body: audit } = await test.api('GET', '/v1/audit?limit=1');
    expect(audit.data[0]).toMatchObject({ action: 'contact.created', target: `contact:${body.id}` });
  });

  it('does not bring an address back to somebody who lost it while we looked', async () => {
    const email = 'moved@example.com';
    const { id } = (await upsert({ externalId: 'moved', email })).body;
    const adding = await test.db.transaction(async tx => {
      await tx.run(sql`select from contact where id = ${id} for no key update`);
      await tx.run(sql`delete from identity where contact_id = ${id} and kind = 'email'`);
      await tx.run(sql`delete from reach where contact_id = ${id}`);
      const upserted = upsert({ email });
      await eventually(async () =>
        test.db.row(sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`),
      );
      return { upserted };
    });
    const { body } = await adding.upserted;
    expect([body.outcome, body.id === id]).toEqual(['created', false]);
    expect((await test.api('GET', `/v1/contacts/${id}`)).body).toMatchObject({ email: null, reach: [] });
  });

  it('gives one contact to twenty writers who name the same new person at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        upsert({ externalId: 'crowd', email: 'crowd@example.com', attributes: { [`k${i}`]: i } }),
      ),
    );
    expect(new Set(answers.map(answer => answer.status))).toEqual(new Set([200]));
    expect(new Set(answers.map(answer => answer.body.id)).size).toBe(1);
    const { body } = await upsert({ externalId: 'crowd' });
    expect(Object.keys(body.attributes)).toHaveLength(20);
  });
});

function granted(channel: 'sms' | 'email') {
  return { channel, topic: 'news', state: 'granted', source: 'test' };
}
