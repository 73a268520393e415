// Statements of the templates room: the template, its current version beside it, and versions that are only ever added.
import type { WorkspaceId } from '../domain/ids.js';
import { emptySql, type Sql, sql } from '../domain/sql.js';
import type { StoredContent } from './content-check.js';

export type VersionRow = {
  version: number;
  format: 'text' | 'html' | 'mjml';
  subject: string | null;
  preheader: string | null;
  body: string;
  text_body: string | null;
  is_text_generated: boolean;
  fields: string[];
  created_by: string;
  version_created_at: Date;
};

export type TemplateRow = VersionRow & {
  id: string;
  name: string;
  channel: 'sms' | 'email';
  created_at: Date;
  updated_at: Date;
  archived_at: Date | null;
};

const versionColumns = sql`v.version, v.format, v.subject, v.preheader, v.body, v.text_body, v.is_text_generated, v.fields, v.created_by,
  v.created_at as version_created_at`;
const templateColumns = sql`t.id, t.name, t.channel, t.created_at, t.updated_at, t.archived_at`;

/** A template with one version: the current one while `version` is null. */
export function selectTemplate(workspaceId: WorkspaceId, id: string, version: number | null = null): Sql {
  return sql`select ${templateColumns}, ${versionColumns}
    from template t join template_version v on v.workspace_id = t.workspace_id and v.template_id = t.id
    where t.workspace_id = ${workspaceId} and t.id = ${id} and v.version = coalesce(${version}::integer, t.current_version) and v.locale = 'und'`;
}

/** Taken before a change, so that two changes at once give two versions. */
export function lockTemplate(workspaceId: WorkspaceId, id: string): Sql {
  return sql`select id from template where workspace_id = ${workspaceId} and id = ${id} for update`;
}

export type TemplateFilter = { channel?: string; isArchived: boolean; before: string | null; limit: number };

/** Newest first, by primary key. */
export function selectTemplates(workspaceId: WorkspaceId, { channel, isArchived, before, limit }: TemplateFilter): Sql {
  return sql`select ${templateColumns}, ${versionColumns}
    from template t join template_version v
      on v.workspace_id = t.workspace_id and v.template_id = t.id and v.version = t.current_version and v.locale = 'und'
    where t.workspace_id = ${workspaceId} and (t.archived_at is not null) = ${isArchived}
      and (${before}::bigint is null or t.id < ${before}::bigint) ${channel ? sql`and t.channel = ${channel}` : emptySql}
    order by t.id desc limit ${limit}`;
}

export function selectVersions(workspaceId: WorkspaceId, id: string, before: string | null, limit: number): Sql {
  return sql`select ${versionColumns} from template_version v
    where v.workspace_id = ${workspaceId} and v.template_id = ${id} and v.locale = 'und' and (${before}::integer is null or v.version < ${before}::integer)
    order by v.version desc limit ${limit}`;
}

export function insertTemplate(workspaceId: WorkspaceId, name: string, channel: string, now: Date): Sql {
  return sql`insert into template (workspace_id, name, channel, created_at, updated_at)
    values (${workspaceId}, ${name}, ${channel}, ${now}, ${now}) returning id`;
}

export function insertVersion(
  workspaceId: WorkspaceId,
  id: string,
  version: number,
  content: StoredContent,
  by: string,
  now: Date,
): Sql {
  return sql`insert into template_version
      (workspace_id, template_id, version, format, subject, preheader, body, text_body, is_text_generated, fields, created_by, created_at)
    values (${workspaceId}, ${id}, ${version}, ${content.format}, ${content.subject}, ${content.preheader}, ${content.body}, ${content.textBody},
      ${content.isTextGenerated}, ${content.fields}::text[], ${by}, ${now})`;
}

export function updateTemplate(workspaceId: WorkspaceId, id: string, name: string, version: number, now: Date): Sql {
  return sql`update template set name = ${name}, current_version = ${version}, updated_at = ${now}
    where workspace_id = ${workspaceId} and id = ${id}`;
}

export function archiveTemplate(workspaceId: WorkspaceId, id: string, now: Date): Sql {
  return sql`update template set archived_at = ${now} where workspace_id = ${workspaceId} and id = ${id} and archived_at is null`;
}
