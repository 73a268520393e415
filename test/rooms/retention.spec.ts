/** What a workspace need not keep for ever goes after the days it says; reports, consents and suppressions stay; a plan only counts. */
import { RetentionService } from '../../src/accounts/retention.service.js';
import type { Channel } from '../../src/domain/ids.js';
import { sql } from '../../src/domain/sql.js';
import { MessagesService } from '../../src/messages/messages.service.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { answerTo, countRows, fillWorkspace } from '../support/release.js';
import { ShiftedClock } from '../support/shifted-clock.js';

const dayMs = 24 * 3_600_000;
const path = '/v1/workspace/retention';
const clock = new ShiftedClock();
const nothing = { events: 0, messages: 0, messageEvents: 0, callbacks: 0, audit: 0, importRejects: 0, sandboxMessages: 0 };
let app: TestApp;
let reports: unknown[];

const reportsNow = async (): Promise<unknown[]> => {
  const { data } = (await app.api('GET', '/v1/campaigns')).body;
  return Promise.all(data.map(({ id }: { id: string }) => answerTo(app.url, app.key, `GET /v1/campaigns/${id}/report`)));
};

beforeAll(async () => {
  app = await startTestApp({ clock, environment: { SWEEP_SECONDS: '3600' } });
  await fillWorkspace(app);
  reports = await reportsNow();
});
afterAll(() => app.stop());

test('a workspace that says nothing keeps what people did and lets go of the raw', async () => {
  const { status, body } = await app.api('GET', path);
  expect([status, body]).toEqual([
    200,
    { events: null, messages: null, messageEvents: null, callbacks: 30, audit: null, importRejects: 90, sandboxMessages: 90 },
  ]);
});

test('less than law or delivery needs, and unknown subjects, are refused by name', async () => {
  for (const [body, pointer] of [
    [{ messages: 29 }, '/messages'],
    [{ audit: 1 }, '/audit'],
    [{ events: 0 }, '/events'],
    [{ consents: 1 }, '/consents'],
  ] as const) {
    const answer = await app.api('PATCH', path, body);
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, pointer]);
  }
});

test('young rows stay, and the plan says so', async () => {
  // The world's oldest event has a date of its own, and gets older.
  const events = Math.ceil((clock.now().getTime() - Date.parse('2026-07-31')) / dayMs) + 30;
  await app.api('PATCH', path, { events, messages: 30, messageEvents: 30, callbacks: 3, audit: 90 });
  expect((await app.api('GET', '/v1/workspace/retention/plan')).body).toEqual(nothing);
});

test('a setting that was changed meanwhile stops the run that began under the old one', async () => {
  const before = await countRows(app.database.url);
  const begun = { workspaceId: app.workspaceId, subject: 'events', days: -1 } as const; // all there are would go
  expect(await app.get(RetentionService).enforce(begun)).toBe(false);
  expect(await countRows(app.database.url)).toMatchObject({ contact_event: before.contact_event });
});

test('old rows are planned, then go; reports, evidence and orders stay', async () => {
  const before = await countRows(app.database.url);
  clock.advance(300 * dayMs); // the scheduled campaign is a year away
  const plan = (await app.api('GET', `${path}/plan`)).body;
  expect(plan).toMatchObject({ events: before.contact_event, messages: before.message, callbacks: before.gateway_callback });
  expect(await countRows(app.database.url)).toMatchObject({ contact_event: before.contact_event, message: before.message });
  await app.sweep();
  // The trail is dated by the database, whose clock stands still here: what the sweep itself wrote counts as old.
  expect((await app.api('GET', `${path}/plan`)).body).toEqual({ ...nothing, audit: expect.any(Number) });
  const { contact, consent, suppression, purchase, message, tally } = before;
  const after = await countRows(app.database.url);
  expect(after).toMatchObject({ contact, consent, suppression, purchase, message, tally });
  expect(after).toMatchObject({ contact_event: 0, message_event: 0, gateway_callback: 0, sandbox_message: 0, import_reject: 0 });
  expect(await app.db.row(sql`select count(address)::int as n from message`)).toEqual({ n: 0 });
  expect(await reportsNow()).toEqual(reports);
});

test('who answers a message whose first answer went is not counted again', async () => {
  const old = await app.db.row<{
    contactId: string;
    dispatchId: string;
    channel: Channel;
  }>(sql`select m.contact_id as "contactId",
    m.dispatch_id as "dispatchId", m.channel from message m join response_tally t on t.dispatch_id = m.dispatch_id where m.sent_at is not null limit 1`);
  if (!old) throw new Error('nobody has answered');
  const answer = { ...old, kind: 'replied' as const, at: clock.now() };
  await app.db.transaction(tx => app.get(MessagesService).recordResponses(tx, app.workspaceId, [answer]));
  expect(await countRows(app.database.url)).toMatchObject({ message_event: 1 });
  expect(await reportsNow()).toEqual(reports);
});

test('what went is told in the audit trail, with counts', async () => {
  const { data } = (await app.api('GET', '/v1/audit?limit=50')).body;
  const told = data.filter(({ action }: { action: string }) => action === 'retention.enforced');
  expect(told.map(({ details }: { details: { subject: string } }) => details.subject).sort()).toEqual(
    ['audit', 'callbacks', 'events', 'importRejects', 'messageEvents', 'messages', 'sandboxMessages'].sort(),
  );
  for (const { actor, details } of told) expect([actor, details.rows > 0]).toEqual(['sweep:retention', true]);
});
