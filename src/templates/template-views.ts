/** Between the rows of a template, the shapes of the API and the source that is compiled. Pure. */
import type {
  CreateTemplate,
  TemplateContent,
  TemplateSummary,
  TemplateVersionView,
  TemplateView,
  UpdateTemplate,
} from '../contract/templates.js';
import { invalid } from '../platform/errors.js';
import type { ContentSource } from './compiled-content.js';
import type { TemplateRow, VersionRow } from './templates.sql.js';

type Unnamed<T> = T extends unknown ? Omit<T, 'name'> : never;
type Written = Unnamed<CreateTemplate>;

const contentFields = { sms: ['body'], email: ['subject', 'preheader', 'html', 'text'] } as const;

/** The content of a body that also says other things. */
export function createdSource(wanted: Written): ContentSource {
  if (wanted.channel === 'sms') return { channel: 'sms', body: wanted.body };
  const { subject, preheader, html, text } = wanted;
  return { channel: 'email', subject, preheader, html, text };
}

/** What a stored version is compiled from; its text is there even when it was made from the HTML. */
export function sourceOf(row: VersionRow): ContentSource {
  if (row.format === 'text') return { channel: 'sms', body: row.body };
  return { channel: 'email', subject: row.subject ?? '', preheader: row.preheader, html: row.body, text: row.text_body };
}

/** The content after a change, or null when the change leaves it as it is. */
export function applyChange(row: TemplateRow, { name: _name, ...change }: UpdateTemplate): ContentSource | null {
  refuseForeignFields(row.channel, change);
  const old = authoredSource(row);
  const sent = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  const next = { ...old, ...sent } as ContentSource;
  return JSON.stringify(old) === JSON.stringify(next) ? null : next;
}

/** As its author wrote it: a text that was made from the HTML is null, to be made anew. */
function authoredSource(row: VersionRow): ContentSource {
  const source = sourceOf(row);
  return source.channel === 'email' && row.is_text_generated ? { ...source, text: null } : source;
}

function refuseForeignFields(channel: 'sms' | 'email', change: Omit<UpdateTemplate, 'name'>): void {
  const foreign = contentFields[channel === 'sms' ? 'email' : 'sms'].find(field => change[field] !== undefined);
  if (foreign) throw invalid(`/${foreign}`, `This is a template for ${channel}, which has no ${foreign}`);
}

export function toSummary(row: TemplateRow): TemplateSummary {
  const { id, name, channel, version, fields } = row;
  return {
    id,
    name,
    channel,
    version,
    fields,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    archivedAt: row.archived_at?.toISOString() ?? null,
  };
}

export function toView(row: TemplateRow): TemplateView {
  return { ...toSummary(row), content: toContent(row) };
}

export function toVersionView(row: VersionRow): TemplateVersionView {
  const { version, fields, created_by: createdBy } = row;
  return { version, fields, content: toContent(row), createdBy, createdAt: row.version_created_at.toISOString() };
}

function toContent(row: VersionRow): TemplateContent {
  if (row.format === 'text') return { channel: 'sms', body: row.body };
  return {
    channel: 'email',
    subject: row.subject ?? '',
    preheader: row.preheader,
    html: row.body,
    text: row.text_body ?? '',
    isTextGenerated: row.is_text_generated,
  };
}
