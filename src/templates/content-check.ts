/**
 * What a template must be before it becomes a version: its partials exist, it parses, uses only known merge fields and safe HTML.
 * Every mistake is reported with its field, line and column in the author's own text. Pure.
 */
import { parseTemplate, type TemplateError, type TemplateKind } from '../domain/template/parse.js';
import { AppError, type FieldError } from '../platform/errors.js';
import type { ContentSource, EmailSource, SmsSource } from './compiled-content.js';
import { type Piece, placeOf, splitExpressions } from './expressions.js';
import { findUnsafeHtml } from './html-safety.js';
import type { FieldWords } from './merge-fields.js';
import { compileMjml } from './mjml-compile.js';
import { expandPartials, type PartialBook, type PartialUse } from './partial-expansion.js';
import { withPreheader } from './preheader.js';
import { textFromHtml } from './text-alternative.js';

/** What the author wrote. An email's body is HTML or MJML, the other is null. */
export type WrittenEmail = Omit<EmailSource, 'html'> & { readonly html: string | null; readonly mjml: string | null };
export type WrittenContent = SmsSource | WrittenEmail;

/** A version as its row holds it. */
export type StoredContent = {
  readonly format: 'text' | 'html' | 'mjml';
  readonly subject: string | null;
  readonly preheader: string | null;
  readonly body: string;
  readonly textBody: string | null;
  /** The text was made from the HTML and is made anew with it. */
  readonly isTextGenerated: boolean;
  readonly fields: readonly string[];
  /** What is sent, where it is not what was written: MJML made HTML, partials copied in. */
  readonly compiled: ContentSource | null;
  readonly partials: readonly string[];
};

/** What a template may name. */
export type Vocabulary = FieldWords & { readonly partials: PartialBook };

/** More errors than these help nobody. */
const shownErrors = 20;

/** Throws a 422 that names every mistake. */
export async function checkContent(source: WrittenContent, words: Vocabulary): Promise<StoredContent> {
  const checked = await inspectContent(source, words);
  if ('errors' in checked) throw refusal(checked.errors);
  return checked;
}

/** As `checkContent`, with the mistakes as an answer. */
export async function inspectContent(
  source: WrittenContent,
  words: Vocabulary,
): Promise<StoredContent | { errors: FieldError[] }> {
  return source.channel === 'sms' ? inspectSms(source.body, words) : inspectEmail(source, words);
}

type Sent = Pick<StoredContent, 'compiled' | 'format' | 'subject' | 'preheader' | 'body' | 'textBody'>;

/** What checked content is compiled from. */
export function toSource({ compiled, format, subject, preheader, body, textBody }: Sent): ContentSource {
  if (compiled) return compiled;
  return format === 'text'
    ? { channel: 'sms', body }
    : { channel: 'email', subject: subject ?? '', preheader, html: body, text: textBody };
}

function inspectSms(body: string, words: Vocabulary): StoredContent | { errors: FieldError[] } {
  const { source, errors, fields, partials } = checkPart('/body', body, 'text', words);
  if (errors.length > 0) return { errors };
  const compiled = source === body ? null : ({ channel: 'sms', body: source } as const);
  const none = { subject: null, preheader: null, textBody: null, isTextGenerated: false };
  return { format: 'text', ...none, body, fields, partials, compiled };
}

async function inspectEmail(written: WrittenEmail, words: Vocabulary): Promise<StoredContent | { errors: FieldError[] }> {
  const { preheader } = written;
  const format = written.mjml === null ? 'html' : 'mjml';
  const subject = checkPart('/subject', written.subject, 'text', words);
  const line = checkPart('/preheader', preheader ?? '', 'text', words);
  const body = checkPart(`/${format}`, written.mjml ?? written.html ?? '', format, words);
  const text = written.text === null ? null : checkPart('/text', written.text, 'text', words);
  const parts = [subject, line, body, ...(text ? [text] : [])];
  const errors = parts.flatMap(part => part.errors);
  if (/[\r\n]/.test(subject.source)) errors.push({ pointer: '/subject', message: 'A subject is one line' });
  if (errors.length > 0) return { errors };
  const html = format === 'mjml' ? await htmlOf(body) : { html: body.source };
  if ('errors' in html) return html;
  const textBody = text?.source ?? generateText(html.html, words);
  if (textBody === null) return { errors: [noText] };
  const sent: EmailSource = {
    channel: 'email',
    subject: subject.source,
    preheader: line.source.trim() ? line.source : null,
    html: html.html,
    text: textBody,
  };
  const whole = parseTemplate(withPreheader(sent.html, sent.preheader), 'html');
  if ('errors' in whole)
    return { errors: whole.errors.map(({ message }) => ({ pointer: `/${format}`, message: `With the preheader: ${message}` })) };
  return {
    format,
    subject: written.subject,
    preheader: preheader?.trim() ? preheader : null,
    body: body.written,
    textBody: written.text ?? textBody,
    isTextGenerated: written.text === null,
    fields: [...new Set(parts.flatMap(part => part.fields))],
    compiled: format === 'mjml' || parts.some(part => part.partials.length > 0) ? sent : null,
    partials: [...new Set(parts.flatMap(part => part.partials))],
  };
}

