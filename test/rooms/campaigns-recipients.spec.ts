/** Recipients of a campaign by state and reason, one of them whole, and all of them as CSV. */
import { selectParts, selectRecipients } from '../../src/campaigns/recipients.sql.js';
import { sql } from '../../src/domain/sql.js';
import { messageStates } from '../../src/domain/message/states.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { CampaignMaker } from '../support/campaigns.js';
import { freezeDispatch, makePeople } from '../support/dispatches.js';
import { eventually } from '../support/eventually.js';

jest.setTimeout(120_000);

/** The sandbox refuses it at once. */
const rejected = '+15005550002';

let app: TestApp;
let make: CampaignMaker;
beforeAll(async () => {
  app = await startTestApp();
  make = new CampaignMaker(app);
});
afterAll(() => app.stop());

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test asserts what is in it
async function allPages(id: string, query: string): Promise<any[]> {
  const rows = [];
  for (let after = ''; ;) {
    const { status, body } = await make.api('GET', `/campaigns/${id}/recipients?${query}${after}`);
    expect([status, body]).toEqual([200, body]);
    rows.push(...body.data);
    if (body.next === null) return rows;
    after = `&after=${body.next}`;
  }
}

describe('recipients', () => {
  let id: string;
  beforeAll(async () => {
    const phones = [rejected, ...Array.from({ length: 11 }, (_, i) => `+1212777${String(1000 + i)}`)];
    id = await make.sent({ includeSegmentIds: [await make.people(phones, 9)] });
    await eventually(async () => (await make.report(id)).delivered === 8);
  });

  test('are everybody who matched, once each, over any size of page', async () => {
    const everybody = await allPages(id, 'limit=500');
    expect(everybody).toHaveLength(12);
    for (const limit of [1, 5, 12]) expect(await allPages(id, `limit=${limit}`)).toEqual(everybody);
    expect(new Set(everybody.map(one => one.contactId)).size).toBe(12);
  });

  test('are told by state and refusal', async () => {
    expect(await allPages(id, 'state=delivered&limit=3')).toHaveLength(8);
    const refused = await allPages(id, 'refusal=no-consent&limit=2');
    expect(refused).toHaveLength(3);
    expect(refused[0]).toMatchObject({ state: 'refused', refusal: 'no-consent', error: null, sentAt: null, attempt: 0 });
    expect(await allPages(id, 'state=refused&refusal=suppressed')).toEqual([]);
    const [failed, ...others] = await allPages(id, 'state=failed');
    expect(others).toEqual([]);
    expect(failed).toMatchObject({
      name: expect.stringMatching(/^P0 City/),
      address: rejected,
      state: 'failed',
      refusal: null,
      error: { kind: 'rejected', code: '21211' },
      attempt: 1,
    });
  });

  test('one of them is shown with the text as it was sent, however the template changed since', async () => {
    const [one] = await allPages(id, 'state=delivered&limit=1');
    const campaign = await make.view(id);
    await make.api('PATCH', `/templates/${campaign.templateId}`, { body: 'Something else' });
    const { status, body } = await make.api('GET', `/campaigns/${id}/recipients/${one.contactId}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ ...one, content: { channel: 'sms', text: expect.stringMatching(/^Hi P\d+ from Campaign/) } });
    expect(body.events).toEqual([]);
  });

  test('what a recipient did with it is shown, and counted once in the report', async () => {
    const [one] = await allPages(id, 'state=delivered&limit=1');
    for (const body of ['Thanks', 'Thanks again'])
      expect((await make.api('POST', '/sandbox/replies', { from: one.address, to: '+15550100', body })).status).toBeLessThan(300);
    await eventually(
      async () => (await make.api('GET', `/campaigns/${id}/recipients/${one.contactId}`)).body.events.length === 2,
    );
    const { events } = (await make.api('GET', `/campaigns/${id}/recipients/${one.contactId}`)).body;
    expect(events[0]).toMatchObject({ kind: 'replied', isMachine: false, at: expect.any(String) });
    expect(await make.report(id)).toMatchObject({ replied: 1 });
  });

  test('are a CSV as well, with the same filter, and the trail says who took it', async () => {
    const all = await make.api('GET', `/campaigns/${id}/recipients.csv`);
    expect(all.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const lines = all.text.trim().split('\r\n');
    expect(lines).toHaveLength(13);
    expect(lines[0]).toMatch(/^contactId,firstName,lastName,address,state,refusal,errorKind/);
    const failed = await make.api('GET', `/campaigns/${id}/recipients.csv?state=failed`);
    expect(failed.text.trim().split('\r\n')[1]).toMatch(/,P0,City \d+,\+15005550002,failed,,rejected,21211,/);
    const { body } = await make.api('GET', '/audit?limit=5');
    expect(body.data[0]).toMatchObject({ action: 'campaign.recipients-exported', target: `campaign:${id}` });
  });

  test('of an erased contact keep what became of the message, without who it was', async () => {
    const [one] = await allPages(id, 'state=delivered&limit=1');
    expect((await make.api('DELETE', `/contacts/${one.contactId}`)).status).toBeLessThan(300);
    await eventually(async () => (await make.api('GET', `/campaigns/${id}/recipients/${one.contactId}`)).body.address === null);
    const { body } = await make.api('GET', `/campaigns/${id}/recipients/${one.contactId}`);
    expect(body).toMatchObject({ state: 'delivered', name: null, address: null, content: null });
  });

  test('are people: a key that may not see contacts sees none of them', async () => {
    const { body: made } = await app.api('POST', '/v1/api-keys', { name: 'campaigns only', scopes: ['campaigns:read'] });
    const headers = { authorization: `Bearer ${made.key}` };
    for (const path of ['recipients', 'recipients.csv', 'recipients/1'])
      expect((await fetch(`${app.url}/v1/campaigns/${id}/${path}`, { headers })).status).toBe(403);
  });

  test.each([
    ['recipients?state=lost', 422],
    ['recipients?refusal=ugly', 422],
    ['recipients?after=nonsense', 422],
    ['recipients?after=WyIxIiwiMiIsIjMiLCJ4Il0', 422],
    ['recipients/987654', 404],
    ['recipients/x', 422],
  ])('%s is answered %i', async (path, status) => {
    expect((await make.api('GET', `/campaigns/${id}/${path}`)).status).toBe(status);
  });
});

test('a page of any state reads through an index, and no more than its part of the ledger', async () => {
  const people = await makePeople(app, 20_000);
  const dispatch = await freezeDispatch(app, people, { sourceId: '4711', sendAfter: new Date('2099-01-01') });
  await freezeDispatch(app, people, { sourceId: '4712', sendAfter: new Date('2099-01-01') });
  const rare = people.filter((_, i) => i % 100 === 0).map(person => person.id);
  const states = messageStates.all.filter(state => state !== 'planned');
  await app.db.run(sql`update message set state = (${states}::text[])[1 + contact_id % ${states.length}],
      refusal = case when (${states}::text[])[1 + contact_id % ${states.length}] = 'refused' then 'too-long' end
    where dispatch_id = ${dispatch.id} and contact_id = any (${rare}::bigint[])`);
  await app.db.run(sql`vacuum analyze message`);
  for (const state of messageStates.all) {
    const part = { dispatchId: dispatch.id, state, refusal: state === 'refused' ? 'too-long' : '' };
    const { text, values } = selectRecipients(app.workspaceId, part, { slot: 3, contactId: '1' }, 50).render();
    const { rows } = await app.db.pool.query<{ 'QUERY PLAN': string }>(`explain (analyze, costs off) ${text}`, values);
    const plan = rows.map(row => row['QUERY PLAN']).join('\n');
    expect(plan).toMatch(/message_(settled|due|held|unknown)_idx/);
    // At most one slot of those that wait is sorted: some three hundred of twenty thousand.
    const read = [...plan.matchAll(/rows=([\d.]+) loops/g)].map(match => Number(match[1]));
    expect(Math.max(...read)).toBeLessThan(1_000);
  }
  expect(await app.db.rows(selectParts(app.workspaceId, '4711', {}))).toHaveLength(1);
});
