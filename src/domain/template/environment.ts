/**
 * Handlebars in a room of its own: nothing but our helpers, only own properties of the values, escaped in HTML and plain
 * in text, and no way to write without end. Takes only programs that check.ts has passed.
 */
import Handlebars from 'handlebars';
import { blockHelpers, findHelper, helperNames, show } from './helpers.js';
import type { Mustache, Path, Program, TemplateKind } from './syntax.js';
import { findUrlHoles, safeUrl, type UrlHole } from './url-holes.js';

/** This contact's values make more text than any message may have. */
export class RenderError extends Error {
  override readonly name = 'RenderError';
}

/** Five times what mail readers show before they clip. */
const maxOutputLength = 500_000;
/** Rounds of `each` in one render, all loops together: an empty body writes nothing but takes time. */
const maxRounds = 10_000;
/** Characters that helpers read and values write in one render: a long value may be named thousands of times. */
const maxWork = 4 * maxOutputLength;

/** What the render that runs now may still use up. Renders are synchronous, so there is only one. */
const left = { rounds: 0, output: 0, work: 0 };

export function compileProgram(program: Program, kind: TemplateKind): (values: object) => string {
  showValues(program, kind === 'html' ? findUrlHoles(program) : new Map());
  const run = environment(kind, wordsIn(program)).compile<object>(program, {
    knownHelpers,
    knownHelpersOnly: true,
    noEscape: kind === 'text',
  });
  return values => {
    left.rounds = maxRounds;
    left.output = maxOutputLength;
    left.work = maxWork;
    const text = run(values, runtimeOptions);
    if (text.length > maxOutputLength) throw new RenderError('The rendered text is too long');
    return text;
  };
}

/** Without these two, Handlebars refuses prototype members as well but logs a warning to the console. */
const runtimeOptions = { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false };

/** Our own helpers around every value that is written. No template can name them: # opens a block. */
const shown = '#show';
const shownUrl: Readonly<Record<UrlHole, string>> = { start: '#url', rest: '#urlRest' };
const ownHelpers = {
  [shown]: (value: unknown): string => show(paidFor(value)),
  [shownUrl.start]: (value: unknown): string => safeUrl(show(paidFor(value)), 'start'),
  [shownUrl.rest]: (value: unknown): string => safeUrl(show(paidFor(value)), 'rest'),
};

const knownNames = [...blockHelpers, ...helperNames, ...Object.keys(ownHelpers)];
const knownHelpers = Object.fromEntries(knownNames.map(name => [name, true])) as KnownHelpers;

/** Every word a program names something by. */
function wordsIn(node: unknown, words = new Set<string>()): ReadonlySet<string> {
  if (typeof node !== 'object' || node === null) return words;
  if ('original' in node && typeof node.original === 'string') words.add(node.original);
  for (const child of Object.values(node)) wordsIn(child, words);
  return words;
}

/** With the helpers among `words` and no others: Handlebars wraps every helper it has anew for each render. */
function environment(kind: TemplateKind, words: ReadonlySet<string>): typeof Handlebars {
  const env = Handlebars.create();
  const { if: ifHelper, unless, each, with: withHelper } = env.helpers;
  for (const name of Object.keys(env.helpers)) env.unregisterHelper(name);
  if (!ifHelper || !unless || !each || !withHelper) throw new Error('Handlebars lacks a block helper');
  env.registerHelper({ if: ifHelper, unless, with: withHelper, each: bounded(each), ...ownHelpers });
  for (const name of helperNames) env.registerHelper(name, adapted(name, kind));
  // `unless` asks `if`.
  const isUsed = (name: string): boolean => words.has(name) || (name === 'if' && words.has('unless'));
  for (const name of Object.keys(env.helpers)) if (!isUsed(name)) env.unregisterHelper(name);
  return env;
}

/** Handlebars hands its options over after the values; our helpers take values only. */
function adapted(name: string, kind: TemplateKind): Handlebars.HelperDelegate {
  const helper = findHelper(name);
  if (!helper) throw new Error(`no helper ${name}`);
  const { run, isLocal = false } = helper;
  const finish = isLocal && kind === 'text' ? plainSpaces : (value: unknown): unknown => value;
  return (...args: unknown[]) => {
    const count = args.length - 1;
    for (let i = 0; i < count; i++) paidFor(args[i]);
    return finish(run(args[0], count > 1 ? args[1] : undefined, count > 2 ? args[2] : undefined));
  };
}

/** The value, its size taken off what this render may still read. */
function paidFor(value: unknown): unknown {
  left.work -= sizeOf(value);
  if (left.work < 0) throw new RenderError('The values of this contact are too long for this template');
  return value;
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return 1 + value.length;
  return Array.isArray(value) ? value.reduce((sum: number, item) => sum + sizeOf(item), 1) : 1;
}

/** One no-break space of a locale's date would turn a whole SMS from 160 characters a part to 70. */
function plainSpaces(value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/[\u00a0\u202f]/g, ' ') : value;
}

/** `each` with an end: it stops when this render has looped or written too much. */
function bounded(each: Handlebars.HelperDelegate): Handlebars.HelperDelegate {
  return function (this: unknown, list: unknown, options: Handlebars.HelperOptions): unknown {
    const fn = (item: unknown, frame?: Handlebars.RuntimeOptions): string => {
      if (--left.rounds < 0) throw new RenderError('The lists of this contact are too long');
      const text = options.fn(item, frame);
      left.output -= text.length;
      if (left.output < 0) throw new RenderError('The rendered text is too long');
      return text;
    };
    return each.call(this, list, { ...options, fn });
  };
}

/** Puts every value to be written through `show`, so that lists read as lists and records as nothing, and URLs are safe. */
function showValues(program: Program | undefined, urls: ReadonlyMap<Mustache, UrlHole>): void {
  for (const statement of program?.body ?? []) {
    if (statement.type === 'MustacheStatement') showValue(statement, urls.get(statement));
    if (statement.type !== 'BlockStatement') continue;
    showValues(statement.program, urls);
    showValues(statement.inverse, urls);
  }
}

function showValue(mustache: Mustache, hole: UrlHole | undefined): void {
  const { path, params, loc } = mustache;
  const isCall = params.length > 0;
  mustache.params = [isCall && path.type === 'PathExpression' ? { type: 'SubExpression', path, params, loc } : path];
  const own = hole === undefined ? shown : shownUrl[hole];
  mustache.path = { type: 'PathExpression', data: false, depth: 0, parts: [own], original: own, loc } satisfies Path;
}
