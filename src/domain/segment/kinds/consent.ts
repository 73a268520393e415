/**
 * "Consent": what a contact last said about a topic on a channel, from where, and when. The latest by (occurred_at, id) counts, as
 * for reach. A grant that is over is `expired`, not `granted`; `none` is who never said anything: the four states part everyone.
 */
import { z } from 'zod';
import type { WorkspaceId } from '../../ids.js';
import { topic } from '../../scalars.js';
import { emptySql, joinSql, Sql, sql } from '../../sql.js';
import { absence, type Clause } from '../clause.js';
import type { Context, Profile, ProfileConsent } from '../profile.js';
import { days, daysBefore, instant, listOf, text, toUtc } from '../values.js';

const base = { kind: z.literal('consent'), channel: z.enum(['sms', 'email']), topic };

export const consentRule = z
  .discriminatedUnion(
    'state',
    [
      z.strictObject({
        ...base,
        state: z.enum(['granted', 'withdrawn', 'expired']),
        /** Sources of consent: "webform", "import:12", "stop"; compared exactly. */
        source: listOf(text).optional(),
        /** At or after that moment. */
        since: instant.optional(),
        before: instant.optional(),
        /** Said within the last days of 24 hours, or longer ago. */
        withinDays: days.optional(),
        olderThanDays: days.optional(),
      }),
      z.strictObject({ ...base, state: z.literal('none') }),
    ],
    'Must be granted, withdrawn, expired or none',
  )
  .meta({
    id: 'ConsentRule',
    examples: [{ kind: 'consent', channel: 'sms', topic: 'news', state: 'granted', source: ['webform'], olderThanDays: 365 }],
  });

export type ConsentRule = z.infer<typeof consentRule>;
type Said = Exclude<ConsentRule, { state: 'none' }>;

/** One pass over the consents of a topic; no index, because consents are written far more often than asked about. */
export function compileConsent(workspaceId: WorkspaceId, rule: ConsentRule, { now }: Context): Clause {
  const told = sql`consent s where s.workspace_id = ${workspaceId} and s.channel = ${rule.channel} and s.topic = ${rule.topic}`;
  if (rule.state === 'none') return absence({ contactIds: sql`select s.contact_id from ${told}` });
  return {
    contactIds: sql`select latest.contact_id from (
      select distinct on (s.contact_id) s.contact_id, s.state, s.source, s.occurred_at, s.expires_at
      from ${told} order by s.contact_id, s.occurred_at desc, s.id desc) latest
    where ${isInState(rule.state, now)}${saidAs(rule, now)}`,
  };
}

function isInState(state: Said['state'], now: Date): Sql {
  if (state === 'withdrawn') return sql`latest.state = 'withdrawn'`;
  const isOver = sql`latest.expires_at <= ${now.toISOString()}::timestamptz`;
  return sql`latest.state = 'granted' and (${isOver}) is ${state === 'expired' ? sql`true` : sql`not true`}`;
}

function saidAs(rule: Said, now: Date): Sql {
  const { from, after, before, until } = boundsOf(rule, now);
  const conditions = [
    rule.source !== undefined && sql`latest.source = any(${rule.source}::text[])`,
    from !== undefined && sql`latest.occurred_at >= ${from}::timestamptz`,
    after !== undefined && sql`latest.occurred_at > ${after}::timestamptz`,
    before !== undefined && sql`latest.occurred_at < ${before}::timestamptz`,
    until !== undefined && sql`latest.occurred_at <= ${until}::timestamptz`,
  ].filter(condition => condition instanceof Sql);
  return conditions.length === 0 ? emptySql : sql` and ${joinSql(conditions, ' and ')}`;
}

export function matchesConsent(rule: ConsentRule, profile: Profile, { now }: Context): boolean {
  const latest = profile.consents
    .filter(({ channel, topic }) => channel === rule.channel && topic === rule.topic)
    .sort(byTime)
    .at(-1);
  if (!latest || rule.state === 'none') return !latest && rule.state === 'none';
  const isOver = latest.state === 'granted' && latest.expiresAt !== null && latest.expiresAt <= now;
  if ((isOver ? 'expired' : latest.state) !== rule.state) return false;
  const at = latest.occurredAt.toISOString();
  const { from, after, before, until } = boundsOf(rule, now);
  return (
    (!rule.source || rule.source.includes(latest.source)) &&
    (!from || at >= from) &&
    (!after || at > after) &&
    (!before || at < before) &&
    (!until || at <= until)
  );
}

/** Of two at one moment the later written one counts; `sort` keeps their order. */
function byTime(one: ProfileConsent, other: ProfileConsent): number {
  return one.occurredAt.getTime() - other.occurredAt.getTime();
}

/** UTC instants of one spelling, so that they compare as text. */
function boundsOf(rule: Said, now: Date): { from?: string; after?: string; before?: string; until?: string } {
  return {
    ...(rule.since === undefined ? {} : { from: toUtc(rule.since) }),
    ...(rule.withinDays === undefined ? {} : { after: daysBefore(now, rule.withinDays) }),
    ...(rule.before === undefined ? {} : { before: toUtc(rule.before) }),
    ...(rule.olderThanDays === undefined ? {} : { until: daysBefore(now, rule.olderThanDays) }),
  };
}
