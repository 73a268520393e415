/** A/B/n: who gets which variant, that it stays so, and what each of them came to. */
import { variantOf, variantSql } from '../../src/domain/campaign/variants.js';
import { sql } from '../../src/domain/sql.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { CampaignMaker } from '../support/campaigns.js';
import { expectTallied } from '../support/dispatches.js';
import { eventually } from '../support/eventually.js';
import { listen, untilOver } from '../support/events.js';

jest.setTimeout(120_000);

let app: TestApp;
let make: CampaignMaker;
beforeAll(async () => {
  app = await startTestApp();
  make = new CampaignMaker(app);
});
afterAll(() => app.stop());

type Message = { contact_id: string; variant: string | null; state: string; body: string | null };

const messagesOf = (id: string): Promise<Message[]> =>
  app.db.rows<Message>(sql`select m.contact_id, m.variant, m.state,
      (select s.body from sandbox_message s where s.recipient = m.address order by s.id desc limit 1) as body
    from message m join dispatch d on d.workspace_id = m.workspace_id and d.id = m.dispatch_id
    where d.source_kind = 'campaign' and d.source_id = ${id} order by m.contact_id`);

const pair = async (a = 1, b = 1) => [
  { name: 'Short', templateId: await make.template('Short, {{firstName}}'), share: a },
  { name: 'Long', templateId: await make.template('Long, dear {{firstName}} of {{city}}'), share: b },
];

/** As the report must add up, over all variants. */
const total = (report: { variants: Record<string, number>[] }, count: string): number =>
  report.variants.reduce((sum, variant) => sum + (variant[count] ?? 0), 0);

test('SQL and TypeScript give everybody the same variant', async () => {
  const variants = [3, 1, 6].map((share, i) => ({ name: `V${i}`, templateId: '1', share }));
  const rows = await app.db.rows<{ id: string; name: string }>(
    sql`select id::text, ${variantSql(sql`id`, '4711', variants)} as name from generate_series(1::bigint, 3000) id`,
  );
  expect(rows.filter(({ id, name }) => variantOf(id, '4711', variants)?.name !== name)).toEqual([]);
});

test('each person gets the variant that is theirs, with its text, and the report adds up', async () => {
  const variants = await pair(1, 3);
  const id = await make.campaign({ variants, includeSegmentIds: [await make.city(80, 60)] });
  expect(await make.view(id)).toMatchObject({ templateId: variants[0]?.templateId, variants });
  const { body: plan } = await make.verb(id, 'plan');
  expect(plan).toMatchObject({ matched: 80, refused: { 'no-consent': 20 }, toSend: 60 });
  expect([total(plan, 'matched'), total(plan, 'toSend')]).toEqual([80, 60]);
  await make.verb(id, 'launch');
  const live = await listen(app, `/v1/campaigns/${id}/progress`);
  await untilOver(live);
  const messages = await messagesOf(id);
  for (const { contact_id: contactId, variant, state, body } of messages) {
    expect(variant).toBe(variantOf(contactId, id, variants)?.name);
    if (state !== 'refused') expect(body).toMatch(variant === 'Short' ? /^Short, P\d+$/ : /^Long, dear P\d+ of City/);
  }
  const report = await make.report(id);
  expect(live.events.at(-1)?.data.dispatches[0].variants.map((one: { name: string }) => one.name)).toEqual(['Short', 'Long']);
  expect(report.variants).toMatchObject(plan.variants.map(({ name, matched, refused }: never) => ({ name, matched, refused })));
  for (const count of ['matched', 'sent', 'failed', 'planned', 'parts']) expect(total(report, count)).toBe(report[count]);
  expect(report.sent).toBe(60);
  await expectTallied(app, report.id);
});

test('a person’s answer and farewell count for their variant, once', async () => {
  const id = await make.sent({ variants: await pair(), includeSegmentIds: [await make.city(12)] });
  const { data } = (await make.api('GET', `/campaigns/${id}/recipients`)).body;
  const [one] = data;
  for (const body of ['Hello', 'Hello again'])
    await make.api('POST', '/sandbox/replies', { from: one.address, to: '+15550100', body });
  await eventually(async () => (await make.report(id)).replied === 1);
  const { variants } = await make.report(id);
  const mine = (variant: { name: string }) => variant.name === one.variant;
  expect(variants.find(mine).replied).toBe(1);
  expect(variants.filter((variant: never) => !mine(variant))[0].replied).toBe(0);
});

