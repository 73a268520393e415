/**
 * The saved rules behind "segment" leaves. They are compiled in place, so a change of one is seen at once. That each exists, that
 * they go in no circle and are not too large together is proved where rules are looked up; here it is only read.
 */
import type { SegmentRule } from './kinds/segment.js';
import type { Context } from './profile.js';
import type { Rule } from './rule.js';

/** Rules of the segments that the rule names, and of those that these name, by id. */
export type RuleContext = Context & { segments: ReadonlyMap<string, Rule> };

/** The rule that stands behind the leaf. */
export function definitionOf({ segmentId, in: isIn }: SegmentRule, { segments }: RuleContext): Rule {
  const rule = segments.get(segmentId);
  if (!rule) throw new Error(`the rule of segment ${segmentId} was not looked up`);
  return isIn ? rule : { kind: 'none', rules: [rule] };
}
