/** Which fields the words of a template use, and whether each has a fallback in every place it is used. Pure. */
import { checkTemplate, type TemplateKind } from '../domain/template/parse.js';
import { findUnguarded } from '../domain/template/unguarded.js';
import type { ContentSource } from './compiled-content.js';

export type Words = { fields: readonly string[]; source: ContentSource };

/** Field to hasFallback, in the order of use; `words` are those of one language or of many. */
export function usedFields(words: readonly Words[]): ReadonlyMap<string, boolean> {
  const fields = new Set(words.flatMap(language => language.fields));
  const unguarded = new Set(words.flatMap(({ source }) => partsOf(source)).flatMap(([kind, text]) => unguardedIn(kind, text)));
  return new Map([...fields].map(field => [field, !isUnguarded(field, fields, unguarded)]));
}

/** Inside {{#with}} only the last part of a name is written. */
function isUnguarded(field: string, fields: ReadonlySet<string>, unguarded: ReadonlySet<string>): boolean {
  const last = field.slice(field.lastIndexOf('.') + 1);
  return unguarded.has(field) || (!fields.has(last) && unguarded.has(last));
}

function partsOf(source: ContentSource): (readonly [TemplateKind, string])[] {
  if (source.channel === 'sms') return [['text', source.body]];
  const { subject, preheader, html, text } = source;
  return [
    ['text', subject],
    ['text', preheader ?? ''],
    ['html', html],
    ['text', text ?? ''],
  ];
}

function unguardedIn(kind: TemplateKind, text: string): string[] {
  const checked = checkTemplate(text, kind);
  return 'errors' in checked ? [] : [...findUnguarded(checked.program).keys()];
}
