/**
 * What an email's HTML may not hold: scripts, event handlers, script URLs, embedded documents, and merge fields in places where
 * escaping does not protect (outside quotes inside a tag). Mail programs strip most of it; our own previews must not depend on that.
 */
import type { TemplateError } from '../domain/template/parse.js';
import { placeOf, splitExpressions } from './expressions.js';
import { type HtmlAttribute, type HtmlTag, readTags } from './html-tags.js';

const refusedElements = new Set([
  ...['script', 'iframe', 'frame', 'frameset', 'object', 'embed', 'applet', 'base'],
  // No mail program shows them, and a browser reads what is inside by other rules than we do: a script could hide there.
  ...['svg', 'math', 'noscript', 'template', 'plaintext'],
]);
/** More problems than these help nobody, and the place of each costs a walk through the source. */
const maxProblems = 20;

/** Stand-ins of the same length as the expression, so that every offset stays true. */
const valueMark = '\uE001';
const blockMark = '\uE002';

const nameProblem = 'The name of a tag cannot come from an expression';

export function findUnsafeHtml(source: string): TemplateError[] {
  const html = splitExpressions(source)
    .map(piece => (piece.isExpression ? standIn(piece.text) : piece.text))
    .join('');
  const inTags = [...readTags(html)].flatMap(tag => problemsOf(tag).map(message => ({ message, at: tag.at })));
  const madeTags = [...html.matchAll(/<\/?[\uE001\uE002]/g)].map(match => ({ message: nameProblem, at: match.index }));
  return [...inTags, ...madeTags].slice(0, maxProblems).map(({ message, at }) => ({ message, ...placeOf(source, at) }));
}

function standIn(expression: string): string {
  const isBlock = /^\{\{~?\s*(?:[#/^!]|else\b)/.test(expression);
  return (isBlock ? blockMark : valueMark).repeat(expression.length);
}

function problemsOf(tag: HtmlTag): string[] {
  const problems = tag.attributes.flatMap(attribute => problemOf(tag, attribute) ?? []);
  if (refusedElements.has(tag.name) && !tag.isEnd) problems.push(`<${tag.name}> is not allowed in an email`);
  if (/[\uE001\uE002]/.test(tag.name)) problems.push(nameProblem);
  return problems;
}

function problemOf(tag: HtmlTag, { name: rawName, value, isQuoted }: HtmlAttribute): string | null {
  const name = rawName.replaceAll(blockMark, '');
  if (name.includes(valueMark)) return 'A merge field inside a tag must stand between quotes, as the value of an attribute';
  if (!isQuoted && value.includes(valueMark))
    return `Put quotes around the value of ${name}: a merge field is not safe without them`;
  if (/^on[a-z]/.test(name)) return `The event handler ${name} is not allowed in an email`;
  if (name === 'srcdoc') return 'srcdoc is not allowed in an email';
  if (name === 'style' ? /expression\s*\(|javascript:/i.test(plainUrl(value)) : isScriptUrl(value))
    return `${name} may not hold a script`;
  if (tag.name === 'meta' && name === 'http-equiv' && /^\s*refresh/i.test(value)) return 'A refresh is not allowed in an email';
  return null;
}

function isScriptUrl(value: string): boolean {
  return /^(?:(?:javascript|vbscript):|data:(?:text\/html|image\/svg))/i.test(plainUrl(value));
}

const namedEntities: Readonly<Record<string, string>> = { tab: '\t', newline: '\n', colon: ':', amp: '&', nbsp: '\u00a0' };

/** The value as a browser reads a URL: entities decoded, white space and control characters gone. */
function plainUrl(value: string): string {
  return value
    .replace(/&#x([0-9a-f]{1,6});?/gi, (_entity, hex: string) => fromCode(Number.parseInt(hex, 16)))
    .replace(/&#(\d{1,7});?/g, (_entity, digits: string) => fromCode(Number(digits)))
    .replace(/&([a-z]+);/gi, (entity, name: string) => namedEntities[name.toLowerCase()] ?? entity)
    .replace(/[\p{Cc}\s\uE002]/gu, '');
}

function fromCode(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}
