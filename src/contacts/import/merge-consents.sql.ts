// Consent evidence that the rows of a batch give, by the options of the import or by columns of the file.
import { type Channel, channels, type WorkspaceId } from '../../domain/ids.js';
import { identifier, joinSql, literal, type Sql, sql } from '../../domain/sql.js';
import { isWithdrawnByStop } from '../suppression.sql.js';
import { type Batch, joined } from './merge-rows.sql.js';

/** One consent that rows of the file give: fixed for all rows (from the options) or said by a column of states. */
export type ConsentSpec = {
  channel: Channel;
  topic: string;
  state: { fixed: 'granted' | 'withdrawn' } | { column: string };
  source: { fixed: string } | { column: string; otherwise: string | null };
  legalBasis: string | null;
  proof: object;
  /** null: the time of the import, which never outweighs a withdrawal on file. */
  occurredAt: { fixed: string } | { column: string } | null;
};

/**
 * Evidence of consent. A row that says when it was given is added unless it is known; one that does not is added only when
 * it tells something new, and never over a withdrawal, on file or in the batch: an old file must not opt anybody in again. Of
 * words of one person that contradict each other at one time the withdrawal holds ('withdrawn' is after 'granted'), also across
 * batches: a "no" with a time, which would come too late for a "yes" without one from a batch before, is said once more at the
 * time of that one, unless a "yes" with a later time is known by then. A "no" is added to a STOP, which START would take back. Ids
 * ascend with the contacts, which the primary key takes most cheaply.
 */
export function insertConsents(
  workspaceId: WorkspaceId,
  batch: Batch,
  specs: readonly ConsentSpec[],
  actor: string,
  importedAt: Date,
  now: Date,
): Sql {
  const rows = (where: Sql): Sql =>
    joinSql(
      specs.map(spec => consentRows(batch, spec, importedAt, now, where)),
      sql` union all `,
    );
  // With one word on each topic, a row that is all we know of its person has nothing to be compared with.
  const isPlainSure = channels.every(channel => isToldByRow(specs, channel));
  const compared = rows(isPlainSure ? sql`m.sort <> 'plain'` : sql`true`);
  const sure = isPlainSure ? sql`select ${evidence} from (${rows(sql`m.sort = 'plain'`)}) plain union all` : sql``;
  return sql`with given as (
      select distinct on (contact_id, channel, topic, occurred_at) *,
        bool_or(state = 'withdrawn') over topics as is_contested,
        max(occurred_at) filter (where state = 'granted' and has_own_time) over topics as last_yes
      from (${compared}) said window topics as (partition by contact_id, channel, topic)
      order by contact_id, channel, topic, occurred_at, state desc, n desc),
    news as (
      select g.*, ${isLate(workspaceId, importedAt)} as is_late
      from given g left join lateral (
        select c.state, c.source, c.occurred_at, c.expires_at, ${isWithdrawnByStop(sql`c`)} as is_stop from consent c
        where not g.is_new and c.workspace_id = ${workspaceId} and c.contact_id = g.contact_id and c.channel = g.channel and c.topic = g.topic
        order by c.occurred_at desc, c.id desc limit 1) latest on true
      where case when g.has_own_time
        then latest.state is null or not exists (
          select from consent c where c.workspace_id = ${workspaceId} and c.contact_id = g.contact_id and c.channel = g.channel
            and c.topic = g.topic and c.occurred_at = g.occurred_at
            and ((c.state = g.state and c.source = g.source) or (c.state = 'withdrawn' and g.state = 'granted')))
        when g.state = 'granted' and g.is_contested then false
        else latest.state is null or (g.state = 'withdrawn' and latest.is_stop) or (latest.state = 'granted'
          and (g.state <> latest.state or g.source <> latest.source or latest.expires_at <= ${now}::timestamptz)) end),
    late as (
      select distinct on (contact_id, channel, topic) * from news where is_late order by contact_id, channel, topic, n desc),
    touched as (insert into merge_touched select distinct contact_id from news where not is_new)
    insert into consent (workspace_id, ${evidence}, actor)
    select ${workspaceId}, ${evidence}, ${actor} from (${sure} select ${evidence} from news
      union all select ${said}, ${importedAt}::timestamptz from late) evidence
    order by contact_id, state`;
}

