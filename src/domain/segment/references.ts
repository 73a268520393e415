/** The lists and tags a rule names, with where it names them, so that a missing one can be pointed at. */
import { isGroup } from './normalize.js';
import type { Rule } from './rule.js';

export type Reference = { kind: 'list' | 'tag'; id: string; pointer: string };

/** `pointer` is where the rule itself stands in the request. */
export function referencesOf(rule: Rule, pointer = ''): Reference[] {
  if (isGroup(rule)) return rule.rules.flatMap((inner, index) => referencesOf(inner, `${pointer}/rules/${index}`));
  if (rule.kind === 'list') return [{ kind: 'list', id: rule.listId, pointer: `${pointer}/listId` }];
  if (rule.kind === 'tag') return [{ kind: 'tag', id: rule.tagId, pointer: `${pointer}/tagId` }];
  return [];
}
