/**
 * The merge fields that a message relies on: written without a fallback, so that whoever lacks them gets a hole. `default` gives one,
 * and so does a block that asks for the field first.
 */
import { errorAt, type Call, type Expression, type Path, type Program, type TemplateError } from './syntax.js';

/** By name, where it is first written so. */
export function findUnguarded(program: Program): ReadonlyMap<string, TemplateError> {
  const found = new Map<string, TemplateError>();
  walk(program, new Set(), found);
  return found;
}

type Found = Map<string, TemplateError>;

function walk(program: Program | undefined, asked: ReadonlySet<string>, found: Found): void {
  for (const statement of program?.body ?? []) {
    if (statement.type === 'MustacheStatement') call(statement, asked, found);
    if (statement.type !== 'BlockStatement') continue;
    const [subject] = statement.params;
    const name = statement.path.type === 'PathExpression' ? statement.path.original : '';
    const inner = subject ? new Set([...asked, ...namesIn(subject)]) : asked;
    walk(statement.program, name === 'unless' ? asked : inner, found);
    walk(statement.inverse, name === 'unless' ? inner : asked, found);
  }
}

function call(node: Call, asked: ReadonlySet<string>, found: Found): void {
  if (node.path.type !== 'PathExpression' || node.path.original === 'default') return;
  for (const value of node.params.length === 0 ? [node.path] : node.params) {
    if (value.type === 'SubExpression') call(value, asked, found);
    if (value.type === 'PathExpression' && isField(value) && !asked.has(value.original) && !found.has(value.original))
      found.set(
        value.original,
        errorAt(value, `Whoever has no ${value.original} gets a hole: write {{default ${value.original} "…"}}`),
      );
  }
}

const isField = (path: Path): boolean => !path.data && path.depth === 0 && !/^(?:\.|this\b)/.test(path.original);

function namesIn(expression: Expression): string[] {
  if (expression.type === 'PathExpression') return [expression.original];
  return expression.type === 'SubExpression' ? expression.params.flatMap(namesIn) : [];
}
