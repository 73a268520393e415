/** Between the rows of a template, the shapes of the API and the source that is compiled. Pure. */
import type {
  CreateTemplate,
  LocaleContent,
  TemplateContent,
  TemplateLocale,
  TemplateLocaleView,
  TemplateSummary,
  TemplateVersionView,
  TemplateView,
  UpdateTemplate,
} from '../contract/templates.js';
import { invalid } from '../platform/errors.js';
import type { ContentSource } from './compiled-content.js';
import { toSource, type WrittenContent } from './content-check.js';
import type { TemplateRow, VersionRow } from './templates.sql.js';

type Unnamed<T> = T extends unknown ? Omit<T, 'name'> : never;
type Written = Unnamed<CreateTemplate> | LocaleContent;

const contentFields = { sms: ['body'], email: ['subject', 'preheader', 'html', 'mjml', 'text'] } as const;

/** The content of a body that also says other things. */
export function createdSource(wanted: Written): WrittenContent {
  if (wanted.channel === 'sms') return { channel: 'sms', body: wanted.body };
  const { subject, preheader, html, mjml, text } = wanted;
  return { channel: 'email', subject, preheader, html, mjml, text };
}

/** What a stored version is compiled from; its text is there even when it was made from the HTML. */
export function sourceOf(row: VersionRow): ContentSource {
  return toSource({ ...row, textBody: row.text_body });
}

/** The content after a change, or null when the change leaves it as it is. */
export function applyChange(row: TemplateRow, { name: _name, ...change }: UpdateTemplate): WrittenContent | null {
  refuseForeignFields(row.channel, change);
  const old = writtenSource(row);
  const { html, mjml, ...rest } = change;
  const sent = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  // HTML and MJML take each other's place.
  const body = html ? { html, mjml: null } : mjml ? { mjml, html: null } : {};
  const next = { ...old, ...sent, ...body } as WrittenContent;
  return JSON.stringify(old) === JSON.stringify(next) ? null : next;
}

/** As its author wrote it: a text that was made from the HTML is null, to be made anew. */
export function writtenSource(row: VersionRow): WrittenContent {
  if (row.format === 'text') return { channel: 'sms', body: row.body };
  const { subject, preheader, format, body, is_text_generated: isGenerated, text_body: text } = row;
  return {
    channel: 'email',
    subject: subject ?? '',
    preheader,
    html: format === 'html' ? body : null,
    mjml: format === 'mjml' ? body : null,
    text: isGenerated ? null : text,
  };
}

function refuseForeignFields(channel: 'sms' | 'email', change: Omit<UpdateTemplate, 'name'>): void {
  const foreign = contentFields[channel === 'sms' ? 'email' : 'sms'].find(field => change[field] !== undefined);
  if (foreign) throw invalid(`/${foreign}`, `This is a template for ${channel}, which has no ${foreign}`);
}

export function toSummary(row: TemplateRow): TemplateSummary {
  const { id, name, channel, version, fields, partials } = row;
  return {
    id,
    name,
    channel,
    version,
    fields,
    locales: row.locales.map(toLocale),
    partials,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    archivedAt: row.archived_at?.toISOString() ?? null,
  };
}

export function toView(row: TemplateRow): TemplateView {
  return { ...toSummary(row), content: toContent(row) };
}

export function toVersionView(row: VersionRow): TemplateVersionView {
  const { version, fields, partials, created_by: createdBy } = row;
  const locales = row.locales.map(toLocale);
  return {
    version,
    fields,
    locales,
    partials,
    content: toContent(row),
    createdBy,
    createdAt: row.version_created_at.toISOString(),
  };
}

/** One of the languages of a template, which says how it stands to the default. */
export function toLocaleView(template: TemplateRow, row: VersionRow): TemplateLocaleView {
  const known = template.locales.find(({ locale }) => locale === row.locale);
  if (!known) throw new Error(`template ${template.id} does not know its locale ${row.locale}`);
  return { ...toLocale(known), version: row.version, fields: row.fields, content: toContent(row) };
}

function toLocale({ locale, missing, isBehind, writtenAt }: VersionRow['locales'][number]): TemplateLocale {
  return { locale, isComplete: missing.length === 0, missing, isBehind, writtenAt: new Date(writtenAt).toISOString() };
}

function toContent(row: VersionRow): TemplateContent {
  if (row.format === 'text') return { channel: 'sms', body: row.body };
  return {
    channel: 'email',
    subject: row.subject ?? '',
    preheader: row.preheader,
    html: row.format === 'html' ? row.body : null,
    mjml: row.format === 'mjml' ? row.body : null,
    text: row.text_body ?? '',
    isTextGenerated: row.is_text_generated,
  };
}
