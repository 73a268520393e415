/**
 * The rules a template must keep before it is compiled: only the helpers we know, with as many values as they take, no
 * partials or decorators, no unescaped output in HTML, no names that reach the language, blocks nested sensibly.
 */
import { isDateFormat } from './formats.js';
import { blockHelpers, findHelper, helperNames, isBlockHelper } from './helpers.js';
import { isDangerousName } from './names.js';
import {
  type Block,
  type Call,
  errorAt,
  type Expression,
  type Mustache,
  type Path,
  type Program,
  type Statement,
  type SubExpression,
  type TemplateError,
  type TemplateKind,
} from './syntax.js';

/** Deeper than any message needs, shallow enough for every recursion here and in Handlebars. */
const maxDepth = 20;
/** `attributes.plan` has two; nothing we hand over has more than a few. */
const maxPathLength = 8;
/** Loops in loops multiply: two are enough for orders and their products. */
const maxLoops = 2;

/** Empty when the program may be compiled. */
export function checkProgram(program: Program, kind: TemplateKind): TemplateError[] {
  const check = new Check(kind);
  check.program(program, { depth: 0, loops: 0 });
  return check.errors;
}

type Nesting = { depth: number; loops: number };

class Check {
  readonly errors: TemplateError[] = [];

  constructor(private readonly kind: TemplateKind) {}

  program(program: Program | undefined, nesting: Nesting): void {
    for (const name of program?.blockParams ?? []) this.local(name, program?.body[0]);
    for (const statement of program?.body ?? []) this.statement(statement, nesting);
  }

  private statement(statement: Statement, nesting: Nesting): void {
    switch (statement.type) {
      case 'ContentStatement':
      case 'CommentStatement':
        return;
      case 'MustacheStatement':
        return this.mustache(statement);
      case 'BlockStatement':
        return this.block(statement, nesting);
      default:
        return this.refuse(statement, 'Partials and decorators are not available here');
    }
  }

  private mustache(mustache: Mustache): void {
    if (this.kind === 'html' && !mustache.escaped)
      this.refuse(mustache, 'Values in HTML are always escaped: write {{name}}, not {{{name}}} or {{&name}}');
    if (mustache.path.type !== 'PathExpression') return this.refuse(mustache, 'Name a merge field between {{ and }}');
    const isCall = mustache.params.length > 0 || isHelperName(mustache.path);
    if (isCall) this.call(mustache, mustache.path, mustache);
    else this.path(mustache.path);
    this.hash(mustache, mustache);
  }

  private block(block: Block, nesting: Nesting): void {
    const name = block.path.type === 'PathExpression' ? block.path.original : '';
    if (!isBlockHelper(name))
      return this.refuse(block, `{{#${name}}} is not available: blocks are ${blockHelpers.map(b => `#${b}`).join(', ')}`);
    if (block.params.length !== 1) this.refuse(block, `{{#${name}}} takes one value`);
    const inner = { depth: nesting.depth + 1, loops: nesting.loops + (name === 'each' ? 1 : 0) };
    if (inner.depth > maxDepth) return this.refuse(block, 'Blocks are nested too deeply');
    if (inner.loops > maxLoops) return this.refuse(block, `{{#each}} goes at most ${maxLoops} deep`);
    for (const param of block.params) this.expression(param, 0);
    this.hash(block, block);
    this.program(block.program, inner);
    this.program(block.inverse, inner);
  }

  private call(call: Call, path: Path, node: Mustache | SubExpression, depth = 0): void {
    const helper = isHelperName(path) ? findHelper(path.original) : null;
    if (!helper) return this.refuse(node, unknownHelper(path));
    const [fewest, most] = helper.takes;
    const count = call.params.length;
    if (count < fewest || count > most)
      this.refuse(node, `${path.original} takes ${fewest === most ? fewest : `${fewest} to ${most}`} values, here are ${count}`);
    this.dateFormat(call, path);
    for (const param of call.params) this.expression(param, depth + 1);
  }

  private expression(expression: Expression, depth: number): void {
    if (expression.type === 'PathExpression') return this.path(expression);
    if (expression.type !== 'SubExpression') return;
    if (depth > maxDepth) return this.refuse(expression, 'Expressions are nested too deeply');
    this.hash(expression, expression);
    if (expression.path.type === 'PathExpression') this.call(expression, expression.path, expression, depth);
    else this.refuse(expression, 'A sub-expression begins with a helper');
  }

  private path(path: Path): void {
    const bad = path.parts.find(isDangerousName);
    if (path.parts.length > maxPathLength) this.refuse(path, `A field has at most ${maxPathLength} names`);
    else if (bad !== undefined) this.refuse(path, `${bad} is not a merge field`);
    else if (isHelperName(path) || isBlockName(path)) this.refuse(path, `${path.original} is a helper, not a merge field`);
  }

  private local(name: string, near: Statement | undefined): void {
    if (!near) return;
    if (isDangerousName(name) || findHelper(name) || isBlockHelper(name)) this.refuse(near, `|${name}| cannot be used as a name`);
  }

  /** A wrong format would be noticed only in the recipients' messages. */
  private dateFormat(call: Call, path: Path): void {
    const format = path.original === 'date' ? call.params[1] : undefined;
    if (format?.type === 'StringLiteral' && !isDateFormat(String(format.value)))
      this.refuse(format, `date knows no format "${format.value}"`);
  }

  private hash(call: Call, node: Statement | SubExpression): void {
    if (call.hash) this.refuse(node, 'name=value is not available: helpers take their values in order');
  }

  private refuse(node: Parameters<typeof errorAt>[0], message: string): void {
    this.errors.push(errorAt(node, message));
  }
}

/** `this.number` and `../number` are fields, `number` alone is the helper: as Handlebars sees it. */
const isHelperName = (path: Path): boolean => isSimple(path) && findHelper(path.original) !== null;
const isBlockName = (path: Path): boolean => isSimple(path) && isBlockHelper(path.original);
const isSimple = (path: Path): boolean =>
  !path.data && path.depth === 0 && path.parts.length === 1 && path.parts[0] === path.original;

function unknownHelper(path: Path): string {
  if (isBlockName(path)) return `Write {{#${path.original} …}} … {{/${path.original}}}`;
  return `There is no helper ${path.original}: there are ${helperNames.join(', ')}`;
}
