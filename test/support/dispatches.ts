/** People and dispatches for specs of the ledger and of delivery, and the one check that counts and rows agree. */
import type { Channel } from '../../src/domain/ids.js';
import { type Sql, sql } from '../../src/domain/sql.js';
import { GatewaysService } from '../../src/gateways/gateways.service.js';
import type { WaveItem } from '../../src/messages/claim.sql.js';
import type { Dispatch, NewDispatch } from '../../src/messages/dispatch.js';
import { MessagesService } from '../../src/messages/messages.service.js';
import { JobHost } from '../../src/platform/jobs/job-host.js';
import { Sweeper } from '../../src/platform/jobs/sweeper.js';
import { Signing } from '../../src/platform/signing.js';
import type { TestApp } from './app.js';

/** A server that waits for its first sweep to end and never sweeps again: what a test holds is not touched. */
export async function withoutSweeps(starting: TestApp | Promise<TestApp>): Promise<TestApp> {
  const app = await starting;
  await app.get(Sweeper).beforeApplicationShutdown();
  return app;
}

/** A server that takes no job any more, and has ended those it had: rows stay as a test or a call leaves them. */
export async function withoutJobs(app: TestApp): Promise<TestApp> {
  await app.get(JobHost).beforeApplicationShutdown();
  return app;
}

export type Person = { id: string; address: string };
type Change = Partial<{ address: string; topics: string[]; state: string; lineType: string; suppressed: boolean }>;

let counter = 0;

/** New contacts with a primary address each (all the same where one is given) and consent to the topic "news". */
export async function makePeople(app: TestApp, count: number, channel: Channel = 'sms', change: Change = {}): Promise<Person[]> {
  const { db, workspaceId } = app;
  const rows = await db.rows<{ id: string }>(
    sql`insert into contact (workspace_id, first_name) select ${workspaceId}, 'P' || n from generate_series(1, ${count}::int) n returning id`,
  );
  const people = rows.map(({ id }) => ({ id, address: change.address ?? addressOf(channel) }));
  await addReach(app, people, channel, change);
  return people;
}

function addressOf(channel: Channel): string {
  const number = ++counter;
  return channel === 'sms' ? `+1212${String(2_000_000 + number)}` : `p${number}@example.com`;
}

async function addReach(app: TestApp, people: readonly Person[], channel: Channel, change: Change): Promise<void> {
  const hashes = people.map(({ address }) => app.get(Signing).hashAddress(app.workspaceId, channel, address));
  await app.db
    .run(sql`insert into reach (workspace_id, contact_id, channel, address, address_hash, is_primary, topics, state, line_type, is_suppressed)
    select ${app.workspaceId}, id, ${channel}, address, hash, true, ${change.topics ?? ['news']}::text[], ${change.state ?? 'ok'},
      ${change.lineType ?? null}, ${change.suppressed ?? false}
    from unnest(${people.map(p => p.id)}::bigint[], ${people.map(p => p.address)}::text[], ${hashes}::bytea[]) as p (id, address, hash)`);
}

/** A contact without any address. */
export async function makeNobody(app: TestApp): Promise<string> {
  const row = await app.db.row<{ id: string }>(sql`insert into contact (workspace_id) values (${app.workspaceId}) returning id`);
  return row?.id ?? '';
}

export async function makeTemplate(app: TestApp, channel: Channel = 'sms', body = 'Hi {{firstName}}'): Promise<string> {
  const content = channel === 'sms' ? { body } : { subject: 'Hi', html: `<p>${body}</p><a href="{{unsubscribeUrl}}">leave</a>` };
  const { status, body: made } = await app.api('POST', '/v1/templates', { name: `Template ${++counter}`, channel, ...content });
  if (status !== 201) throw new Error(`no template: ${JSON.stringify(made)}`);
  return made.id;
}

