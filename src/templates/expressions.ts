/**
 * Where the Handlebars expressions of a source are: code that treats the words around them (text made from HTML, the preheader,
 * the HTML check) must leave the expressions themselves untouched. Taken from the parser's own tree: a second reading of the
 * syntax would differ somewhere, and what it took for an expression could hide a script.
 */
import { type Located, type Place, type Program, readProgram, type Statement } from '../domain/template/syntax.js';

/** `at`: offset in the source. */
export type Piece = { readonly isExpression: boolean; readonly text: string; readonly at: number };

const lineEnd = /\r\n?|\n/g;

/** The source in order, cut into expressions and the words between them. A source that cannot be parsed is all words. */
export function splitExpressions(source: string): Piece[] {
  const program = readProgram(source);
  const words = 'errors' in program ? [{ start: 0, end: source.length }] : wordsOf(program, offsetsIn(source));
  const pieces: Piece[] = [];
  const add = (isExpression: boolean, start: number, end: number) => {
    if (end > start) pieces.push({ isExpression, text: source.slice(start, end), at: start });
  };
  let done = 0;
  for (const { start, end } of words) {
    add(true, done, start);
    add(false, start, end);
    done = end;
  }
  add(true, done, source.length);
  return pieces;
}

/** Line and column of an offset, both from 1. */
export function placeOf(source: string, offset: number): { line: number; column: number } {
  const starts = lineStarts(source.slice(0, offset));
  return { line: starts.length, column: offset - (starts.at(-1) ?? 0) + 1 };
}

/** Tells the offset of a place as the parser gives it. */
export function offsetsIn(source: string): (place: Place) => number {
  const starts = lineStarts(source);
  return ({ line, column }) => (starts[line - 1] ?? 0) + column;
}

/** The source with `change` applied to its words and not to its expressions. */
export function mapWords(source: string, change: (words: string) => string): string {
  return splitExpressions(source)
    .map(piece => (piece.isExpression ? piece.text : change(piece.text)))
    .join('');
}

/** A private-use character: no keyboard types it, no converter knows it. */
const mark = '\uE000';
const marked = /\uE000(\d+)\uE000/g;

/** A source with a mark in the place of each expression. */
export type Marked = {
  readonly text: string;
  /** In the order of the source; `at` is the offset there. */
  readonly expressions: readonly Piece[];
  /** Puts the expressions back in the place of their marks. */
  restore(text: string): string;
  /** Those whose mark is not in the text any more. */
  lostFrom(text: string): readonly Piece[];
};

export function markExpressions(source: string): Marked {
  const expressions: Piece[] = [];
  const text = splitExpressions(source.replaceAll(mark, ''))
    .map(piece => (piece.isExpression ? `${mark}${expressions.push(piece) - 1}${mark}` : piece.text))
    .join('');
  return {
    text,
    expressions,
    restore: changed => changed.replace(marked, (_mark, index: string) => expressions[Number(index)]?.text ?? ''),
    lostFrom: changed => {
      const kept = new Set([...changed.matchAll(marked)].map(match => Number(match[1])));
      return expressions.filter((_piece, index) => !kept.has(index));
    },
  };
}

/** Runs `change` over the source with a mark in the place of each expression, then puts the expressions back. */
export function throughMarks(source: string, change: (markedSource: string) => string): string {
  const { text, restore } = markExpressions(source);
  return restore(change(text));
}

type Span = { start: number; end: number };

function wordsOf(program: Program, offset: (place: Place) => number): Span[] {
  return contentOf(program)
    .map(({ loc }) => ({ start: offset(loc.start), end: offset(loc.end) }))
    .sort((a, b) => a.start - b.start);
}

function contentOf(program: Program | undefined): Located[] {
  return (program?.body ?? []).flatMap((statement: Statement) => {
    if (statement.type === 'ContentStatement') return [statement];
    return statement.type === 'BlockStatement' ? [...contentOf(statement.program), ...contentOf(statement.inverse)] : [];
  });
}

function lineStarts(source: string): number[] {
  return [0, ...[...source.matchAll(lineEnd)].map(match => match.index + match[0].length)];
}
