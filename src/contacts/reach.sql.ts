/**
 * Statements that keep `reach`, the one table sending reads, equal to what consent and suppression say. All are set-based:
 * people come as a select with a column contact_id (an array by `contactsOf`, or a staging table of an import). Writers
 * lock the contacts first (`touchContacts`), else two writers of one contact could each miss what the other one wrote.
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
      select id from contact where workspace_id = ${workspaceId} and id in (${contacts}) order by id for no key update)
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
      from (${people}) person join consent c on c.workspace_id = ${workspaceId} and c.contact_id = person.contact_id
      order by c.contact_id, c.channel, c.topic, c.occurred_at desc, c.id desc) latest
    where state = 'granted' and (expires_at is null or expires_at > ${now}::timestamptz)
    group by contact_id, channel`;
}

/** Topics of each address of these contacts. */
export function refreshTopics(workspaceId: WorkspaceId, contacts: Sql, now: Date): Sql {
  return sql`with people as materialized (select distinct contact_id from (${contacts}) given),
    allowed as (${allowedTopics(workspaceId, sql`select contact_id from people`, now)})
    update reach set topics = coalesce(allowed.topics, '{}')
    from people cross join (values ('sms'), ('email')) as door (channel)
      left join allowed on allowed.contact_id = people.contact_id and allowed.channel = door.channel
    where reach.workspace_id = ${workspaceId} and reach.contact_id = people.contact_id and reach.channel = door.channel
      and reach.topics is distinct from coalesce(allowed.topics, '{}')`;
}

/** `is_suppressed` of every address of these contacts, from the suppression table (by its primary key). */
export function refreshSuppressed(workspaceId: WorkspaceId, contacts: Sql, now: Date): Sql {
  return setSuppressed(workspaceId, sql`reach.contact_id in (${contacts})`, now);
}

/** The same for everybody who has one of these addresses, known by hash. Reads reach_address_hash_idx. Returns who changed. */
export function refreshSuppressedByHash(workspaceId: WorkspaceId, channel: Channel, hashes: readonly Buffer[], now: Date): Sql {
  const who = sql`reach.channel = ${channel} and reach.address_hash = any(${hashes}::bytea[])`;
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

/** Takes the primary mark from the addresses that shall give way to `preferred` (contact_id, channel, address). */
export function demotePrimaries(workspaceId: WorkspaceId, preferred: Sql): Sql {
  return sql`update reach set is_primary = false from (${preferred}) wanted
    where reach.workspace_id = ${workspaceId} and reach.is_primary and reach.contact_id = wanted.contact_id
      and reach.channel = wanted.channel and reach.address <> wanted.address`;
}

/** Marks `preferred` (contact_id, channel, address; one per contact and channel); `demotePrimaries` ran before. */
export function promotePrimaries(workspaceId: WorkspaceId, preferred: Sql): Sql {
  return sql`update reach set is_primary = true from (${preferred}) wanted
    where reach.workspace_id = ${workspaceId} and not reach.is_primary and reach.contact_id = wanted.contact_id
      and reach.channel = wanted.channel and reach.address = wanted.address`;
}

/** Gives each of these contacts that has addresses on a channel but no primary one: the usable one, then the oldest. */
export function electPrimaries(workspaceId: WorkspaceId, contacts: Sql): Sql {
  return sql`with chosen as (
      select distinct on (contact_id, channel) contact_id, channel, address from reach
      where workspace_id = ${workspaceId} and contact_id in (${contacts})
      order by contact_id, channel, is_primary desc, state = 'ok' desc, coalesce(line_type, '') = 'fixed', created_at, address)
    update reach set is_primary = true from chosen
    where reach.workspace_id = ${workspaceId} and not reach.is_primary and reach.contact_id = chosen.contact_id
      and reach.channel = chosen.channel and reach.address = chosen.address`;
}
