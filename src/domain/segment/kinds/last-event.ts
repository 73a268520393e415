/** "Last event": how long ago something happened for the last time, or that it never did. */
import { z } from 'zod';
import type { WorkspaceId } from '../../ids.js';
import { sql } from '../../sql.js';
import { absence, type Clause } from '../clause.js';
import type { Context, Profile } from '../profile.js';
import { days, daysBefore, text } from '../values.js';

const base = { kind: z.literal('event-last'), name: text };

export const lastEventRule = z
  .discriminatedUnion(
    'operator',
    [
      z.strictObject({ ...base, operator: z.enum(['within-days', 'more-than-days-ago']), days }),
      z.strictObject({ ...base, operator: z.literal('never') }),
    ],
    'Must be within-days, more-than-days-ago or never',
  )
  .meta({
    id: 'LastEventRule',
    examples: [{ kind: 'event-last', name: 'Logged In', operator: 'more-than-days-ago', days: 30 }],
  });

export type LastEventRule = z.infer<typeof lastEventRule>;

/** contact_event_name_at_idx, index only */
export function compileLastEvent(workspaceId: WorkspaceId, rule: LastEventRule, { now }: Context): Clause {
  const happened = sql`select e.contact_id from contact_event e
    where e.workspace_id = ${workspaceId} and e.name = ${rule.name} and e.at <= ${now.toISOString()}::timestamptz`;
  switch (rule.operator) {
    case 'never':
      return absence({ contactIds: happened });
    case 'within-days':
      return { contactIds: sql`${happened} and e.at > ${daysBefore(now, rule.days)}::timestamptz` };
    case 'more-than-days-ago':
      return {
        contactIds: sql`${happened}
    group by e.contact_id having max(e.at) <= ${daysBefore(now, rule.days)}::timestamptz`,
      };
  }
}

export function matchesLastEvent(rule: LastEventRule, profile: Profile, { now }: Context): boolean {
  const times = profile.events.filter(event => event.name === rule.name && event.at <= now).map(event => event.at.getTime());
  if (rule.operator === 'never') return times.length === 0;
  if (times.length === 0) return false;
  const isRecent = Math.max(...times) > Date.parse(daysBefore(now, rule.days));
  return isRecent === (rule.operator === 'within-days');
}
