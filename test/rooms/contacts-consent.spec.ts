// Consent and suppression: evidence is appended, reach always says what holds now, for people known and yet unknown.
import type { Actor } from '../../src/accounts/actor.js';
import { SuppressionsService } from '../../src/contacts/suppressions.service.js';
import { sql } from '../../src/domain/sql.js';
import { startTestApp, type TestApp } from '../support/app.js';

let test: TestApp;
beforeAll(async () => {
  test = await startTestApp();
});
afterAll(() => test.stop());

const upsert = async (body: object) => (await test.api('POST', '/v1/contacts', body)).body;
const get = async (id: string) => (await test.api('GET', `/v1/contacts/${id}`)).body;
const reachOf = async (id: string, channel = 'sms') =>
  (await get(id)).reach.find((reach: { channel: string }) => reach.channel === channel);
const consent = (id: string, body: object) => test.api('POST', `/v1/contacts/${id}/consents`, body);
const granted = (topic: string, occurredAt?: string) => ({
  channel: 'sms',
  topic,
  state: 'granted',
  source: 'form',
  ...(occurredAt ? { occurredAt } : {}),
});

describe('contacts: consent', () => {
  it('lets the latest occurrence win, whatever the order of arrival', async () => {
    const { id } = await upsert({ phone: '+12125550101' });
    await consent(id, granted('news', '2026-03-01T00:00:00Z'));
    await consent(id, { ...granted('news', '2026-02-01T00:00:00Z'), state: 'withdrawn' });
    expect((await reachOf(id)).topics).toEqual(['news']);
    await consent(id, { ...granted('news', '2026-04-01T00:00:00+02:00'), state: 'withdrawn' });
    expect((await reachOf(id)).topics).toEqual([]);
    const { body } = await test.api('GET', `/v1/contacts/${id}/consents?limit=2`);
    expect(body.data).toHaveLength(2);
    const rest = await test.api('GET', `/v1/contacts/${id}/consents?limit=2&after=${body.next}`);
    expect(rest.body).toMatchObject({
      data: [{ state: 'granted', source: 'form', actor: expect.stringMatching(/^key:/) }],
      next: null,
    });
  });

  it('lets no clock that ran ahead outdate what the person says next', async () => {
    const { id } = await upsert({ phone: '+12125550109' });
    await consent(id, granted('news', new Date(test.clock.now().getTime() + 20 * 3_600_000).toISOString()));
    await consent(id, { ...granted('news'), state: 'withdrawn' });
    expect((await reachOf(id)).topics).toEqual([]);
  });

  it('lets what is said just now win over evidence that a clock ahead of ours has stamped', async () => {
    const { id } = await upsert({ phone: '+12125550116', consent: [granted('news')] });
    await test.db.run(sql`update consent set occurred_at = now() + interval '30 seconds' where contact_id = ${id}`);
    await consent(id, { ...granted('news'), state: 'withdrawn' });
    expect((await reachOf(id)).topics).toEqual([]);
    await upsert({ phone: '+12125550116', consent: [granted('news')] });
    expect((await reachOf(id)).topics).toEqual(['news']);
  });

  it('hears the words of one request in their order, however many people it names', async () => {
    const said = ['granted', 'withdrawn'].map(state => ({ channel: 'email', topic: 'news', state, source: 'form' }));
    const contacts = Array.from({ length: 800 }, (_, i) => ({ email: `many${i}@example.com`, consent: said }));
    for (const done of [{ created: 800 }, { updated: 800 }])
      expect((await test.api('POST', '/v1/contacts/bulk', { contacts })).body).toMatchObject({ ...done, failed: 0 });
    const allowed = sql`select from reach where address like 'many%' and topics <> '{}'`;
    expect(await test.db.rows(allowed)).toEqual([]);
  });

  it('gives consent to an address that comes later', async () => {
    const { id } = await upsert({ email: 'later@example.com', consent: [granted('news'), granted('offers')] });
    await test.api('PATCH', `/v1/contacts/${id}`, { phone: '+12125550102' });
    expect((await reachOf(id)).topics).toEqual(['news', 'offers']);
  });

  it('needs a source and a sane time', async () => {
    const { id } = await upsert({ phone: '+12125550103' });
    for (const [body, pointer] of [
      [{ channel: 'sms', topic: 'news', state: 'granted' }, '/source'],
      [{ ...granted('news'), occurredAt: '2099-01-01T00:00:00Z' }, '/occurredAt'],
      [{ ...granted('news'), occurredAt: '1969-12-31T23:59:59Z' }, '/occurredAt'],
      [{ ...granted('News Letter') }, '/topic'],
      [{ ...granted('news'), proof: { text: 'nul \u0000' } }, '/proof'],
    ] as const) {
      const answer = await consent(id, body);
      expect([answer.status, answer.body.errors?.[0]?.pointer]).toEqual([422, pointer]);
    }
    expect((await consent('99999999', granted('news'))).status).toBe(404);
  });
});

