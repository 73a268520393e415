/**
 * A small workspace in which everything has happened once, and what the API says of it. A release keeps both under test/fixtures/releases;
 * every later version must restore the one and answer the other (test/platform/upgrade.spec.ts).
 */
import pg from 'pg';
import { listTables, quoted } from '../../src/backup/catalog.js';
import { type Answer, call, type TestApp } from './app.js';
import { eventually } from './eventually.js';
import { uploadAndMerge } from './imports.js';

/** What was asked (`GET /v1/contacts`, or `POST path {…}`) → what it answered. */
export type Answers = Record<string, unknown>;
export type ReleaseRecord = { madeAt: string; rows: Record<string, number>; answers: Answers };

const yearMs = 365 * 24 * 3600_000;

/** Rows in each table that a backup holds. */
export async function countRows(url: string): Promise<Record<string, number>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const counts: Record<string, number> = {};
  try {
    for (const table of await listTables(client)) {
      const { rows } = await client.query<{ n: number }>(`select count(*)::int as n from public.${quoted(table)}`);
      counts[table] = rows[0]?.n ?? 0;
    }
  } finally {
    await client.end();
  }
  return counts;
}

/** Fills the workspace through the API: people, groups, history, templates, campaigns of both channels, and what came back. */
export async function fillWorkspace(app: TestApp): Promise<void> {
  const contacts = Array.from({ length: 24 }, (_, n) => person(n));
  await taken(app.api('POST', '/v1/contacts/bulk', { contacts }));
  await importFiles(app);
  const ids = await contactIds(app);
  const [first = '', second = '', third = '', last = ''] = [ids[0], ids[1], ids[2], ids.at(-1)];
  await recordHistory(app, first);
  await taken(app.api('DELETE', `/v1/contacts/${last}`));
  const listId = await make(app, '/v1/lists', { name: 'Guests', description: 'Came to the fair' });
  await taken(app.api('POST', `/v1/lists/${listId}/members`, { contactIds: [first, second] }));
  const tagId = await make(app, '/v1/tags', { name: 'vip' });
  await taken(app.api('POST', `/v1/tags/${tagId}/members`, { contactIds: [second, third] }));
  const everyone = await saveSegments(app, listId, tagId);
  await makeGateways(app);
  await runCampaigns(app, everyone);
}

const person = (n: number) => ({
  externalId: `p${n}`,
  firstName: `Zoë ${n}`,
  lastName: 'Test',
  birthDate: `${1960 + n}-02-29`.replace(/-29$/, (1960 + n) % 4 === 0 ? '-29' : '-28'),
  gender: n % 2 ? 'female' : 'male',
  city: n % 3 ? 'Tampere' : 'Baku',
  country: n % 3 ? 'FI' : 'AZ',
  timeZone: n % 3 ? 'Europe/Helsinki' : 'Asia/Baku',
  interests: ['tea', 'chess'].slice(0, n % 3),
  phone: `+121255501${String(n).padStart(2, '0')}`,
  email: `p${n}@example.com`,
  attributes: { score: n * 1.5, plan: n % 2 ? 'pro' : 'free', isMember: n % 4 === 0, since: '2024-02-29', sizes: ['S', 'M'] },
  tags: n % 5 === 0 ? ['fifth'] : [],
  consent: ['sms', 'email'].flatMap(channel =>
    n % 6 === 5 ? [] : [{ channel, topic: 'news', state: 'granted', source: 'form', proof: { ip: '192.0.2.1' } }],
  ),
});

async function importFiles(app: TestApp): Promise<void> {
  const people =
    'externalId,email,phone,first name,attributes.score:number\nq1,q1@example.com,+12125550150,Quinn,7\nq2,not an address,,Robin,8\nq3,q3@example.com,,Sam,x\n';
  const options = { list: 'Imported', tags: ['import'], consent: [{ channel: 'email', topic: 'news', source: 'fair' }] };
  await uploadAndMerge(app, people, { kind: 'contacts', options });
  const orders =
    'orderId,externalId,orderedAt,amount,items\n1,p1,2026-08-01T10:00:00Z,60.00,3\n2,p1,2026-09-01T10:00:00Z,19.90,1\n3,p2,2025-01-01T10:00:00Z,5,1\n4,nobody,2026-01-01T10:00:00Z,5,1\n';
  await uploadAndMerge(app, orders, { kind: 'orders', options: { currency: 'EUR' }, fileName: 'orders.csv' });
}