/** Whether a "no" of `given` (g) comes after a "yes" without a time, which this import has stored as said at its own. */
function isLate(workspaceId: WorkspaceId, importedAt: Date): Sql {
  return sql`(g.has_own_time and g.state = 'withdrawn' and not g.is_new and (g.last_yes > g.occurred_at) is not true and (
    select bool_or(c.state = 'granted' and c.occurred_at = ${importedAt})
      and not bool_or(c.state = case when c.occurred_at = ${importedAt} then 'withdrawn' else 'granted' end)
    from consent c where c.workspace_id = ${workspaceId} and c.contact_id = g.contact_id and c.channel = g.channel and c.topic = g.topic
      and c.occurred_at > g.occurred_at and c.occurred_at <= ${importedAt}) is true)`;
}

const said = sql`contact_id, channel, topic, state, legal_basis, source, proof, address_hash`;
const evidence = sql`${said}, occurred_at`;

/** False when two columns or options speak of the same topic: then their times decide. */
export function isToldByRow(specs: readonly ConsentSpec[], channel: Channel): boolean {
  const topics = specs.filter(spec => spec.channel === channel).map(({ topic }) => topic);
  return new Set(topics).size === topics.length;
}

/** The topics that row `s` of a new person allows on a channel, without a look at the evidence just written; null: look there. */
export function topicsOfRow(specs: readonly ConsentSpec[], channel: Channel): Sql {
  const own = specs.filter(spec => spec.channel === channel).sort((a, b) => (a.topic < b.topic ? -1 : 1));
  if (!isToldByRow(specs, channel)) return sql`null::text[]`;
  const allowed = own.map(spec => sql`case when ${saidBy(spec)} = 'granted' then ${spec.topic}::text end`);
  return sql`array_remove(array[${joinSql(allowed, ', ')}]::text[], null)`;
}

function saidBy({ state }: ConsentSpec): Sql {
  return 'fixed' in state ? sql`${state.fixed}::text` : sql`s.${identifier(state.column)}`;
}

/** A time of the row's own that is ahead of ours is taken for now: else it would outdate what the person says next. */
function consentRows(batch: Batch, spec: ConsentSpec, importedAt: Date, now: Date, among: Sql): Sql {
  const { state, source, occurredAt } = spec;
  const said = saidBy(spec);
  const from =
    'fixed' in source ? sql`${source.fixed}::text` : sql`coalesce(s.${identifier(source.column)}, ${source.otherwise}::text)`;
  const ownTime =
    occurredAt === null
      ? sql`null::timestamptz`
      : 'fixed' in occurredAt
        ? sql`${occurredAt.fixed}::timestamptz`
        : sql`s.${identifier(occurredAt.column)}`;
  const hash = spec.channel === 'sms' ? sql`s.phone_hash` : sql`s.email_hash`;
  // What the options say for every row holds only for rows that can be reached there.
  const where = 'fixed' in state ? (state.fixed === 'granted' ? sql`${hash} is not null` : sql`true`) : sql`${said} is not null`;
  return sql`select m.contact_id, m.n, m.is_new, ${literal(spec.channel)}::text as channel, ${spec.topic}::text as topic, ${said} as state, ${from} as source,
      ${spec.legalBasis}::text as legal_basis, ${JSON.stringify(spec.proof)}::jsonb as proof, ${hash} as address_hash,
      case when ${ownTime} is null then ${importedAt}::timestamptz else least(${ownTime}, ${now}::timestamptz) end as occurred_at,
      ${ownTime} is not null as has_own_time
    from ${joined(batch)} where ${among} and ${where}`;
}
