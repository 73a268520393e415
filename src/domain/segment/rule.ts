/**
 * A segment's rule: a tree of groups (all, any, none) over leaves that each ask one thing of a contact. The document
 * that is stored and sent carries a version. To add a kind: a file in kinds/, a line in `leaf` here, and the compiler
 * names the switches (compile, matches, describe) that want a case.
 */
import { z } from 'zod';
import { type AgeRule, ageRule } from './kinds/age.js';
import { type AnniversaryRule, anniversaryRule } from './kinds/anniversary.js';
import { type AttributeRule, attributeRule } from './kinds/attribute.js';
import { type ConsentRule, consentRule } from './kinds/consent.js';
import { type CustomAttributeRule, customAttributeRule } from './kinds/custom-attribute.js';
import { type EventRule, eventRule } from './kinds/event.js';
import { type LastEventRule, lastEventRule } from './kinds/last-event.js';
import { type LastOrderRule, lastOrderRule } from './kinds/last-order.js';
import { type ListRule, listRule, type TagRule, tagRule } from './kinds/membership.js';
import { type PhoneRule, phoneRule } from './kinds/phone.js';
import { type PlaceRule, placeRule } from './kinds/place.js';
import { type ReachableRule, reachableRule } from './kinds/reachable.js';
import { type SegmentRule, segmentRule } from './kinds/segment.js';
import { checkSize } from './size.js';

/** Every kind of leaf, as editors list them. */
export const leaves = [
  attributeRule,
  customAttributeRule,
  ageRule,
  anniversaryRule,
  placeRule,
  phoneRule,
  listRule,
  tagRule,
  eventRule,
  lastEventRule,
  lastOrderRule,
  reachableRule,
  consentRule,
  segmentRule,
] as const;

export type Leaf =
  | AttributeRule
  | CustomAttributeRule
  | AgeRule
  | AnniversaryRule
  | PlaceRule
  | PhoneRule
  | ListRule
  | TagRule
  | EventRule
  | LastEventRule
  | LastOrderRule
  | ReachableRule
  | ConsentRule
  | SegmentRule;

/** `all` of nothing is everyone, `any` of nothing is nobody. `none` includes those of whom it is unknown. */
export type Group = { kind: 'all' | 'any' | 'none'; rules: Rule[] };
export type Rule = Group | Leaf;

const group = z
  .strictObject({ kind: z.enum(['all', 'any', 'none']), rules: z.array(z.lazy(() => node)) })
  .meta({ id: 'RuleGroup' });

const node: z.ZodType<Rule> = z
  .discriminatedUnion('kind', [group, ...leaves], { error: issue => unknownKind(issue.input) })
  .meta({ id: 'Rule' });

/** The size is checked first: what parses recursively must not be deep. */
export const rule = z.preprocess(checkSize, node);

export const segmentDocument = z.strictObject({ version: z.literal(1), rule }).meta({
  id: 'SegmentRule',
  example: {
    version: 1,
    rule: {
      kind: 'all',
      rules: [
        { kind: 'place', city: ['Baku'] },
        { kind: 'age', operator: 'between', value: [25, 35] },
      ],
    },
  },
});

export type SegmentDocument = z.infer<typeof segmentDocument>;

function unknownKind(input: unknown): string {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return 'Must be a rule: an object with a "kind"';
  const kinds = ['all', 'any', 'none', ...leaves.flatMap(kindOf)];
  return `Not a kind of rule; use ${kinds.join(', ')}`;
}

function kindOf(leaf: z.ZodType): string[] {
  return [...(leaf._zod.propValues?.kind ?? [])].map(String);
}