/** A dispatch that is freezing. Nothing drains it until its slots are rung for. */
export async function makeDispatch(app: TestApp, change: Partial<NewDispatch> = {}): Promise<Dispatch> {
  const channel = change.channel ?? 'sms';
  const messages = app.get(MessagesService);
  const sender = channel === 'sms' ? { from: '+12025550100' } : { fromAddress: 'shop@example.com' };
  const wanted: NewDispatch = {
    name: 'Test',
    sourceKind: 'campaign',
    sourceId: '1',
    channel,
    class: 'marketing',
    topic: 'news',
    templateId: '1',
    templateVersion: 1,
    gatewayId: change.gatewayId ?? (await app.get(GatewaysService).resolve(app.workspaceId, channel, null)),
    sender,
    resendPolicy: channel === 'email' ? 'once' : 'never',
    sendAfter: new Date(app.clock.now().getTime() - 60_000),
    endsAt: null,
    audience: { include: [], exclude: [] },
    ...change,
  };
  const id = await app.db.transaction(tx => messages.createDispatch(tx, app.workspaceId, wanted));
  return messages.getDispatch(app.workspaceId, id);
}

export const only = (people: readonly (Person | string)[]): Sql =>
  sql`c.id = any (${people.map(person => (typeof person === 'string' ? person : person.id))}::bigint[])`;

/** Frozen to these people, and ready to be sent. */
export async function freezeDispatch(
  app: TestApp,
  people: readonly Person[],
  change: Partial<NewDispatch> = {},
): Promise<Dispatch> {
  const { id } = await makeDispatch(app, change);
  await app.get(MessagesService).freeze(app.workspaceId, id, only(people));
  return app.get(MessagesService).getDispatch(app.workspaceId, id);
}

/** Frozen with a template that exists, and rung for: delivery does the rest. */
export async function sendTo(app: TestApp, people: readonly Person[], change: Partial<NewDispatch> = {}): Promise<Dispatch> {
  const templateId = change.templateId ?? (await makeTemplate(app, change.channel));
  const dispatch = await freezeDispatch(app, people, { ...change, templateId });
  await app.get(MessagesService).ringDrains(app.workspaceId, dispatch.id);
  return dispatch;
}

/** What a wave says of one message: two parts of SMS. */
export const draftFor = ({ id, address }: Person): WaveItem => ({
  contactId: id,
  address,
  encoding: 'GSM-7',
  parts: 2,
  mergeValues: {},
  refusal: null,
});

export type MessageRow = {
  contact_id: string;
  slot: number;
  state: string;
  refusal: string | null;
  attempt: number;
  resends: number;
  provider_id: string | null;
  claimed_by: number | null;
  error_kind: string | null;
  error_detail: string | null;
  send_after: Date | null;
};

export const rowsOf = (app: TestApp, dispatchId: string): Promise<MessageRow[]> =>
  app.db
    .rows<MessageRow>(sql`select contact_id, slot, state, refusal, attempt, resends, provider_id, claimed_by, error_kind, error_detail, send_after
    from message where workspace_id = ${app.workspaceId} and dispatch_id = ${dispatchId} order by contact_id`);

export const rowOf = async (app: TestApp, dispatchId: string, person: Person): Promise<MessageRow> => {
  const row = (await rowsOf(app, dispatchId)).find(one => one.contact_id === person.id);
  if (!row) throw new Error(`contact ${person.id} has no message in dispatch ${dispatchId}`);
  return row;
};

/** How many messages of a dispatch are in each state. Checks the tallies on the way. */
export async function statesOf(app: TestApp, dispatchId: string): Promise<Record<string, number>> {
  await expectTallied(app, dispatchId);
  const states: Record<string, number> = {};
  for (const { state } of await rowsOf(app, dispatchId)) states[state] = (states[state] ?? 0) + 1;
  return states;
}

/** The tallies say what a count over the rows says: by slot, state, sent or not, and reason. */
export async function expectTallied(app: TestApp, dispatchId: string): Promise<void> {
  const key = sql`workspace_id = ${app.workspaceId} and dispatch_id = ${dispatchId}`;
  // One statement sees one moment, so this holds while messages move.
  const differences = await app.db.rows(sql`
    with counted as (
      select slot, state, sent_at is not null as was_sent, coalesce(refusal, '') as reason, count(*)::bigint as messages,
        coalesce(sum(parts) filter (where sent_at is not null), 0)::bigint as parts
      from message where ${key} group by 1, 2, 3, 4
    ), kept as (
      select slot, state, was_sent, reason, sum(messages)::bigint as messages, sum(parts)::bigint as parts from tally where ${key}
      group by 1, 2, 3, 4 having sum(messages) <> 0 or sum(parts) <> 0
    )
    (select 'rows' as says, * from (table counted except table kept) a) union all (select 'tally', * from (table kept except table counted) b)`);
  expect(differences).toEqual([]);
}
