/**
 * The merge fields of a template: every path that is looked up in the contact's values, as dotted names. What a block
 * brings with it (items of `each`, block params, @index) is not a field; inside `{{#with address}}`, city is
 * `address.city`. Names that point nowhere (`../` out of the template, @root) are errors here.
 */
import { type Block, type Call, errorAt, type Expression, type Path, type Program, type TemplateError } from './syntax.js';

export type FieldList = { fields: string[]; errors: TemplateError[] };

export function findFields(program: Program): FieldList {
  const found: Found = { fields: new Set(), errors: [] };
  walk(program, { base: [], locals: new Map(), outer: null, isLoop: false }, found);
  return { fields: [...found.fields], errors: found.errors };
}

type Found = { fields: Set<string>; errors: TemplateError[] };

/** Where a name is looked up: a path from the contact's values, or null for an item that only exists while it loops. */
type Base = readonly string[] | null;
type Scope = { base: Base; locals: ReadonlyMap<string, Base>; outer: Scope | null; isLoop: boolean };

/** What `each` tells its body. */
const loopData = new Set(['index', 'key', 'first', 'last']);

function walk(program: Program | undefined, scope: Scope, found: Found): void {
  for (const statement of program?.body ?? []) {
    if (statement.type === 'MustacheStatement') walkCall(statement, scope, found);
    if (statement.type === 'BlockStatement') walkBlock(statement, scope, found);
  }
}

/** `{{name}}` is a field, `{{helper name}}` a call whose first word is none. */
function walkCall(call: Call, scope: Scope, found: Found): void {
  if (call.params.length === 0) note(call.path, scope, found);
  for (const param of call.params) note(param, scope, found);
}

function walkBlock(block: Block, scope: Scope, found: Found): void {
  const [subject] = block.params;
  const name = block.path.type === 'PathExpression' ? block.path.original : '';
  const changesScope = name === 'each' || name === 'with';
  // The subject of `with` is no value by itself; what is used of it is noted where it is used.
  if (name !== 'with' || subject?.type !== 'PathExpression') for (const param of block.params) note(param, scope, found);
  walk(block.program, changesScope ? innerScope(block, name === 'each', scope, found) : scope, found);
  walk(block.inverse, scope, found);
}

function innerScope(block: Block, isLoop: boolean, outer: Scope, found: Found): Scope {
  const [subject] = block.params;
  const base = isLoop || subject?.type !== 'PathExpression' ? null : resolve(subject, outer, found);
  const locals = new Map(outer.locals);
  block.program?.blockParams?.forEach((local, i) => locals.set(local, i === 0 ? base : null));
  return { base, locals, outer, isLoop };
}

function note(expression: Expression | Call['path'], scope: Scope, found: Found): void {
  if (expression.type === 'SubExpression') return walkCall(expression, scope, found);
  if (expression.type !== 'PathExpression') return;
  const path = resolve(expression, scope, found);
  if (path === null) return;
  if (path.length > 0) found.fields.add(path.join('.'));
  else found.errors.push(errorAt(expression, `{{${expression.original}}} stands for everything here; name a field`));
}

/** From the root of the values; null when the path leads into an item, a local or @data. */
function resolve(path: Path, scope: Scope, found: Found): Base {
  if (path.data) {
    checkData(path, scope, found);
    return null;
  }
  const isBare = path.depth === 0 && !/^(\.|this\b)/.test(path.original);
  const [head = ''] = path.parts;
  if (isBare && scope.locals.has(head)) return extend(scope.locals.get(head) ?? null, path.parts.slice(1));
  const home = climb(scope, path.depth);
  if (home) return extend(home.base, path.parts);
  found.errors.push(errorAt(path, `{{${path.original}}} leads out of the template`));
  return null;
}

const extend = (base: Base, parts: readonly string[]): Base => (base === null ? null : [...base, ...parts]);

function climb(scope: Scope, depth: number): Scope | null {
  let home: Scope | null = scope;
  for (let i = 0; i < depth && home; i++) home = home.outer;
  return home;
}

function checkData(path: Path, scope: Scope, found: Found): void {
  const isKnown = path.parts.length === 1 && loopData.has(path.parts[0] ?? '');
  let loop: Scope | null = scope;
  while (loop && !loop.isLoop) loop = loop.outer;
  if (!isKnown) found.errors.push(errorAt(path, `{{${path.original}}} is not available`));
  else if (!loop) found.errors.push(errorAt(path, `{{${path.original}}} only has a meaning inside {{#each}}`));
}
