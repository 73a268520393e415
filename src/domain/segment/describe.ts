/**
 * A rule in words, for the people who will send to it. The grammar is here, the words of a language are a `Phrases`
 * table beside it. It says aloud that "is not" and "none of" include people of whom it is unknown.
 */
import { english } from './english.js';
import { isGroup } from './normalize.js';
import type { Names, Phrases } from './phrases.js';
import type { Rule } from './rule.js';

export function describe(rule: Rule, names: Names, phrases: Phrases = english): string {
  if (isGroup(rule) && rule.rules.length === 0) return rule.kind === 'any' ? phrases.nobody : phrases.everyone;
  return phrases.contacts(partOf(rule, names, phrases, false));
}

function partOf(rule: Rule, names: Names, phrases: Phrases, isInner: boolean): string {
  if (!isGroup(rule)) return phrases.leaf(rule, names);
  const parts = rule.rules.map(inner => partOf(inner, names, phrases, rule.rules.length > 1 || rule.kind === 'none'));
  const text = phrases[rule.kind](parts);
  return isInner && parts.length > 1 && rule.kind !== 'none' ? `(${text})` : text;
}
