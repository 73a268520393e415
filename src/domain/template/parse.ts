/**
 * Is this source a template we would send, and which merge fields does it use? Asked when a template is saved and, once
 * more, before it is compiled: what was stored is trusted no more than what was typed.
 */
import { checkProgram } from './check.js';
import { type Program, readProgram, type TemplateError, type TemplateKind } from './syntax.js';
import { findFields } from './variables.js';

export type { TemplateError, TemplateKind } from './syntax.js';

export type CheckedProgram = { program: Program; fields: string[] };

/** Fields are dotted names in order of first use. Errors come with line and column from 1, in the order of the text. */
export function parseTemplate(source: string, kind: TemplateKind): { fields: string[] } | { errors: TemplateError[] } {
  const checked = checkTemplate(source, kind);
  return 'errors' in checked ? checked : { fields: checked.fields };
}

/** As `parseTemplate`, with the tree for the compiler. */
export function checkTemplate(source: string, kind: TemplateKind): CheckedProgram | { errors: TemplateError[] } {
  const program = readProgram(source);
  if ('errors' in program) return program;
  const errors = checkProgram(program, kind);
  // Only a program that keeps the rules is walked for fields: the walk relies on its depth.
  if (errors.length > 0) return { errors: inOrder(errors) };
  const found = findFields(program);
  return found.errors.length > 0 ? { errors: inOrder(found.errors) } : { program, fields: found.fields };
}

const inOrder = (errors: TemplateError[]): TemplateError[] => errors.sort((a, b) => a.line - b.line || a.column - b.column);
