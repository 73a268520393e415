/** "List" and "tag": sets that people are put into by hand or import, referred to by id. */
import { z } from 'zod';
import type { WorkspaceId } from '../../ids.js';
import { id } from '../../scalars.js';
import { sql } from '../../sql.js';
import { absence, type Clause } from '../clause.js';
import type { Profile } from '../profile.js';

export const listRule = z
  .strictObject({ kind: z.literal('list'), listId: id, in: z.boolean() })
  .meta({ id: 'ListRule', examples: [{ kind: 'list', listId: '7', in: true }] });

export const tagRule = z
  .strictObject({ kind: z.literal('tag'), tagId: id, has: z.boolean() })
  .meta({ id: 'TagRule', examples: [{ kind: 'tag', tagId: '7', has: true }] });

export type ListRule = z.infer<typeof listRule>;
export type TagRule = z.infer<typeof tagRule>;

/** list_member_list_id_idx */
export function compileList(workspaceId: WorkspaceId, rule: ListRule): Clause {
  const contactIds = sql`select contact_id from list_member where workspace_id = ${workspaceId} and list_id = ${rule.listId}`;
  return rule.in ? { contactIds } : absence({ contactIds });
}

/** contact_tag_tag_id_idx */
export function compileTag(workspaceId: WorkspaceId, rule: TagRule): Clause {
  const contactIds = sql`select contact_id from contact_tag where workspace_id = ${workspaceId} and tag_id = ${rule.tagId}`;
  return rule.has ? { contactIds } : absence({ contactIds });
}

export function matchesList(rule: ListRule, profile: Profile): boolean {
  return profile.listIds.has(rule.listId) === rule.in;
}

export function matchesTag(rule: TagRule, profile: Profile): boolean {
  return profile.tagIds.has(rule.tagId) === rule.has;
}
