/**
 * MJML → HTML, once, when a version is saved (some 12 ms a mail). Handlebars expressions pass through as marks. Nothing is fetched
 * and no file is read: no fonts, no includes, no configuration.
 */
import mjml2html from 'mjml';
import type { TemplateError } from '../domain/template/parse.js';
import { markExpressions, type Marked, placeOf } from './expressions.js';
import { findUnbalanced } from './mjml-tags.js';

const options = { fonts: {}, validationLevel: 'soft', ignoreIncludes: true, useMjmlConfigOptions: false } as const;

export async function compileMjml(source: string): Promise<{ html: string } | { errors: TemplateError[] }> {
  const marked = markExpressions(source);
  const unbalanced = findUnbalanced(standingIn(source, marked));
  if (unbalanced.length > 0) return { errors: unbalanced };
  const compiled = await run(marked.text);
  if ('problem' in compiled) return { errors: [{ message: compiled.problem, line: 1, column: 1 }] };
  const errors = compiled.errors.flatMap(error => toError(error, source, marked) ?? []);
  errors.push(...marked.lostFrom(compiled.html).map(lost => ({ message: lostMessage(lost.text), ...placeOf(source, lost.at) })));
  return errors.length > 0 ? { errors } : { html: marked.restore(compiled.html) };
}

async function run(source: string): Promise<Awaited<ReturnType<typeof mjml2html>> | { problem: string }> {
  try {
    return await mjml2html(source, options);
  } catch (error) {
    if (error instanceof RangeError) return { problem: 'This MJML is nested too deeply' };
    return { problem: 'This is no MJML: it is enclosed in <mjml> and has an <mj-body>' };
  }
}

/** Expressions hold quotes and brackets that are not the markup's: spaces instead, in the same places. */
function standingIn(source: string, { expressions }: Marked): string {
  return expressions.reduce(
    (text, { at, text: expression }) =>
      text.slice(0, at) + expression.replace(/[^\r\n]/g, ' ') + text.slice(at + expression.length),
    source,
  );
}

const lostMessage = (expression: string): string =>
  /^\{\{~?\s*(?:[#/^]|else\b)/.test(expression)
    ? `MJML has no place for ${expression} here: put it in an <mj-raw> of its own`
    : `MJML has no place for ${expression} here: put it inside an <mj-text> or <mj-raw>`;

/** Null for a complaint that an expression is no colour: its value will be. Sizes are computed with, so they cannot be expressions. */
function toError(
  { line, message, tagName }: { line: number; message: string; tagName: string },
  source: string,
  marked: Marked,
): TemplateError | null {
  if (/\uE000/.test(message) && !message.includes('type Unit')) return null;
  const column = source.split(/\r\n?|\n/)[line - 1]?.indexOf(`<${tagName}`) ?? -1;
  return { message: `<${tagName}>: ${marked.restore(message).trim()}`, line, column: Math.max(column, 0) + 1 };
}