test('a retry sends the same variant again, though its template changed since', async () => {
  const phones = Array.from({ length: 6 }, (_, i) => `+1500${700 + i}0002`);
  const variants = await pair();
  const id = await make.sent({ variants, includeSegmentIds: [await make.people(phones)] });
  for (const { templateId } of variants) await make.api('PATCH', `/templates/${templateId}`, { body: 'Changed' });
  const before = await messagesOf(id);
  await app.db.run(sql`update message set address = '+12129' || lpad(contact_id::text, 6, '0') where state = 'failed'`);
  await app.db.run(sql`update reach r set address = '+12129' || lpad(r.contact_id::text, 6, '0')
    where r.contact_id = any (${before.map(one => one.contact_id)}::bigint[])`);
  expect((await make.verb(id, 'retry-failed')).body.retried).toBe(6);
  await make.reach(id, 'done');
  const after = await messagesOf(id);
  expect(after.map(({ variant }) => variant)).toEqual(before.map(({ variant }) => variant));
  for (const { variant, body } of after) expect(body).toMatch(variant === 'Short' ? /^Short, / : /^Long, dear /);
  const [one] = after;
  const { body: detail } = await make.api('GET', `/campaigns/${id}/recipients/${one?.contact_id}`);
  expect(detail).toMatchObject({ variant: one?.variant, content: { text: one?.body } });
});

test('a test send and a preview show each variant', async () => {
  const variants = await pair();
  const includeSegmentIds = [await make.city(1)];
  const id = await make.campaign({ variants, includeSegmentIds });
  const test = await make.verb(id, 'test', { to: ['+12125550177'] });
  expect(test.body.results.map((one: { variant: string; outcome: string }) => [one.variant, one.outcome])).toEqual([
    ['Short', 'sent'],
    ['Long', 'sent'],
  ]);
  const only = await make.verb(id, 'test', { to: ['+12125550177', 'nobody'], variant: 'Long' });
  expect(only.body.results).toMatchObject([
    { variant: 'Long', outcome: 'sent' },
    { variant: 'Long', outcome: 'refused' },
  ]);
  expect((await make.verb(id, 'test', { to: ['+12125550177'], variant: 'Longer' })).body.errors[0].pointer).toBe('/variant');
  const contact = await app.db.row<{ id: string; first_name: string }>(
    sql`select id, first_name from contact order by id desc limit 1`,
  );
  const contactId = contact?.id ?? '';
  const theirs = await make.verb(id, 'preview', { contactId });
  expect(theirs.body).toMatchObject({ variant: variantOf(contactId, id, variants)?.name, preview: { channel: 'sms' } });
  expect((await make.verb(id, 'preview', { variant: 'Short', contactId })).body.preview.text).toBe(
    `Short, ${contact?.first_name}`,
  );
  expect((await make.verb(await make.campaign({ includeSegmentIds }), 'preview')).body.variant).toBeNull();
});

test('variants are changed, taken away and copied', async () => {
  const variants = await pair();
  const id = await make.campaign({ variants });
  const copy = await make.verb(id, 'duplicate');
  expect(copy.body.variants).toEqual(variants);
  expect((await make.api('PATCH', `/campaigns/${id}`, { templateId: variants[1]?.templateId })).body.errors[0].pointer).toBe(
    '/templateId',
  );
  const single = await make.api('PATCH', `/campaigns/${id}`, { variants: [], templateId: variants[1]?.templateId });
  expect(single.body).toMatchObject({ variants: [], templateId: variants[1]?.templateId });
  const back = await make.api('PATCH', `/campaigns/${id}`, { variants });
  expect(back.body).toMatchObject({ variants, templateId: variants[0]?.templateId });
});

test.each<[string, (list: Awaited<ReturnType<typeof pair>>) => object, string]>([
  ['one alone', list => ({ variants: list.slice(0, 1) }), '/variants'],
  ['two of one name', list => ({ variants: list.map(one => ({ ...one, name: 'a' })) }), '/variants'],
  ['more than ten', list => ({ variants: Array.from({ length: 11 }, (_, i) => ({ ...list[0], name: `V${i}` })) }), '/variants'],
  ['no share', list => ({ variants: [{ ...list[0], share: 0 }, list[1]] }), '/variants/0/share'],
  [
    'a template that is not there',
    list => ({ variants: [list[0], { ...list[1], templateId: '98765' }] }),
    '/variants/1/templateId',
  ],
  ['a template beside them', list => ({ variants: list, templateId: '1' }), '/templateId'],
  ['neither', () => ({ variants: [] }), '/templateId'],
])('%s is refused', async (_what, change, pointer) => {
  const answer = await make.api('POST', '/campaigns', await make.draft(change(await pair())));
  expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
});
