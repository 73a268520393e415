/** What a rule names that may not be there, with where it names it, so that a missing one can be pointed at. */
import { type Field, fields } from './fields.js';
import { isValueTest } from './kinds/comparison.js';
import type { CustomAttributeRule } from './kinds/custom-attribute.js';
import { isGroup } from './normalize.js';
import type { Rule } from './rule.js';

export type Reference =
  | { kind: 'list' | 'tag' | 'segment'; id: string; pointer: string }
  | { kind: 'attribute'; id: string; type: string; pointer: string }
  /** A value of an enumeration; `id` is the attribute's. */
  | { kind: 'option'; id: string; value: string; pointer: string }
  /** A standard attribute that is off until the workspace turns it on. */
  | { kind: 'sensitive'; id: string; pointer: string };

/** `pointer` is where the rule itself stands in the request. */
export function referencesOf(rule: Rule, pointer = ''): Reference[] {
  if (isGroup(rule)) return rule.rules.flatMap((inner, index) => referencesOf(inner, `${pointer}/rules/${index}`));
  switch (rule.kind) {
    case 'list':
      return [{ kind: 'list', id: rule.listId, pointer: `${pointer}/listId` }];
    case 'tag':
      return [{ kind: 'tag', id: rule.tagId, pointer: `${pointer}/tagId` }];
    case 'segment':
      return [{ kind: 'segment', id: rule.segmentId, pointer: `${pointer}/segmentId` }];
    case 'custom-attribute':
      return [
        { kind: 'attribute', id: rule.attributeId, type: rule.type, pointer: `${pointer}/attributeId` },
        ...optionsOf(rule, pointer),
      ];
    case 'anniversary':
      if ('field' in rule.of) return [];
      return [{ kind: 'attribute', id: rule.of.attributeId, type: 'date', pointer: `${pointer}/of/attributeId` }];
    case 'attribute': {
      const { isSensitive }: Field = fields[rule.field];
      return isSensitive ? [{ kind: 'sensitive', id: rule.field, pointer: `${pointer}/field` }] : [];
    }
    default:
      return [];
  }
}

function optionsOf(rule: CustomAttributeRule, pointer: string): Reference[] {
  if ((rule.type !== 'choice' && rule.type !== 'choices') || !isValueTest(rule)) return [];
  const option = (value: unknown, at: string): Reference => ({
    kind: 'option',
    id: rule.attributeId,
    value: String(value),
    pointer: at,
  });
  if (!Array.isArray(rule.value)) return [option(rule.value, `${pointer}/value`)];
  return rule.value.map((value, index) => option(value, `${pointer}/value/${index}`));
}

export function idsOf(kind: Reference['kind'], rules: readonly Rule[]): string[] {
  const found = rules.flatMap(rule => referencesOf(rule)).filter(reference => reference.kind === kind);
  return [...new Set(found.map(reference => reference.id))];
}