/** MJML has been read as a template already; what it becomes is read once more, as it is what will be sent. */
async function htmlOf(mjml: Part): Promise<{ html: string } | { errors: FieldError[] }> {
  const compiled = await compileMjml(mjml.source);
  if ('errors' in compiled) return { errors: compiled.errors.map(error => toFieldError('/mjml', mjml.locate(error))) };
  const parsed = parseTemplate(compiled.html, 'html');
  const problems = 'errors' in parsed ? parsed.errors : findUnsafeHtml(compiled.html);
  if (problems.length === 0) return compiled;
  return { errors: problems.map(({ message }) => ({ pointer: '/mjml', message: `In the HTML made from it: ${message}` })) };
}

const noText = { pointer: '/text', message: 'No text alternative can be made from this HTML; write one' };

/** Conditions that start in one place of the HTML and end in another (the head, a comment) can get lost on the way to text. */
function generateText(html: string, words: Vocabulary): string | null {
  const text = textFromHtml(html);
  return text === null || checkPart('/text', text, 'text', words).errors.length > 0 ? null : text;
}

type Part = {
  written: string;
  /** With the partials in it. */
  source: string;
  fields: readonly string[];
  partials: readonly string[];
  errors: FieldError[];
  locate: (error: TemplateError) => TemplateError;
};

/** `inside`: the partial it is itself, if it is one. */
export function checkPart(
  pointer: string,
  written: string,
  use: PartialUse,
  words: Vocabulary,
  inside: readonly string[] = [],
): Part {
  const { source, used, errors, locate } = expandPartials(written, use, words.partials, inside);
  const found = errors.length > 0 ? { fields: [], errors } : checkWords(source, use === 'text' ? 'text' : 'html', words);
  const located = errors.length > 0 ? errors : found.errors.map(locate);
  return {
    written,
    source,
    fields: found.fields,
    partials: used,
    errors: located.map(error => toFieldError(pointer, error)),
    locate,
  };
}

function checkWords(source: string, kind: TemplateKind, words: Vocabulary): { fields: string[]; errors: TemplateError[] } {
  const parsed = parseTemplate(source, kind);
  // Only what parses has expressions to be told from its words.
  if ('errors' in parsed) return { fields: [], errors: parsed.errors };
  const unsafe = kind === 'html' ? findUnsafeHtml(source) : [];
  return { fields: parsed.fields, errors: [...unsafe, ...refusedFields(source, parsed.fields, words)] };
}

function toFieldError(pointer: string, error: TemplateError): FieldError {
  return { ...error, pointer, message: `${error.message} (line ${error.line}, column ${error.column})` };
}

/** Only as many as are shown: finding the place of each costs a walk through the source. */
function refusedFields(source: string, fields: readonly string[], words: Vocabulary): TemplateError[] {
  const refused = fields.flatMap(field => {
    const message = words.whyRefused(field);
    return message === null ? [] : [{ field, message }];
  });
  if (refused.length === 0) return [];
  const expressions = splitExpressions(source).filter(piece => piece.isExpression);
  return refused.slice(0, shownErrors).map(({ field, message }) => ({ message, ...placeOfField(source, expressions, field) }));
}

/** Where the field, or the last part of it inside {{#with}}, is named first. */
export function placeOfField(source: string, expressions: readonly Piece[], field: string): { line: number; column: number } {
  const last = field.split('.').at(-1) ?? field;
  const used = expressions.find(piece => piece.text.includes(field)) ?? expressions.find(piece => piece.text.includes(last));
  return placeOf(source, used?.at ?? 0);
}

function refusal(errors: readonly FieldError[]): AppError {
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new AppError('invalid', `${first?.pointer}: ${first?.message}${more}`, errors.slice(0, shownErrors));
}
