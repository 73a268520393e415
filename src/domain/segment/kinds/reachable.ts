/** "Reachable": the primary address of a channel works, is not suppressed and, when a topic is named, consented to it. */
import { z } from 'zod';
import type { WorkspaceId } from '../../ids.js';
import { topic } from '../../scalars.js';
import { emptySql, sql } from '../../sql.js';
import type { Clause } from '../clause.js';
import { primaryReach, type Profile } from '../profile.js';

export const reachableRule = z
  .strictObject({ kind: z.literal('reachable'), channel: z.enum(['sms', 'email']), topic: topic.optional() })
  .meta({ id: 'ReachableRule', examples: [{ kind: 'reachable', channel: 'sms', topic: 'news' }] });

export type ReachableRule = z.infer<typeof reachableRule>;

/** reach_primary_idx */
export function compileReachable(workspaceId: WorkspaceId, { channel, topic }: ReachableRule): Clause {
  const consented = topic === undefined ? emptySql : sql` and ${topic}::text = any(r.topics)`;
  return {
    contactIds: sql`select r.contact_id from reach r
    where r.workspace_id = ${workspaceId} and r.channel = ${channel} and r.is_primary
      and r.state = 'ok' and not r.is_suppressed${consented}`,
  };
}

export function matchesReachable({ channel, topic }: ReachableRule, profile: Profile): boolean {
  const reach = primaryReach(profile, channel);
  if (!reach || reach.state !== 'ok' || reach.isSuppressed) return false;
  return topic === undefined || reach.topics.includes(topic);
}
