/** "Attribute": one column of the contact compared with given values. Which operators a field allows is in fields.ts. */
import { z } from 'zod';
import { fieldNames, fields, operatorsOf } from '../fields.js';
import { listOf, rangeOf } from '../values.js';

const base = {
  kind: z.literal('attribute'),
  field: z.enum(fieldNames, 'Not an attribute that rules know'),
};
const value = z.union([z.string(), z.number()], 'Must be text or a number');

const one = z.strictObject({
  ...base,
  operator: z.enum(['is', 'is-not', 'contains', 'prefix', 'more', 'less', 'at-least', 'at-most']),
  value,
});
const many = z.strictObject({ ...base, operator: z.enum(['in', 'not-in']), value: listOf(value) });
const between = z.strictObject({ ...base, operator: z.literal('between'), value: rangeOf(value) });
const known = z.strictObject({ ...base, operator: z.enum(['known', 'unknown']) });

const shape = z.discriminatedUnion('operator', [one, many, between, known], 'Not an operator of attributes');

export type AttributeRule = z.infer<typeof shape>;

/** Ends of `between` are included. `is-not`, `not-in` and `unknown` hold for people without the attribute. */
export const attributeRule = shape
  .superRefine(checkOperator)
  .superRefine(checkValues)
  .meta({ id: 'AttributeRule', examples: [{ kind: 'attribute', field: 'gender', operator: 'is', value: 'female' }] });

function checkOperator(rule: AttributeRule, context: z.RefinementCtx): void {
  const allowed = operatorsOf[fields[rule.field].type];
  if (allowed.includes(rule.operator)) return;
  const message = `"${rule.operator}" cannot be asked of ${rule.field}; use ${allowed.join(', ')}`;
  context.addIssue({ code: 'custom', path: ['operator'], message });
}

function checkValues(rule: AttributeRule, context: z.RefinementCtx): void {
  if (!('value' in rule)) return;
  const schema: z.ZodType<string | number> = fields[rule.field].value;
  const isList = Array.isArray(rule.value);
  const given: (string | number)[] = [rule.value].flat();
  given.forEach((item, index) => {
    const message = schema.safeParse(item).error?.issues[0]?.message;
    if (message) context.addIssue({ code: 'custom', path: ['value', ...(isList ? [index] : [])], message });
  });
  if (rule.operator === 'between' && isBackward(rule)) {
    context.addIssue({ code: 'custom', path: ['value'], message: 'The first end must not be after the second' });
  }
}

function isBackward({ field, value: [from, to] }: z.infer<typeof between>): boolean {
  return fields[field].type === 'instant' ? Date.parse(String(from)) > Date.parse(String(to)) : from > to;
}
