/**
 * Statements that keep `reach`, the one table sending reads, equal to what consent and suppression say. All are set-based:
 * people come as a select with a column contact_id (an array by `contactsOf`, or a staging table of an import). Writers
 * lock the contacts first (`touchContacts`), else two writers of one contact could each miss what the other one wrote.
 *
 * They are shaped so that fresh bulk data without statistics cannot lead the planner astray (measured: 4 s instead of 20 ms for
 * a thousand contacts, when it took the workspace or the channel for the most selective condition). People are an array, always
 * an index condition; what depends on a row is a subquery of that row; `in (…) is true` is looked up in a hash, never joined.
 */
import type { Channel, ContactId, WorkspaceId } from '../domain/ids.js';
import { type Sql, sql } from '../domain/sql.js';

/** A few people as the select that the statements below take. */
export function contactsOf(ids: readonly ContactId[]): Sql {
  return sql`select unnest(${ids}::bigint[]) as contact_id`;
}

/** Locks the contacts until commit and marks them changed; they are taken in id order so that two batches do not cross. */
export function touchContacts(workspaceId: WorkspaceId, contacts: Sql, now: Date): Sql {
  return sql`with people as (
      select id from contact where workspace_id = ${workspaceId} and id = any (array(${contacts})) order by id for no key update)
    update contact set updated_at = ${now} from people where contact.workspace_id = ${workspaceId} and contact.id = people.id`;
}

/**
 * Adds addresses to contacts. `addresses` selects contact_id, channel, address, address_hash, country, area_code,
 * line_type, operator, domain, each (contact_id, channel, address) once. A known address only learns what it lacked; its
 * state stays. Topics, suppression and the primary are left to `refreshTopics`, `refreshSuppressed` and `electPrimaries`.
 */
export function upsertAddresses(workspaceId: WorkspaceId, addresses: Sql): Sql {
  return sql`insert into reach
      (workspace_id, contact_id, channel, address, address_hash, country, area_code, line_type, operator, domain)
    select ${workspaceId}, contact_id, channel, address, address_hash, country, area_code, line_type, operator, domain
    from (${addresses}) given
    on conflict (workspace_id, contact_id, channel, address) do update set
      country = coalesce(excluded.country, reach.country), area_code = coalesce(excluded.area_code, reach.area_code),
      line_type = coalesce(excluded.line_type, reach.line_type), operator = coalesce(excluded.operator, reach.operator),
      domain = coalesce(excluded.domain, reach.domain)
    where (reach.country, reach.area_code, reach.line_type, reach.operator, reach.domain) is distinct from
      (coalesce(excluded.country, reach.country), coalesce(excluded.area_code, reach.area_code),
       coalesce(excluded.line_type, reach.line_type), coalesce(excluded.operator, reach.operator),
       coalesce(excluded.domain, reach.domain))`;
}

/**
 * What each of these people allows now, as rows (contact_id, channel, topics): topics whose latest consent (by occurred_at,
 * then id) is granted and not over. `people` selects each contact_id once. Reads consent_pkey.
 */
export function allowedTopics(workspaceId: WorkspaceId, people: Sql, now: Date): Sql {
  return sql`select contact_id, channel, array_agg(topic order by topic) as topics
    from (
      select distinct on (c.contact_id, c.channel, c.topic) c.contact_id, c.channel, c.topic, c.state, c.expires_at
      from ${keyed(workspaceId, people)} person
        join consent c on c.workspace_id = person.workspace_id and c.contact_id = person.contact_id
      order by c.contact_id, c.channel, c.topic, c.occurred_at desc, c.id desc) latest
    where state = 'granted' and (expires_at is null or expires_at > ${now}::timestamptz)
    group by contact_id, channel`;
}

