/**
 * A template version ready to be filled: compiled once, rendered once per recipient, at some hundred thousand SMS a second.
 */
import { compileProgram } from './environment.js';
import { isBlank } from './helpers.js';
import { checkTemplate } from './parse.js';
import type { TemplateError, TemplateKind } from './syntax.js';

export type MergeValue =
  string | number | boolean | null | undefined | readonly MergeValue[] | { readonly [name: string]: MergeValue };
export type MergeValues = { readonly [name: string]: MergeValue };

export type CompiledTemplate = {
  /** Dotted names, in order of first use. */
  readonly fields: readonly string[];
  /** Absent values render as nothing. Throws `RenderError` (environment.ts) when the output outgrows its cap. */
  render(values: MergeValues): string;
};

/** The source is not a template we would send. */
export class TemplateSyntaxError extends Error {
  constructor(readonly errors: readonly TemplateError[]) {
    super(errors.map(error => `${error.message} (line ${error.line}, column ${error.column})`).join('; '));
    this.name = 'TemplateSyntaxError';
  }
}

/** Throws `TemplateSyntaxError` on a source that `parseTemplate` refuses. */
export function compileTemplate(source: string, kind: TemplateKind): CompiledTemplate {
  const checked = checkTemplate(source, kind);
  if ('errors' in checked) throw new TemplateSyntaxError(checked.errors);
  return { fields: checked.fields, render: compileProgram(checked.program, kind) };
}

/** The fields of the template that this contact lacks: absent, null or empty. */
export function missingFields(compiled: Pick<CompiledTemplate, 'fields'>, values: MergeValues): string[] {
  return compiled.fields.filter(field => isBlank(lookUp(values, field)));
}

function lookUp(values: MergeValues, field: string): unknown {
  let value: unknown = values;
  for (const name of field.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}
