// How a template comes into the world: its row, its first version in one language or many, and the word of it in the audit trail.
import type { Actor } from '../accounts/actor.js';
import { audit } from '../accounts/audit.js';
import type { Channel } from '../domain/ids.js';
import type { Queryable } from '../platform/database/database.js';
import { unlessTaken } from '../platform/database/unless-taken.js';
import type { StoredContent } from './content-check.js';
import * as statements from './templates.sql.js';

export type NewTemplate = {
  name: string;
  channel: Channel;
  content: StoredContent;
  locales?: readonly { locale: string; content: StoredContent }[];
};

/** The id. */
export async function insertNewTemplate(tx: Queryable, actor: Actor, template: NewTemplate, now: Date): Promise<string> {
  const { workspaceId, name: by } = actor;
  const { name, channel, content, locales = [] } = template;
  const row = await tx.row<{ id: string }>(statements.insertTemplate(workspaceId, name, channel, now));
  if (!row) throw new Error('a template was not inserted');
  for (const words of [{ locale: statements.defaultLocale, content }, ...locales])
    await tx.run(statements.insertVersion(workspaceId, row.id, { version: 1, ...words }, by, now));
  await audit(tx, actor, 'template.created', `template:${row.id}`, { channel });
  return row.id;
}

export function unlessNameTaken<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  return unlessTaken('template_name_idx', `a template named "${name}"`, work);
}