/** Topics of each address of these contacts. */
export function refreshTopics(workspaceId: WorkspaceId, contacts: Sql, now: Date): Sql {
  const own = allowedTopics(workspaceId, sql`select reach.contact_id`, now);
  const topics = sql`coalesce((select own.topics from (${own}) own where own.channel = reach.channel), '{}')`;
  return sql`update reach set topics = ${topics}
    where reach.workspace_id = ${workspaceId} and reach.contact_id = any (array(${contacts})) and reach.topics <> ${topics}`;
}

/** `is_suppressed` of every address of these contacts, from the suppression table (by its primary key). */
export function refreshSuppressed(workspaceId: WorkspaceId, contacts: Sql, now: Date): Sql {
  return setSuppressed(workspaceId, sql`reach.contact_id = any (array(${contacts}))`, now);
}

/** The same for everybody who has one of these addresses. Reads reach_address_idx. Returns who changed. */
export function refreshSuppressedAt(workspaceId: WorkspaceId, channel: Channel, addresses: readonly string[], now: Date): Sql {
  const who = sql`reach.channel = ${channel} and reach.address = any (${addresses}::text[])`;
  return sql`${setSuppressed(workspaceId, who, now)} returning reach.contact_id`;
}

function setSuppressed(workspaceId: WorkspaceId, who: Sql, now: Date): Sql {
  return sql`update reach set is_suppressed = not is_suppressed
    where reach.workspace_id = ${workspaceId} and ${who} and reach.is_suppressed <> ${isSuppressedAddress(workspaceId, sql`reach`, now)}`;
}

/** True when the address of `row` (with channel and address_hash) is suppressed now. Reads suppression_pkey. */
export function isSuppressedAddress(workspaceId: WorkspaceId, row: Sql, now: Date): Sql {
  return sql`exists (select from suppression s where s.workspace_id = ${workspaceId} and s.channel = ${row}.channel
    and s.address_hash = ${row}.address_hash and (s.expires_at is null or s.expires_at > ${now}::timestamptz))`;
}

/** Rows of a select as something to join by (workspace_id, …): `offset 0` keeps the planner from folding the constant in. */
export function keyed(workspaceId: WorkspaceId, rows: Sql): Sql {
  return sql`(select ${workspaceId}::bigint as workspace_id, given.* from (${rows}) given offset 0)`;
}

/** Takes the primary mark from the addresses that shall give way to `preferred` (contact_id, channel, address). */
export function demotePrimaries(workspaceId: WorkspaceId, preferred: Sql): Sql {
  return sql`update reach set is_primary = false
    where ${ofPeople(workspaceId, preferred)} and is_primary
      and ((contact_id, channel) in (select contact_id, channel from (${preferred}) wanted)) is true
      and ((contact_id, channel, address) in (select contact_id, channel, address from (${preferred}) wanted)) is false`;
}

/** Marks `preferred` (contact_id, channel, address; one per contact and channel); `demotePrimaries` ran before. */
export function promotePrimaries(workspaceId: WorkspaceId, preferred: Sql): Sql {
  return sql`update reach set is_primary = true
    where ${ofPeople(workspaceId, preferred)} and not is_primary
      and ((contact_id, channel, address) in (select contact_id, channel, address from (${preferred}) wanted)) is true`;
}

function ofPeople(workspaceId: WorkspaceId, rows: Sql): Sql {
  return sql`workspace_id = ${workspaceId} and contact_id = any (array(select contact_id from (${rows}) people))`;
}

/** Gives each of these contacts that has addresses on a channel but no primary one: the usable one, then the oldest. */
export function electPrimaries(workspaceId: WorkspaceId, contacts: Sql): Sql {
  return sql`update reach set is_primary = true
    where reach.workspace_id = ${workspaceId} and reach.contact_id = any (array(${contacts})) and not reach.is_primary
      and reach.address = (
        select best.address from reach best
        where best.workspace_id = reach.workspace_id and best.contact_id = reach.contact_id and best.channel = reach.channel
        order by best.is_primary desc, best.state = 'ok' desc, coalesce(best.line_type, '') = 'fixed', best.created_at, best.address
        limit 1)`;
}
