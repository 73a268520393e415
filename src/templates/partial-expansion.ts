/**
 * Partials are copied into a message when it is saved: `{{> footer}}` becomes the words of the footer, so that a version never
 * changes with it. The places of mistakes are told in the author's own text. Pure.
 */
import {
  type Block,
  errorAt,
  type Located,
  type PartialCall,
  type Program,
  readProgram,
  type TemplateError,
} from '../domain/template/syntax.js';
import { offsetsIn, placeOf } from './expressions.js';

/** What a partial is copied into. MJML takes the HTML of a partial that has no MJML. */
export type PartialUse = 'text' | 'html' | 'mjml';
export type PartialBodies = Readonly<Record<PartialUse, string | null>>;
/** The partials of a workspace by name. */
export type PartialBook = ReadonlyMap<string, PartialBodies>;

export type Expanded = {
  readonly source: string;
  /** Names of the partials in it, those inside other partials too. */
  readonly used: readonly string[];
  readonly errors: readonly TemplateError[];
  /** A mistake in the expanded source, told by its place in the author's. */
  locate(error: TemplateError): TemplateError;
};

/** The longest source domain/template reads; partials in partials could grow without end. */
const maxExpanded = 200_000;
const maxDepth = 10;
/** Each is read anew where it is called, and partials in partials multiply. */
const maxCalls = 500;

type Segment = { start: number; end: number; origin: number; partial: string | null };

/** `left`: calls that may still be followed. */
export function expandPartials(
  source: string,
  use: PartialUse,
  book: PartialBook,
  inside: readonly string[] = [],
  left = { calls: maxCalls },
): Expanded {
  const program = readProgram(source);
  const calls = 'errors' in program ? [] : callsIn(program);
  if (calls.length === 0) return { source, used: [], errors: [], locate: error => error };
  const segments: Segment[] = [];
  const errors: TemplateError[] = [];
  const used = new Set<string>();
  let text = '';
  let done = 0;
  const add = (piece: string, origin: number, partial: string | null) => {
    segments.push({ start: text.length, end: text.length + piece.length, origin, partial });
    text += piece;
  };
  const offset = offsetsIn(source);
  for (const call of calls) {
    if (--left.calls < 0)
      return givenUp(source, call, used, `A template calls at most ${maxCalls} partials, those inside partials counted`);
    const [start, end] = [offset(call.loc.start), offset(call.loc.end)];
    add(source.slice(done, start), done, null);
    done = end;
    const found = bodyOf(call, use, book, inside);
    if ('error' in found) {
      errors.push(errorAt(call, found.error));
      continue;
    }
    const inner = expandPartials(found.body, use, book, [...inside, found.name], left);
    for (const name of [found.name, ...inner.used]) used.add(name);
    errors.push(...inner.errors.map(({ message }) => errorAt(call, `in {{> ${found.name}}}: ${message}`)));
    add(inner.source, start, found.name);
    if (text.length > maxExpanded)
      return givenUp(source, call, used, 'With its partials a template has at most 200 000 characters');
  }
  add(source.slice(done), done, null);
  return { source: text, used: [...used], errors, locate: error => relocate(error, text, source, segments) };
}

function givenUp(source: string, call: Located, used: ReadonlySet<string>, why: string): Expanded {
  return { source, used: [...used], errors: [errorAt(call, why)], locate: known => known };
}

function callsIn(program: Program | undefined): PartialCall[] {
  return (program?.body ?? []).flatMap(statement => {
    if (statement.type === 'PartialStatement') return [statement];
    return statement.type === 'BlockStatement' ? callsInBlock(statement) : [];
  });
}

const callsInBlock = ({ program, inverse }: Block): PartialCall[] => [...callsIn(program), ...callsIn(inverse)];

function bodyOf(
  { name: called, params, hash }: PartialCall,
  use: PartialUse,
  book: PartialBook,
  inside: readonly string[],
): { name: string; body: string } | { error: string } {
  if (called.type !== 'PathExpression') return { error: 'Name a partial: {{> footer}}' };
  const name = called.original;
  if (params.length > 0 || hash) return { error: 'A partial takes no values: it sees those of the message' };
  if (inside.includes(name)) return { error: `Partials go round in a circle: ${[...inside, name].join(' → ')}` };
  if (inside.length >= maxDepth) return { error: 'Partials are nested too deeply' };
  const bodies = book.get(name);
  if (!bodies) return { error: `There is no partial named ${name}` };
  const body = bodies[use] ?? (use === 'mjml' ? bodies.html : null);
  return body === null ? { error: `The partial ${name} has no ${use === 'mjml' ? 'mjml or html' : use}` } : { name, body };
}

function relocate(error: TemplateError, text: string, source: string, segments: readonly Segment[]): TemplateError {
  const at = offsetsIn(text)({ line: error.line, column: error.column - 1 });
  const segment = segments.find(({ start, end }) => at >= start && at < end) ?? segments.at(-1);
  if (!segment) return error;
  if (segment.partial === null) return { ...error, ...placeOf(source, segment.origin + at - segment.start) };
  return { ...error, ...placeOf(source, segment.origin), message: `in {{> ${segment.partial}}}: ${error.message}` };
}
