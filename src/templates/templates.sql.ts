// Statements of the templates room: the template, its current version beside it, and versions that are only ever added.
import type { WorkspaceId } from '../domain/ids.js';
import { emptySql, type Sql, sql } from '../domain/sql.js';
import type { ContentSource } from './compiled-content.js';
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
  compiled: ContentSource | null;
  partials: string[];
  created_by: string;
  version_created_at: Date;
  /** When the words of this language were written; a version made for another language keeps it. */
  written_at: Date;
  locale: string;
  locales: { locale: string; missing: string[]; isBehind: boolean; writtenAt: string }[];
};

/** The locale of the words for everybody who reads none of the others. */
export const defaultLocale = 'und';

export type TemplateRow = VersionRow & {
  id: string;
  name: string;
  channel: 'sms' | 'email';
  created_at: Date;
  updated_at: Date;
  archived_at: Date | null;
};

/** The other languages of version v. Subject and body are always there; the rest may be missing. */
const localesOfVersion = sql`(select coalesce(jsonb_agg(jsonb_build_object('locale', o.locale, 'missing', o.missing,
      'isBehind', o.written_at < v.written_at, 'writtenAt', o.written_at) order by o.locale), '[]')
    from (select l.locale, l.written_at, to_jsonb(array_remove(array[case when v.preheader is not null and l.preheader is null then 'preheader' end,
        case when not v.is_text_generated and l.is_text_generated then 'text' end], null)) as missing
      from template_version l where l.workspace_id = v.workspace_id and l.template_id = v.template_id and l.version = v.version
        and l.locale <> v.locale) o)`;

const versionColumns = sql`v.version, v.format, v.subject, v.preheader, v.body, v.text_body, v.is_text_generated, v.fields, v.compiled, v.partials,
  v.created_by, v.created_at as version_created_at, v.written_at, v.locale, ${localesOfVersion} as locales`;
const templateColumns = sql`t.id, t.name, t.channel, t.created_at, t.updated_at, t.archived_at`;

/** A template with one version: the current one while `version` is null. */
export function selectTemplate(workspaceId: WorkspaceId, id: string, version: number | null = null): Sql {
  return sql`select ${templateColumns}, ${versionColumns}
    from template t join template_version v on v.workspace_id = t.workspace_id and v.template_id = t.id
    where t.workspace_id = ${workspaceId} and t.id = ${id} and v.version = coalesce(${version}::integer, t.current_version) and v.locale = 'und'`;
}

/** Every language of one version, the default first. */
export function selectLocales(workspaceId: WorkspaceId, id: string, version: number): Sql {
  return sql`select ${versionColumns} from template_version v
    where v.workspace_id = ${workspaceId} and v.template_id = ${id} and v.version = ${version} order by v.locale <> ${defaultLocale}, v.locale`;
}

/** The other languages go into a new version as they are. */
export function copyLocales(workspaceId: WorkspaceId, id: string, from: number, except: string, by: string, now: Date): Sql {
  return sql`insert into template_version (workspace_id, template_id, version, locale, format, subject, preheader, body, text_body,
      is_text_generated, fields, compiled, partials, created_by, created_at, written_at)
    select workspace_id, template_id, version + 1, locale, format, subject, preheader, body, text_body, is_text_generated, fields, compiled,
      partials, ${by}, ${now}, written_at
    from template_version where workspace_id = ${workspaceId} and template_id = ${id} and version = ${from} and locale <> ${except}`;
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

export type NewVersion = { version: number; locale: string; content: StoredContent };

export function insertVersion(
  workspaceId: WorkspaceId,
  id: string,
  { version, locale, content }: NewVersion,
  by: string,
  now: Date,
): Sql {
  return sql`insert into template_version (workspace_id, template_id, version, locale, format, subject, preheader, body, text_body,
      is_text_generated, fields, compiled, partials, created_by, created_at, written_at)
    values (${workspaceId}, ${id}, ${version}, ${locale}, ${content.format}, ${content.subject}, ${content.preheader}, ${content.body},
      ${content.textBody}, ${content.isTextGenerated}, ${content.fields}::text[], ${content.compiled && JSON.stringify(content.compiled)}::jsonb,
      ${content.partials}::text[], ${by}, ${now}, ${now})`;
}

export function updateTemplate(workspaceId: WorkspaceId, id: string, name: string, version: number, now: Date): Sql {
  return sql`update template set name = ${name}, current_version = ${version}, updated_at = ${now}
    where workspace_id = ${workspaceId} and id = ${id}`;
}

export function archiveTemplate(workspaceId: WorkspaceId, id: string, now: Date): Sql {
  return sql`update template set archived_at = ${now} where workspace_id = ${workspaceId} and id = ${id} and archived_at is null`;
}
