/**
 * Handlebars source → syntax tree, with the errors of the parser turned into sentences with a place. Only strings are
 * parsed: Handlebars would run a tree handed in from outside as code. The node types are the ones we know how to judge.
 */
import Handlebars from 'handlebars';

export type TemplateKind = 'text' | 'html';

/** Line and column count from 1. */
export type TemplateError = { message: string; line: number; column: number };

/** As the parser counts: lines from 1, columns from 0. */
export type Place = { line: number; column: number };
export type Located = { loc: { start: Place; end: Place } };
export type Path = Located & { type: 'PathExpression'; data: boolean; depth: number; parts: string[]; original: string };
export type Literal = Located & {
  type: 'StringLiteral' | 'NumberLiteral' | 'BooleanLiteral' | 'NullLiteral' | 'UndefinedLiteral';
  value?: string | number | boolean;
};
export type Call = { path: Path | Literal; params: Expression[]; hash?: Located };
export type SubExpression = Located & Call & { type: 'SubExpression' };
export type Expression = Path | Literal | SubExpression;
export type Mustache = Located & Call & { type: 'MustacheStatement'; escaped: boolean };
export type Block = Located & Call & { type: 'BlockStatement'; program?: Program; inverse?: Program };
export type Plain = Located & { type: 'ContentStatement' | 'CommentStatement'; value: string };
/** `{{> footer}}`; a name in brackets is one made at run time. */
export type PartialCall = Located & {
  type: 'PartialStatement';
  name: Path | Literal | SubExpression;
  params: Expression[];
  hash?: Located;
};
export type Refused = Located & { type: 'PartialBlockStatement' | 'Decorator' | 'DecoratorBlock' };
export type Statement = Mustache | Block | Plain | PartialCall | Refused;
export type Program = { body: Statement[]; blockParams?: string[] };

/** Readers cut mail off at about half of it. */
const maxSourceLength = 200_000;

/**
 * The parser copies its stack at every step, so what nests or repeats without end would hold the process for minutes:
 * counted before it runs, generously, and without reading the grammar. The real limits are in check.ts.
 */
const maxTags = 5000;
const maxBlocks = 500;
const maxOpenBrackets = 500;

export function readProgram(source: unknown): Program | { errors: TemplateError[] } {
  if (typeof source !== 'string') return atStart('A template is a text');
  if (source.length > maxSourceLength) return atStart('A template has at most 200 000 characters');
  if (countMatches(source, /\{\{/g) > maxTags) return atStart('A template has at most 5 000 expressions');
  if (countMatches(source, /\{\{~?\s*(?:[#^]|else\b)/g) > maxBlocks) return atStart('A template has at most 500 blocks');
  if (openBrackets(source) > maxOpenBrackets) return atStart('Brackets are nested too deeply');
  try {
    return Handlebars.parse(source) as unknown as Program;
  } catch (error) {
    return { errors: [located(error, source)] };
  }
}

const atStart = (message: string): { errors: TemplateError[] } => ({ errors: [{ message, line: 1, column: 1 }] });

function countMatches(source: string, pattern: RegExp): number {
  let count = 0;
  while (pattern.test(source)) count++;
  return count;
}

/** The most brackets that are ever open at once, words included. */
function openBrackets(source: string): number {
  let open = 0;
  let most = 0;
  for (let i = source.indexOf('{{'); i >= 0 && i < source.length; i++) {
    const unit = source.charCodeAt(i);
    if (unit === 0x28) most = Math.max(most, ++open);
    else if (unit === 0x29 && open > 0) open--;
  }
  return most;
}

export const errorAt = (node: Located, message: string): TemplateError => ({
  message,
  line: node.loc.start.line,
  column: node.loc.start.column + 1,
});

/** The parser complains in two ways: by grammar, and by a block that ends as another. */
function located(error: unknown, source: string): TemplateError {
  if (!(error instanceof Error)) throw error;
  const { message, lineNumber, column } = error as Error & { lineNumber?: number; column?: number };
  if (lineNumber !== undefined) return { message: sentence(message), line: lineNumber, column: (column ?? 0) + 1 };
  const line = Number(/(?:Parse|Lexical) error on line (\d+)/.exec(message)?.[1] ?? 1);
  return {
    message: 'This cannot be read: check that every {{ is closed and every quote ends',
    line,
    column: columnOf(message, source, line),
  };
}

/** "if doesn't match each - 1:3" */
function sentence(message: string): string {
  const blocks = /^(\S+) doesn't match (\S+)/.exec(message);
  return blocks ? `{{#${blocks[1]}}} is closed by {{/${blocks[2]}}}` : message.replace(/ - \d+:\d+$/, '');
}

/**
 * The parser shows up to 20 characters before the mistake, line ends left out, above a row of dashes. Found again in the
 * line (or as its beginning, when they reach back over it) they give the column.
 */
function columnOf(message: string, source: string, line: number): number {
  const [, shown = '', dashes = ''] = message.split('\n');
  const before = shown.slice(0, dashes.indexOf('^')).replace(/^\.\.\./, '');
  const text = source.split('\n')[line - 1] ?? '';
  const at = text.indexOf(before);
  if (at >= 0) return at + before.length + 1;
  for (let length = before.length - 1; length > 0; length--) if (text.startsWith(before.slice(-length))) return length + 1;
  return 1;
}
