/**
 * What may be asked of one value of a contact, whichever column or custom attribute it comes from: compared with given values,
 * or with now. Which operators a type allows is in fields.ts. Ends of `between` are included.
 */
import { z } from 'zod';
import { operatorsOf, type ValueType } from '../fields.js';
import { listOf, rangeOf } from '../values.js';
import { isRelative, relativeShapes, type RelativeTest } from './relative.js';

const ofOne = ['is', 'is-not', 'contains', 'not-contains', 'prefix', 'suffix', 'more', 'less', 'at-least', 'at-most'] as const;
const ofMany = ['in', 'not-in', 'contains-all'] as const;

/** `is-not`, `not-in`, `not-contains` and `unknown` hold for people of whom the value is not known. */
export type Comparison<Value> =
  | { operator: (typeof ofOne)[number]; value: Value }
  | { operator: (typeof ofMany)[number]; value: Value[] }
  | { operator: 'between'; value: [Value, Value] }
  | { operator: 'known' | 'unknown' }
  | RelativeTest;

/** A comparison with values, in the one form of a list. */
export type ValueTest<Value> = Exclude<Comparison<Value>, RelativeTest | { operator: 'known' | 'unknown' }>;

/** The shapes of a leaf that compares, around what the leaf has beside the comparison. */
export const comparisonShape = <Base extends z.ZodRawShape, Value extends z.ZodType>(base: Base, value: Value, what: string) =>
  z.discriminatedUnion(
    'operator',
    [
      z.strictObject({ ...base, operator: z.enum(ofOne), value }),
      z.strictObject({ ...base, operator: z.enum(ofMany), value: listOf(value) }),
      z.strictObject({ ...base, operator: z.literal('between'), value: rangeOf(value) }),
      z.strictObject({ ...base, operator: z.enum(['known', 'unknown']) }),
      ...relativeShapes(base),
    ],
    `Not an operator of ${what}`,
  );

export function isValueTest<Value>(test: Comparison<Value>): test is ValueTest<Value> {
  return 'value' in test && !isRelative(test);
}

/** Refuses an operator that the type does not allow, and the first wrong one of the values, each at its place. */
export function checkComparison(
  test: Comparison<unknown>,
  name: string,
  type: ValueType,
  schema: z.ZodType,
  context: z.RefinementCtx,
): void {
  const allowed = operatorsOf[type];
  if (!allowed.includes(test.operator)) {
    const message = `"${test.operator}" cannot be asked of ${name}; use ${allowed.join(', ')}`;
    context.addIssue({ code: 'custom', path: ['operator'], message });
  }
  if (!isValueTest(test)) return;
  const isList = Array.isArray(test.value);
  [test.value].flat().forEach((item, index) => {
    const issue = schema.safeParse(item).error?.issues[0];
    if (!issue) return;
    context.addIssue({ code: 'custom', path: ['value', ...(isList ? [index] : []), ...issue.path], message: issue.message });
  });
  if (test.operator === 'between' && isBackward(type, test.value)) {
    context.addIssue({ code: 'custom', path: ['value'], message: 'The first end must not be after the second' });
  }
}

function isBackward(type: ValueType, ends: [unknown, unknown]): boolean {
  const [from, to] = ends.map(end => (type === 'instant' ? Date.parse(String(end)) : end)) as [number, number];
  return from > to;
}
