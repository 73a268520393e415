/** "Last order": how long ago the last order was, or that there was none. Reads the kept fact, not the orders. */
import { z } from 'zod';
import type { WorkspaceId } from '../../ids.js';
import { sql } from '../../sql.js';
import { absence, type Clause } from '../clause.js';
import type { Context, Profile } from '../profile.js';
import { days, daysBefore } from '../values.js';

const base = { kind: z.literal('last-order') };

/** `more-than-days-ago` is about people who did order; `never` about those who did not. */
export const lastOrderRule = z
  .discriminatedUnion(
    'operator',
    [
      z.strictObject({ ...base, operator: z.enum(['within-days', 'more-than-days-ago']), days }),
      z.strictObject({ ...base, operator: z.literal('never') }),
    ],
    'Must be within-days, more-than-days-ago or never',
  )
  .meta({ id: 'LastOrderRule', examples: [{ kind: 'last-order', operator: 'more-than-days-ago', days: 180 }] });

export type LastOrderRule = z.infer<typeof lastOrderRule>;

/** contact_value_last_order_at_idx */
export function compileLastOrder(workspaceId: WorkspaceId, rule: LastOrderRule, { now }: Context): Clause {
  const ordered = sql`select v.contact_id from contact_value v where v.workspace_id = ${workspaceId} and v.last_order_at`;
  switch (rule.operator) {
    case 'never':
      return absence({ contactIds: sql`${ordered} is not null` });
    case 'within-days':
      return { contactIds: sql`${ordered} > ${daysBefore(now, rule.days)}::timestamptz` };
    case 'more-than-days-ago':
      return { contactIds: sql`${ordered} <= ${daysBefore(now, rule.days)}::timestamptz` };
  }
}

export function matchesLastOrder(rule: LastOrderRule, { lastOrderAt }: Profile, { now }: Context): boolean {
  if (rule.operator === 'never') return lastOrderAt === null;
  if (lastOrderAt === null) return false;
  const isRecent = lastOrderAt > new Date(daysBefore(now, rule.days));
  return isRecent === (rule.operator === 'within-days');
}
