/**
 * Where the Handlebars expressions of a source are, found without parsing them: code that treats the words around them
 * (text made from HTML, the preheader, the HTML check) must leave the expressions themselves untouched.
 */
/** `at`: offset in the source. */
export type Piece = { readonly isExpression: boolean; readonly text: string; readonly at: number };

/** Long comments, then any {{…}} whose quoted strings may hold braces. */
const expression = /\{\{~?!--[\s\S]*?--~?\}\}|\{\{(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?!\}\})[^"'])*\}\}/g;

/** The source in order, cut into expressions and the words between them. */
export function splitExpressions(source: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of source.matchAll(expression)) {
    if (match.index > end) pieces.push({ isExpression: false, text: source.slice(end, match.index), at: end });
    pieces.push({ isExpression: true, text: match[0], at: match.index });
    end = match.index + match[0].length;
  }
  if (end < source.length) pieces.push({ isExpression: false, text: source.slice(end), at: end });
  return pieces;
}

/** Line and column of an offset, both from 1. */
export function placeOf(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/** The source with `change` applied to its words and not to its expressions. */
export function mapWords(source: string, change: (words: string) => string): string {
  return splitExpressions(source)
    .map(piece => (piece.isExpression ? piece.text : change(piece.text)))
    .join('');
}

/** Private-use characters: no keyboard types them, no converter knows them. */
const mark = '\uE000';
const marked = /\uE000(\d+)\uE000/g;

/** Runs `change` over the source with a mark in the place of each expression, then puts the expressions back. */
export function throughMarks(source: string, change: (markedSource: string) => string): string {
  const expressions: string[] = [];
  const withMarks = splitExpressions(source.replaceAll(mark, ''))
    .map(piece => (piece.isExpression ? `${mark}${expressions.push(piece.text) - 1}${mark}` : piece.text))
    .join('');
  return change(withMarks).replace(marked, (_mark, index: string) => expressions[Number(index)] ?? '');
}
