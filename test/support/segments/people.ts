/** People for segment tests: a profile is both what `matches` judges and what is written to the tables that the SQL reads. */
import type { Pool } from 'pg';
import { fields } from '../../../src/domain/segment/fields.js';
import type { Profile, ProfileReach } from '../../../src/domain/segment/profile.js';

export const listIds = ['1', '2', '3'] as const;
export const tagIds = ['1', '2', '3'] as const;

export type Person = Profile & { id: string };

export function makePerson(id: number | string, given: Partial<Profile> = {}): Person {
  const nothing = { fields: {}, attributes: {}, reach: [], consents: [], events: [], lastOrderAt: null };
  const sets = { listIds: new Set<string>(), tagIds: new Set<string>() };
  return { ...nothing, ...sets, ...given, id: String(id) };
}

export function makePhone(address: string, given: Partial<ProfileReach> = {}): ProfileReach {
  return { ...unproven, channel: 'sms', address, lineType: 'mobile', ...given };
}

export function makeEmail(address: string, given: Partial<ProfileReach> = {}): ProfileReach {
  return { ...unproven, channel: 'email', address, ...given };
}

const unproven = {
  isPrimary: true,
  state: 'ok',
  isSuppressed: false,
  topics: [],
  country: null,
  areaCode: null,
  lineType: null,
} satisfies Partial<ProfileReach>;

/** Makes the workspace with its lists and tags (ids 1 to 3 of each) and writes the people into it. */
export async function writePeople(pool: Pool, workspaceId: string, people: readonly Person[]): Promise<void> {
  const run = (text: string, rows: object[]): Promise<unknown> => pool.query(text, [workspaceId, JSON.stringify(rows)]);
  await pool.query('insert into workspace (id, name) overriding system value values ($1, $2)', [workspaceId, `W${workspaceId}`]);
  await pool.query(
    `insert into list (workspace_id, id, name) overriding system value select $1, id, 'List ' || id from unnest($2::bigint[]) id`,
    [workspaceId, listIds],
  );
  await pool.query(
    `insert into tag (workspace_id, id, name) overriding system value select $1, id, 'Tag ' || id from unnest($2::bigint[]) id`,
    [workspaceId, tagIds],
  );
  const times = people.flatMap(person => person.events.map(event => event.at.toISOString())).sort();
  if (times.length > 0) await pool.query('select ensure_contact_event_months($1, $2)', [times[0], times.at(-1)]);
  const columns = Object.values(fields).map(field => field.column);
  await run(
    `insert into contact (workspace_id, id, attributes, ${columns.join(', ')})
     select $1, id, attributes, ${columns.map(column => (column.endsWith('ed_at') ? `coalesce(${column}, now())` : column)).join(', ')}
     from jsonb_populate_recordset(null::contact, $2::jsonb)`,
    people.map(person => ({ id: person.id, attributes: person.attributes, ...columnsOf(person) })),
  );
  await run(
    `insert into reach (workspace_id, contact_id, channel, address, address_hash, is_primary, state, is_suppressed, topics, country, area_code, line_type)
     select $1, contact_id, channel, address, sha256(address::bytea), is_primary, state, is_suppressed, topics, country, area_code, line_type
     from jsonb_populate_recordset(null::reach, $2::jsonb)`,
    people.flatMap(person => person.reach.map(reach => ({ contact_id: person.id, ...snakeKeys(reach) }))),
  );
  await run(
    `insert into consent (workspace_id, contact_id, channel, topic, state, source, actor, occurred_at, expires_at)
     select $1, contact_id, channel, topic, state, source, 'test', occurred_at, expires_at
     from jsonb_populate_recordset(null::consent, $2::jsonb) with ordinality as given order by given.ordinality`,
    people.flatMap(person => person.consents.map(consent => ({ contact_id: person.id, ...snakeKeys(consent) }))),
  );
  await run(
    `insert into list_member (workspace_id, contact_id, list_id) select $1, contact_id, list_id
     from jsonb_populate_recordset(null::list_member, $2::jsonb)`,
    people.flatMap(person => [...person.listIds].map(id => ({ contact_id: person.id, list_id: id }))),
  );
  await run(
    `insert into contact_tag (workspace_id, contact_id, tag_id) select $1, contact_id, tag_id
     from jsonb_populate_recordset(null::contact_tag, $2::jsonb)`,
    people.flatMap(person => [...person.tagIds].map(id => ({ contact_id: person.id, tag_id: id }))),
  );
  await run(
    `insert into contact_event (workspace_id, contact_id, at, name, source) select $1, contact_id, at, name, 'test'
     from jsonb_populate_recordset(null::contact_event, $2::jsonb)`,
    people.flatMap(person => person.events.map(event => ({ contact_id: person.id, ...event }))),
  );
  await run(
    `insert into contact_value (workspace_id, contact_id, order_count, net_amount, last_order_at, as_of)
     select $1, contact_id, 1, 1, last_order_at, now() from jsonb_populate_recordset(null::contact_value, $2::jsonb)`,
    people.flatMap(person => (person.lastOrderAt ? [{ contact_id: person.id, last_order_at: person.lastOrderAt }] : [])),
  );
}

function columnsOf(person: Person): Record<string, unknown> {
  const entries = Object.entries(fields).map(([name, { column }]) => [
    column,
    person.fields[name as keyof typeof fields] ?? null,
  ]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

function snakeKeys(row: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [key.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`), value as unknown]),
  );
}
