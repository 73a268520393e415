// How a template is read and taken for a change, for the services of this room.
import type { WorkspaceId } from '../domain/ids.js';
import type { Queryable } from '../platform/database/database.js';
import { conflict, notFound } from '../platform/errors.js';
import { lockTemplate, selectTemplate, type TemplateRow } from './templates.sql.js';

/** With the version asked for, the current one while it is null. */
export async function readTemplate(
  db: Queryable,
  workspaceId: WorkspaceId,
  id: string,
  version: number | null = null,
): Promise<TemplateRow> {
  const row = await db.row<TemplateRow>(selectTemplate(workspaceId, id, version));
  if (!row) throw notFound(version === null ? 'template' : `version ${version} of template`, id);
  return row;
}

/** Nobody else changes it until the transaction ends, so that two changes at once give two versions. */
export async function lockForChange(tx: Queryable, workspaceId: WorkspaceId, id: string): Promise<TemplateRow> {
  await tx.run(lockTemplate(workspaceId, id));
  const template = await readTemplate(tx, workspaceId, id);
  if (template.archived_at) throw conflict(`Template ${id} is archived`);
  return template;
}
