/**
 * A rule in its simplest form with the same meaning: fewer parts to compile, and equal rules written differently become
 * one. Small steps, repeated bottom-up until none of them changes anything. Each relies on leaves being true or not
 * true (an unknown is not true), so the laws of two-valued logic hold.
 */
import type { Group, Rule } from './rule.js';

export const everyone: Group = { kind: 'all', rules: [] };
export const nobody: Group = { kind: 'any', rules: [] };

type Step = (group: Group) => Rule;

export const steps: Readonly<Record<string, Step>> = {
  flatten: group =>
    withRules(
      group,
      group.rules.flatMap(rule => (isAbsorbed(group, rule) ? rule.rules : [rule])),
    ),
  dedupe: group => withRules(group, [...new Map(group.rules.map(rule => [keyOf(rule), rule])).values()]),
  foldConstants: group => {
    const { absorbing, neutral, result } = constantsOf[group.kind];
    if (group.rules.some(rule => isConstant(rule, absorbing))) return result;
    return withRules(
      group,
      group.rules.filter(rule => !isConstant(rule, neutral)),
    );
  },
  unwrapSingle: group => (group.kind === 'none' ? group : (onlyOf(group) ?? group)),
  /** None of none: somebody is in one of them. */
  cancelDoubleNegation: group => {
    const inner = group.kind === 'none' ? onlyOf(group) : undefined;
    return inner?.kind === 'none' ? { kind: 'any', rules: inner.rules } : group;
  },
  /** None of nothing holds for everyone. */
  emptyNone: group => (group.kind === 'none' && group.rules.length === 0 ? everyone : group),
};

export function normalize(rule: Rule): Rule {
  if (!isGroup(rule)) return rule;
  const group: Group = { kind: rule.kind, rules: rule.rules.map(normalize) };
  for (const step of Object.values(steps)) {
    const next = step(group);
    if (next !== group) return normalize(next);
  }
  return group;
}

export function isGroup(rule: Rule): rule is Group {
  return rule.kind === 'all' || rule.kind === 'any' || rule.kind === 'none';
}

/** all(all(x), y) is all(x, y); any alike; none(any(x), y) is none(x, y). */
function isAbsorbed(outer: Group, inner: Rule): inner is Group {
  if (!isGroup(inner) || inner.rules.length === 0) return false;
  return outer.kind === 'none' ? inner.kind === 'any' : inner.kind === outer.kind;
}

/** Which constant decides a group by itself, which one changes nothing, and what the deciding one makes of the group. */
const constantsOf: Readonly<Record<Group['kind'], { absorbing: Group; neutral: Group; result: Group }>> = {
  all: { absorbing: nobody, neutral: everyone, result: nobody },
  any: { absorbing: everyone, neutral: nobody, result: everyone },
  none: { absorbing: everyone, neutral: nobody, result: nobody },
};

function isConstant(rule: Rule, constant: Group): boolean {
  return isGroup(rule) && rule.kind === constant.kind && rule.rules.length === 0;
}

/** The group itself when nothing was left out or put in, so that a step that did nothing is seen to have done nothing. */
function withRules(group: Group, rules: Rule[]): Group {
  const isSame = rules.length === group.rules.length && rules.every((rule, index) => rule === group.rules[index]);
  return isSame ? group : { kind: group.kind, rules };
}

function onlyOf(group: Group): Rule | undefined {
  return group.rules.length === 1 ? group.rules[0] : undefined;
}

/** Rules that say the same in another order of their properties have the same key. */
function keyOf(rule: Rule): string {
  return JSON.stringify(rule, (_, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
