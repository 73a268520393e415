// The timeline of a contact: every kind of thing that happened, merged, newest first, page by page without gaps or repeats.
import { sql } from '../../src/domain/sql.js';
import { selectTimeline } from '../../src/insights/timeline.sql.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';

type Entry = { kind: string; id: string; at: string; name: string; details: Record<string, unknown> };

let app: TestApp;
let id: string;
beforeAll(async () => {
  app = await startTestApp();
  const made = async (path: string, body: object) => String((await app.api('POST', `/v1${path}`, body)).body.id);
  const consent = [{ channel: 'sms', topic: 'news', state: 'granted', source: 'form' }];
  id = await made('/contacts', { externalId: 'a', phone: '+12125550142', consent, lists: ['Regulars'], tags: ['vip'] });
  await app.api('POST', `/v1/contacts/${id}/events`, {
    events: Array.from({ length: 30 }, (_, i) => ({ name: `Viewed ${i}`, at: '2026-01-05T10:00:00.123456Z' })),
  });
  await made(`/contacts/${id}/notes`, { text: 'Likes tea' });
  await app.db.run(sql`insert into purchase (workspace_id, contact_id, order_id, ordered_at, currency, gross_amount, source)
    values (${app.workspaceId}, ${id}, '0042', '2026-01-05T10:00:00.123456Z', 'EUR', 12.5, 'test')`);
  const segmentId = await made('/segments', { name: 'All', rule: { version: 1, rule: { kind: 'all', rules: [] } } });
  const templateId = await made('/templates', { name: 'Hi', channel: 'sms', body: 'Hi' });
  const campaign = { channel: 'sms', class: 'marketing', topic: 'news', sender: { from: '+12025550100' } };
  const campaignId = await made('/campaigns', { name: 'Hello', ...campaign, templateId, includeSegmentIds: [segmentId] });
  await app.api('POST', `/v1/campaigns/${campaignId}/launch`, {});
  await eventually(async () => (await app.api('GET', `/v1/campaigns/${campaignId}`)).body.state === 'done');
  await eventually(async () => (await page('?kinds=message')).data[0]?.name === 'delivered');
});
afterAll(() => app.stop());

const page = async (query = ''): Promise<{ data: Entry[]; next: string | null }> =>
  (await app.api('GET', `/v1/contacts/${id}/timeline${query}`)).body;

async function everything(limit: number): Promise<Entry[]> {
  const found: Entry[] = [];
  for (let next: string | null = ''; next !== null;) {
    const answer: { data: Entry[]; next: string | null } = await page(`?limit=${limit}${next && `&after=${next}`}`);
    found.push(...answer.data);
    next = answer.next;
  }
  return found;
}

test('every kind of thing is in it, newest first', async () => {
  const { data } = await page('?limit=500');
  for (const kind of ['change', 'consent', 'event', 'list', 'message', 'note', 'order', 'tag'])
    expect(data.map(entry => entry.kind)).toContain(kind);
  const times = data.map(entry => Date.parse(entry.at));
  expect(times).toEqual([...times].sort((one, other) => other - one));
  expect(data.find(({ kind }) => kind === 'message')).toMatchObject({
    details: { channel: 'sms', dispatch: 'Hello', address: '+12125550142', refusal: null },
  });
  expect(data.find(({ kind }) => kind === 'order')).toMatchObject({
    id: '0042',
    name: 'completed',
    details: { grossAmount: 12.5 },
  });
});

test('pages of any size hold the same entries, also where many share one instant', async () => {
  const whole = await everything(500);
  expect(whole.filter(({ kind }) => kind === 'event')).toHaveLength(30);
  for (const limit of [1, 4, 7]) expect(await everything(limit)).toEqual(whole);
});

test('kinds are chosen by the query, and an unknown one is refused', async () => {
  const { data } = await page('?kinds=note,order');
  expect(data.map(({ kind }) => kind).sort()).toEqual(['note', 'order']);
  expect((await app.api('GET', `/v1/contacts/${id}/timeline?kinds=gossip`)).body.errors[0].pointer).toContain('?kinds');
  expect((await app.api('GET', `/v1/contacts/${id}/timeline?after=bm90`)).status).toBe(422);
});

test('a page of a long history reads a page of events, not all of them', async () => {
  await app.db.run(sql`insert into contact_event (workspace_id, contact_id, at, name, source)
    select ${app.workspaceId}, ${id}, '2026-01-01'::timestamptz + n * interval '1 second', 'Walked', 'test' from generate_series(1, 100000) n`);
  await app.db.run(sql`analyze contact_event`);
  const { data } = await page('?kinds=event&limit=50');
  expect(data).toHaveLength(50);

  const plan = await app.db.rows<{ 'QUERY PLAN': string }>(
    sql`explain (analyze, costs off, timing off) ${selectTimeline(app.workspaceId, id, ['event'], null, 51)}`,
  );
  const scanned = plan.flatMap(row => [...(/Scan.*actual rows=(\d+)/.exec(row['QUERY PLAN'])?.slice(1) ?? [])].map(Number));
  expect(Math.max(...scanned)).toBeLessThan(200);
});
