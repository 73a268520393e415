/**
 * A rule that can travel between workspaces: the same tree with names where ids stand (lists, tags and segments by name, custom
 * attributes by key). Going back, each name that is not known there is told with its place.
 */
import { isGroup } from './normalize.js';
import type { Rule } from './rule.js';

export type NamedKind = 'list' | 'tag' | 'attribute' | 'segment';
export type PortableRule = Record<string, unknown>;
/** What a portable rule names, and where. `name` is what stands there, of whatever type. */
export type NamedReference = { kind: NamedKind; name: unknown; pointer: string };

/** Kinds of leaves that name something, and what. */
const kindsNamed: Readonly<Record<string, NamedKind>> = {
  list: 'list',
  tag: 'tag',
  segment: 'segment',
  'custom-attribute': 'attribute',
};

export function toPortable(rule: Rule, nameOf: (kind: NamedKind, id: string) => string): PortableRule {
  if (isGroup(rule)) return { ...rule, rules: rule.rules.map(inner => toPortable(inner, nameOf)) };
  if (rule.kind === 'anniversary' && 'attributeId' in rule.of)
    return { ...rule, of: { attribute: nameOf('attribute', rule.of.attributeId) } };
  const kind = kindsNamed[rule.kind];
  if (!kind) return { ...rule };
  return renamed(rule, `${kind}Id`, kind, id => nameOf(kind, String(id)));
}

/** Names as they stand in the tree, however deep; its size was checked before. */
export function namesIn(rule: unknown, pointer: string): NamedReference[] {
  if (!isObject(rule)) return [];
  if (Array.isArray(rule['rules'])) return rule['rules'].flatMap((inner, index) => namesIn(inner, `${pointer}/rules/${index}`));
  if (rule['kind'] === 'anniversary' && isObject(rule['of']) && 'attribute' in rule['of'])
    return [{ kind: 'attribute', name: rule['of']['attribute'], pointer: `${pointer}/of/attribute` }];
  const kind = kindsNamed[String(rule['kind'])];
  return kind && kind in rule ? [{ kind, name: rule[kind], pointer: `${pointer}/${kind}` }] : [];
}

/** The tree with ids; it still has to be parsed as a rule. Every name is known: `namesIn` told them. */
export function fromPortable(rule: unknown, idOf: (kind: NamedKind, name: string) => string): unknown {
  if (!isObject(rule)) return rule;
  if (Array.isArray(rule['rules'])) return { ...rule, rules: rule['rules'].map(inner => fromPortable(inner, idOf)) };
  if (rule['kind'] === 'anniversary' && isObject(rule['of']) && 'attribute' in rule['of'])
    return { ...rule, of: renamed(rule['of'], 'attribute', 'attributeId', name => idOf('attribute', String(name))) };
  const kind = kindsNamed[String(rule['kind'])];
  return kind && kind in rule ? renamed(rule, kind, `${kind}Id`, name => idOf(kind, String(name))) : rule;
}

/** Where a problem of the rule with ids stands in the portable one. */
export function portablePointer(pointer: string): string {
  return pointer.replace(/\/(list|tag|segment|attribute)Id$/, '/$1');
}

/** The keys keep their order, so that an exported rule reads like a saved one. */
function renamed(object: object, from: string, to: string, change: (value: unknown) => unknown): PortableRule {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => (key === from ? [to, change(value)] : [key, value as unknown])),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