async function recordHistory(app: TestApp, contactId: string): Promise<void> {
  const events = [
    { name: 'Product Viewed', at: '2026-11-20T10:00:00Z', properties: { sku: 'tea', price: 4.5 }, messageId: 'm1' },
    { name: 'Signed Up', at: '2026-07-31T23:59:59Z', properties: {} },
  ];
  await taken(app.api('POST', `/v1/contacts/${contactId}/events`, { events }));
  const consent = {
    channel: 'email',
    topic: 'offers',
    state: 'granted',
    source: 'desk',
    legalBasis: 'consent',
    proof: { form: 'A4' },
  };
  await taken(app.api('POST', `/v1/contacts/${contactId}/consents`, consent));
  const blocked = {
    channel: 'email',
    address: 'stranger@example.com',
    reason: 'complaint',
    source: 'desk',
    details: { ticket: 7 },
  };
  await taken(app.api('POST', '/v1/suppressions', blocked, { 'idempotency-key': 'suppress-once' }));
}

/** The id of the segment of everyone who can be reached. */
async function saveSegments(app: TestApp, listId: string, tagId: string): Promise<string> {
  const rules: Record<string, object> = {
    Women: { kind: 'attribute', field: 'gender', operator: 'is', value: 'female' },
    'Over 40 in Tampere': {
      kind: 'all',
      rules: [
        { kind: 'place', city: ['Tampere'] },
        { kind: 'age', operator: 'at-least', value: 40 },
      ],
    },
    'Tea drinkers': { kind: 'attribute', field: 'interests', operator: 'contains', value: 'tea' },
    Guests: {
      kind: 'any',
      rules: [
        { kind: 'list', listId, in: true },
        { kind: 'tag', tagId, has: true },
      ],
    },
    'Not seen lately': { kind: 'none', rules: [{ kind: 'event', name: 'Product Viewed', did: true, window: { lastDays: 7 } }] },
    Buyers: { kind: 'last-order', operator: 'within-days', days: 180 },
    'By phone': { kind: 'phone', areaCode: ['212'], country: ['US'] },
  };
  for (const [name, rule] of Object.entries(rules)) await make(app, '/v1/segments', { name, rule: { version: 1, rule } });
  return make(app, '/v1/segments', { name: 'Everyone', rule: { version: 1, rule: { kind: 'all', rules: [] } } });
}

async function makeGateways(app: TestApp): Promise<void> {
  await make(app, '/v1/gateways', {
    kind: 'smtp',
    name: 'Post office',
    settings: { host: 'smtp.example.com', user: 'u' },
    secrets: { password: 'p' },
  });
  const settings = { accountSid: `AC${'0'.repeat(32)}` };
  await make(app, '/v1/gateways', { kind: 'twilio', name: 'Phones', settings, secrets: { authToken: 't' }, unitsPerSecond: 10 });
}

async function runCampaigns(app: TestApp, segmentId: string): Promise<void> {
  const sms = await make(app, '/v1/templates', { name: 'SMS', channel: 'sms', body: 'Hi {{firstName}}' });
  await taken(app.api('PATCH', `/v1/templates/${sms}`, { body: 'Hello {{firstName}} of {{city}}' }));
  const html = '<p>Hello {{firstName}}</p><a href="{{unsubscribeUrl}}">leave</a>';
  const mail = await make(app, '/v1/templates', { name: 'Mail', channel: 'email', subject: 'Hello {{firstName}}', html });
  const common = { class: 'marketing', topic: 'news', includeSegmentIds: [segmentId] };
  const bySms = { ...common, channel: 'sms', templateId: sms, sender: { from: '+12025550100' } };
  await runCampaign(app, { ...bySms, name: 'Sent by SMS' });
  await runCampaign(app, {
    ...common,
    name: 'Sent by mail',
    channel: 'email',
    templateId: mail,
    sender: { fromAddress: 'shop@example.com' },
  });
  await stopAndReply(app);
  const scheduled = await make(app, '/v1/campaigns', { ...bySms, name: 'Next year' });
  await taken(
    app.api('POST', `/v1/campaigns/${scheduled}/launch`, { at: new Date(app.clock.now().getTime() + yearMs).toISOString() }),
  );
  await make(app, '/v1/campaigns', { ...bySms, name: 'Draft' });
}

