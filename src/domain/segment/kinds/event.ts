/** "Event": something did or did not happen within a window. Days are 24 hours back from now; what is dated later is not yet. */
import { z } from 'zod';
import type { WorkspaceId } from '../../ids.js';
import { type Sql, sql } from '../../sql.js';
import { absence, type Clause } from '../clause.js';
import type { Context, Profile } from '../profile.js';
import { daysBefore, days, instant, rangeOf, text, toUtc } from '../values.js';

export const timeWindow = z
  .union(
    [
      z.strictObject({ lastDays: days }),
      z.strictObject({
        between: rangeOf(instant).refine(
          ([from, to]) => Date.parse(from) <= Date.parse(to),
          'The first moment must not be after the second',
        ),
      }),
      z.strictObject({ ever: z.literal(true) }),
    ],
    'Must be {"lastDays": n}, {"between": [from, to]} or {"ever": true}',
  )
  .meta({ id: 'TimeWindow' });

export const eventRule = z
  .strictObject({ kind: z.literal('event'), name: text, did: z.boolean(), window: timeWindow })
  .meta({ id: 'EventRule', examples: [{ kind: 'event', name: 'Product Viewed', did: true, window: { lastDays: 7 } }] });

export type TimeWindow = z.infer<typeof timeWindow>;
export type EventRule = z.infer<typeof eventRule>;

/** contact_event_name_at_idx, index only; months outside the window are never opened */
export function compileEvent(workspaceId: WorkspaceId, rule: EventRule, context: Context): Clause {
  const contactIds = sql`select e.contact_id from contact_event e
    where e.workspace_id = ${workspaceId} and e.name = ${rule.name} and ${isWithin(rule.window, context)}`;
  return rule.did ? { contactIds } : absence({ contactIds });
}

function isWithin(window: TimeWindow, { now }: Context): Sql {
  const { after, from, until } = boundsOf(window, now);
  const start = after ? sql`e.at > ${after}::timestamptz and ` : from ? sql`e.at >= ${from}::timestamptz and ` : sql``;
  return sql`${start}e.at <= ${until}::timestamptz`;
}

export function matchesEvent(rule: EventRule, profile: Profile, { now }: Context): boolean {
  const { after, from, until } = boundsOf(rule.window, now);
  const isInside = (at: string): boolean => (!after || at > after) && (!from || at >= from) && at <= until;
  return profile.events.some(event => event.name === rule.name && isInside(event.at.toISOString())) === rule.did;
}

/** UTC instants of one spelling, so that they compare as text. */
type Bounds = { after?: string; from?: string; until: string };

function boundsOf(window: TimeWindow, now: Date): Bounds {
  const until = now.toISOString();
  if ('lastDays' in window) return { after: daysBefore(now, window.lastDays), until };
  if ('ever' in window) return { until };
  const [from, to] = window.between.map(toUtc) as [string, string];
  return { from, until: to < until ? to : until };
}
