/**
 * Merge values that begin an address in HTML: escaping does not keep `javascript:` out of `href="{{attributes.link}}"`. Found
 * once, when a template is compiled; such a value may only be a link that a mail program would follow.
 */
import type { Mustache, Program } from './syntax.js';

/** `start`: the value is the beginning of the URL; `rest`: something stands before it that has not ended the scheme. */
export type UrlHole = 'start' | 'rest';

const openUrl =
  /[\s"'/](?:href|src|action|formaction|background|poster|cite|longdesc|xlink:href|data|ping)\s*=\s*(?:"([^"]*)|'([^']*))$/i;

/** As much of the text before a value as its attribute can be told by. */
const tailLength = 2_000;
/** Stands for a value in that text: neither a quote nor the end of a scheme. */
const value = '\uE001';

export function findUrlHoles(program: Program): ReadonlyMap<Mustache, UrlHole> {
  const holes = new Map<Mustache, UrlHole>();
  walk(program, '', holes);
  return holes;
}

/** Returns the text before whatever follows the program. */
function walk(program: Program | undefined, before: string, holes: Map<Mustache, UrlHole>): string {
  let tail = before;
  for (const statement of program?.body ?? []) {
    if (statement.type === 'ContentStatement') tail = (tail + statement.value).slice(-tailLength);
    if (statement.type === 'MustacheStatement') {
      const prefix = openScheme(tail);
      if (prefix !== null) holes.set(statement, prefix === '' ? 'start' : 'rest');
      tail += value;
    }
    if (statement.type !== 'BlockStatement') continue;
    const isOpen = openScheme(tail) !== null;
    const afterMain = walk(statement.program, tail, holes);
    const afterElse = walk(statement.inverse, isOpen ? tail : afterMain, holes);
    // What a block writes it may also not write: the scheme stays open after it.
    tail = isOpen && openUrl.test(afterElse) ? tail + value : afterElse;
  }
  return tail;
}

/** What an address holds so far that has no scheme yet; null elsewhere. */
function openScheme(tail: string): string | null {
  const match = openUrl.exec(tail);
  const prefix = match ? (match[1] ?? match[2] ?? '').trim() : null;
  return prefix === null || /[:/?#]/.test(prefix) ? null : prefix;
}

const followed = /^(?:https?|mailto|tel|sms)$/i;

/** The value, or nothing when it would name a scheme that no mail should. Browsers overlook white space and controls in one. */
export function safeUrl(text: string, hole: UrlHole): string {
  const scheme = /^([^/?#]*?):/.exec(text.replace(/[\p{Cc}\s]/gu, ''))?.[1];
  return scheme === undefined || (hole === 'start' && followed.test(scheme)) ? text : '';
}