describe('contacts: suppression', () => {
  it('holds for everybody who has the address and for whoever comes later', async () => {
    const a = await upsert({ externalId: 's-a', phone: '+12125550110' });
    const b = await upsert({ externalId: 's-b', phone: '+12125550110' });
    const made = await test.api('POST', '/v1/suppressions', { channel: 'sms', address: '(212) 555-0110' });
    expect(made).toMatchObject({ status: 200, body: { address: '+12125550110', reason: 'manual', source: 'api' } });
    const c = await upsert({ externalId: 's-c', phone: '+12125550110' });
    for (const { id } of [a, b, c]) expect((await reachOf(id)).isSuppressed).toBe(true);

    const found = await test.api('GET', '/v1/suppressions?channel=sms&address=+12125550110');
    expect(found.body.data).toEqual([expect.objectContaining({ reason: 'manual', address: '+12125550110' })]);
    expect((await test.api('GET', '/v1/suppressions?channel=sms&address=%2B12125550199')).body.data).toEqual([]);

    expect((await test.api('DELETE', '/v1/suppressions?channel=sms&address=%2B12125550110')).status).toBe(204);
    for (const { id } of [a, b, c]) expect((await reachOf(id)).isSuppressed).toBe(false);
    expect((await test.api('DELETE', '/v1/suppressions?channel=sms&address=%2B12125550110')).status).toBe(404);
  });

  it('withdraws consents with proof on STOP, and START lifts only that', async () => {
    const { id } = await upsert({
      phone: '+12125550111',
      consent: [granted('news'), { ...granted('old', '2026-01-01T00:00:00Z'), state: 'withdrawn' }],
    });
    const suppressions = test.get(SuppressionsService);
    const actor: Actor = { ...test.actor, name: 'recipient' };
    const stop = {
      channel: 'sms',
      address: '+12125550111',
      reason: 'stop',
      source: 'inbound',
      details: { text: 'STOP' },
    } as const;
    expect(await test.db.transaction(tx => suppressions.suppress(tx, actor, stop))).toBe(true);
    expect(await test.db.transaction(tx => suppressions.suppress(tx, actor, stop))).toBe(false);
    expect(await reachOf(id)).toMatchObject({ isSuppressed: true, topics: [] });
    const { body } = await test.api('GET', `/v1/contacts/${id}/consents?limit=1`);
    expect(body.data[0]).toMatchObject({
      topic: 'news',
      state: 'withdrawn',
      source: 'inbound',
      actor: 'recipient',
      proof: { text: 'STOP' },
    });

    const start = { channel: 'sms', address: '+12125550111', source: 'inbound', details: { text: 'START' } } as const;
    expect(await test.db.transaction(tx => suppressions.optBackIn(tx, actor, start))).toBe(true);
    expect(await reachOf(id)).toMatchObject({ isSuppressed: false, topics: ['news'] });
    expect(await test.db.transaction(tx => suppressions.optBackIn(tx, actor, start))).toBe(false);

    await test.db.transaction(tx => suppressions.suppress(tx, actor, { ...stop, reason: 'complaint' }));
    await test.db.transaction(tx => suppressions.suppress(tx, actor, stop));
    expect(await test.db.transaction(tx => suppressions.optBackIn(tx, actor, start))).toBe(true);
    expect(await reachOf(id)).toMatchObject({ isSuppressed: true, topics: [] });
  });

  it('takes a later no by another way for more than the STOP, so that START does not take it back', async () => {
    for (const [i, reason] of (['unsubscribe', 'complaint'] as const).entries()) {
      const address = `+1212555012${i}`;
      const { id } = await upsert({ phone: address, consent: [granted('news'), granted('offers')] });
      const said = { channel: 'sms', address, source: 'test' } as const;
      const suppressions = test.get(SuppressionsService);
      await test.db.transaction(tx => suppressions.suppress(tx, test.actor, { ...said, reason: 'stop' }));
      await test.db.transaction(tx => suppressions.suppress(tx, test.actor, { ...said, reason }));
      await test.db.transaction(tx => suppressions.optBackIn(tx, test.actor, said));
      await test.api('DELETE', `/v1/suppressions?channel=sms&address=${encodeURIComponent(address)}`);
      expect(await reachOf(id)).toMatchObject({ isSuppressed: false, topics: [] });
    }
  });

  it('keeps the name of the sandbox for the sandbox', async () => {
    const { status, body } = await test.api('POST', '/v1/suppressions', {
      channel: 'sms',
      address: '+12125550130',
      source: 'sandbox',
    });
    expect([status, body.errors]).toEqual([422, [expect.objectContaining({ pointer: '/source' })]]);
  });

  it('keeps every reason, lists them all, and lifts one or all', async () => {
    const address = '+12125550115';
    const { id } = await upsert({ phone: address });
    for (const reason of ['invalid', 'manual', 'invalid', 'stop'])
      expect((await test.api('POST', '/v1/suppressions', { channel: 'sms', address, reason })).body).toMatchObject({
        reason,
        address,
      });
    const reasons = async () =>
      (await test.api('GET', `/v1/suppressions?channel=sms&address=${encodeURIComponent(address)}`)).body.data.map(
        (row: { reason: string }) => row.reason,
      );
    const lift = async (query: string) =>
      (await test.api('DELETE', `/v1/suppressions?channel=sms&address=${encodeURIComponent(address)}${query}`)).status;
    expect((await reasons()).sort()).toEqual(['invalid', 'manual', 'stop']);
    expect(await lift('&reason=invalid')).toBe(204);
    expect(await lift('&reason=invalid')).toBe(404);
    expect((await reasons()).sort()).toEqual(['manual', 'stop']);
    expect((await reachOf(id)).isSuppressed).toBe(true);
    expect(await lift('')).toBe(204);
    expect([await reasons(), (await reachOf(id)).isSuppressed]).toEqual([[], false]);
  });

  it('leaves consent alone when only the address is bad', async () => {
    const { id } = await upsert({ phone: '+12125550112', consent: [granted('news')] });
    await test.api('POST', '/v1/suppressions', { channel: 'sms', address: '+12125550112', reason: 'hard-bounce' });
    expect(await reachOf(id)).toMatchObject({ isSuppressed: true, topics: ['news'] });
  });

  it('pages through all suppressions, newest first', async () => {
    for (let i = 0; i < 5; i++) await test.api('POST', '/v1/suppressions', { channel: 'email', address: `s${i}@example.com` });
    const seen: string[] = [];
    for (let after = ''; ;) {
      const { body } = await test.api('GET', `/v1/suppressions?channel=email&limit=2${after && `&after=${after}`}`);
      seen.push(...body.data.map((row: { createdAt: string }) => row.createdAt));
      if (!(after = body.next ?? '')) break;
    }
    expect(seen).toHaveLength(5);
    expect(seen).toEqual([...seen].sort().reverse());
    const { body: page } = await test.api('GET', '/v1/suppressions?channel=email&limit=2');
    const key = JSON.parse(Buffer.from(page.next, 'base64url').toString());
    for (const forged of [['x', ...key.slice(1)], [...key.slice(0, 3), 'manual\u0000'], key.slice(1)]) {
      const after = Buffer.from(JSON.stringify(forged)).toString('base64url');
      expect((await test.api('GET', `/v1/suppressions?after=${after}`)).body).toMatchObject({ errors: [{ pointer: '?after' }] });
    }
  });

  it('mends an address that was added while it was being suppressed', async () => {
    const { id } = await upsert({ phone: '+12125550113' });
    await test.api('POST', '/v1/suppressions', { channel: 'sms', address: '+12125550113' });
    await test.db.run(sql`update reach set is_suppressed = false where contact_id = ${id}`);
    await test.sweep();
    expect((await reachOf(id)).isSuppressed).toBe(true);
  });

  it('mends an address that was added while a suppression of long ago was lifted', async () => {
    const { id } = await upsert({ phone: '+12125550114' });
    await test.api('POST', '/v1/suppressions', { channel: 'sms', address: '+12125550114' });
    await test.db.run(sql`delete from recent_suppression`);
    await test.api('DELETE', '/v1/suppressions?channel=sms&address=%2B12125550114');
    await test.db.run(sql`update reach set is_suppressed = true where contact_id = ${id}`);
    await test.sweep();
    expect((await reachOf(id)).isSuppressed).toBe(false);
  });
});
