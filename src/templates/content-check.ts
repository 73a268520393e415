/**
 * What a template must be before it becomes a version: it parses, uses only known merge fields and safe HTML. Every mistake is
 * reported with its field, line and column. Pure.
 */
import { parseTemplate, type TemplateError } from '../domain/template/parse.js';
import { AppError, type FieldError, invalid } from '../platform/errors.js';
import type { ContentSource, EmailSource } from './compiled-content.js';
import { type Piece, placeOf, splitExpressions } from './expressions.js';
import { findUnsafeHtml } from './html-safety.js';
import { isMergeField, suggestField } from './merge-fields.js';
import { textFromHtml } from './text-alternative.js';

/** A version as its row holds it. */
export type StoredContent = {
  readonly format: 'text' | 'html';
  readonly subject: string | null;
  readonly preheader: string | null;
  readonly body: string;
  readonly textBody: string | null;
  /** The text was made from the HTML and is made anew with it. */
  readonly isTextGenerated: boolean;
  readonly fields: readonly string[];
};

/** More errors than these help nobody. */
const shownErrors = 20;

/** Throws a 422 that names every mistake. */
export function checkContent(source: ContentSource): StoredContent {
  return source.channel === 'sms' ? checkSms(source.body) : checkEmail(source);
}

function checkSms(body: string): StoredContent {
  const part = checkPart('/body', body, 'text');
  refuse(part.errors);
  return { format: 'text', subject: null, preheader: null, body, textBody: null, isTextGenerated: false, fields: part.fields };
}

function checkEmail({ subject, preheader, html, text }: EmailSource): StoredContent {
  const parts = [
    checkPart('/subject', subject, 'text'),
    checkPart('/preheader', preheader ?? '', 'text'),
    checkPart('/html', html, 'html', findUnsafeHtml),
    ...(text === null ? [] : [checkPart('/text', text, 'text')]),
  ];
  if (/[\r\n]/.test(subject)) parts.push({ fields: [], errors: [{ pointer: '/subject', message: 'A subject is one line' }] });
  refuse(parts.flatMap(part => part.errors));
  const textBody = text ?? generateText(html);
  const fields = [...new Set(parts.flatMap(part => part.fields))];
  return {
    format: 'html',
    subject,
    preheader: preheader?.trim() ? preheader : null,
    body: html,
    textBody,
    isTextGenerated: text === null,
    fields,
  };
}

/** Conditions that start in one place of the HTML and end in another (the head, a comment) can get lost on the way to text. */
function generateText(html: string): string {
  const text = textFromHtml(html);
  if (text === null || checkPart('/text', text, 'text').errors.length > 0)
    throw invalid('/text', 'No text alternative can be made from this HTML; write one');
  return text;
}

type Checked = { fields: readonly string[]; errors: FieldError[] };

function checkPart(
  pointer: string,
  source: string,
  kind: 'text' | 'html',
  findMore: (source: string) => TemplateError[] = () => [],
): Checked {
  const parsed = parseTemplate(source, kind);
  const at = (error: TemplateError): FieldError => ({
    ...error,
    pointer,
    message: `${error.message} (line ${error.line}, column ${error.column})`,
  });
  // Only what parses has expressions to be told from its words.
  if ('errors' in parsed) return { fields: [], errors: parsed.errors.map(at) };
  return { fields: parsed.fields, errors: [...findMore(source), ...unknownFields(source, parsed.fields)].map(at) };
}

/** Only as many as are shown: finding the place of each costs a walk through the source. */
function unknownFields(source: string, fields: readonly string[]): TemplateError[] {
  const unknown = fields.filter(field => !isMergeField(field)).slice(0, shownErrors);
  if (unknown.length === 0) return [];
  const expressions = splitExpressions(source).filter(piece => piece.isExpression);
  return unknown.map(field => {
    const suggestion = suggestField(field);
    const hint = suggestion ? `did you mean {{${suggestion}}}?` : 'custom ones are written {{attributes.name}}';
    return { message: `There is no merge field {{${field}}}: ${hint}`, ...placeOfField(source, expressions, field) };
  });
}

/** Where the field, or the last part of it inside {{#with}}, is named first. */
function placeOfField(source: string, expressions: readonly Piece[], field: string): { line: number; column: number } {
  const last = field.split('.').at(-1) ?? field;
  const used = expressions.find(piece => piece.text.includes(field)) ?? expressions.find(piece => piece.text.includes(last));
  return placeOf(source, used?.at ?? 0);
}

function refuse(errors: readonly FieldError[]): void {
  const [first] = errors;
  if (!first) return;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  throw new AppError('invalid', `${first.pointer}: ${first.message}${more}`, errors.slice(0, shownErrors));
}