/** Makes, launches and waits for the end of a campaign and of its receipts. */
export async function runCampaign(app: TestApp, campaign: object): Promise<void> {
  const id = await make(app, '/v1/campaigns', campaign);
  await taken(app.api('POST', `/v1/campaigns/${id}/launch`, {}));
  await eventually(async () => {
    const { state, dispatches } = (await app.api('GET', `/v1/campaigns/${id}/report`)).body;
    return state === 'done' && dispatches[0].sent > 0 && dispatches[0].delivered === dispatches[0].sent;
  });
}

async function stopAndReply(app: TestApp): Promise<void> {
  const { body } = await app.api('GET', '/v1/sandbox/messages?channel=sms&limit=2');
  const texts = ['STOP', 'Thank you!'];
  for (const [n, text] of texts.entries())
    await taken(app.api('POST', '/v1/sandbox/replies', { messageId: body.data[n].id, body: text }));
  await eventually(async () => (await app.api('GET', '/v1/suppressions?channel=sms')).body.data.length > 0);
}

const lists = [
  'contacts',
  'lists',
  'tags',
  'segments',
  'templates',
  'campaigns',
  'gateways',
  'suppressions',
  'imports',
  'sandbox/messages',
];

/** Everything the API shows of the workspace. */
export async function askEverything(app: TestApp): Promise<Answers> {
  const answers: Answers = {};
  const ask = async (question: string) => (answers[question] = await answerTo(app.url, app.key, question));
  await ask('GET /v1/workspace');
  for (const list of lists) await ask(`GET /v1/${list}?limit=100`);
  const idsOf = (list: string) => (answers[`GET /v1/${list}?limit=100`] as { data: { id: string }[] }).data.map(({ id }) => id);
  for (const id of idsOf('contacts')) for (const part of ['', '/consents', '/events']) await ask(`GET /v1/contacts/${id}${part}`);
  for (const id of idsOf('segments')) await ask(`POST /v1/segments/preview {"segmentId":"${id}"}`);
  for (const id of idsOf('templates')) await ask(`GET /v1/templates/${id}/versions`);
  for (const id of idsOf('campaigns')) await ask(`GET /v1/campaigns/${id}/report`);
  for (const id of idsOf('imports')) await ask(`GET /v1/imports/${id}/rejects.csv`);
  return answers;
}

/** Not facts about the workspace: how long a count took, where the server listens, in which words a rule is told. */
const passing = new Set(['milliseconds', 'inboundUrl', 'summary']);

export async function answerTo(url: string, key: string, question: string): Promise<unknown> {
  const [, method = '', path = '', body] = /^(\S+) (\S+)(?: (.*))?$/.exec(question) ?? [];
  const answer = await call(url, key, method, path, body === undefined ? undefined : JSON.parse(body));
  if (answer.status !== 200) throw new Error(`${question}: ${answer.status} ${answer.text}`);
  return JSON.parse(JSON.stringify(answer.body, (name, value: unknown) => (passing.has(name) ? undefined : value)));
}

async function contactIds(app: TestApp): Promise<string[]> {
  return (await app.api('GET', '/v1/contacts?limit=100')).body.data
    .map(({ id }: { id: string }) => id)
    .sort((a: string, b: string) => Number(a) - Number(b));
}

async function make(app: TestApp, path: string, body: object): Promise<string> {
  return (await taken(app.api('POST', path, body))).body.id;
}

async function taken(answering: Promise<Answer>): Promise<Answer> {
  const answer = await answering;
  if (answer.status >= 300) throw new Error(`the API refused: ${answer.status} ${answer.text}`);
  return answer;
}
