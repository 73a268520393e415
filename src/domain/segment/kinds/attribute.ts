/** "Attribute": one column of the contact compared with given values or with now. Which operators a field allows is in fields.ts. */
import { z } from 'zod';
import { identifier, sql } from '../../sql.js';
import type { Clause } from '../clause.js';
import { type Field, fieldNames, fields } from '../fields.js';
import { type Context, type Profile, zoneOf } from '../profile.js';
import { checkComparison, comparisonShape } from './comparison.js';
import { matchesComparison } from './comparison-matches.js';
import { compileComparison } from './comparison-sql.js';

const shape = comparisonShape(
  { kind: z.literal('attribute'), field: z.enum(fieldNames, 'Not an attribute that rules know') },
  z.union([z.string(), z.number()], 'Must be text or a number'),
  'attributes',
);

export type AttributeRule = z.infer<typeof shape>;

/** Whether the workspace turned a sensitive field on is checked where the rule is saved. */
export const attributeRule = shape
  .superRefine((rule, context) => {
    const { type, value }: Field = fields[rule.field];
    checkComparison(rule, rule.field, type, value, context);
  })
  .meta({ id: 'AttributeRule', examples: [{ kind: 'attribute', field: 'gender', operator: 'is', value: 'female' }] });

export function compileAttribute(rule: AttributeRule, context: Context): Clause {
  const { column, type }: Field = fields[rule.field];
  return { condition: compileComparison(sql`c.${identifier(column)}`, type, rule, context) };
}

export function matchesAttribute(rule: AttributeRule, profile: Profile, context: Context): boolean {
  const { type }: Field = fields[rule.field];
  return matchesComparison(profile.fields[rule.field] ?? null, type, rule, zoneOf(profile), context);
}
