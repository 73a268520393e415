/**
 * "Custom attribute": a value of the workspace's own registry, by its immutable id. The type stands in the rule, so that it reads
 * and compiles by itself; that the registry says the same is checked where the rule is saved. Stored values are typed: no cast fails.
 */
import { z } from 'zod';
import type { AttributeType } from '../../attribute/types.js';
import { currency, id } from '../../scalars.js';
import { type Sql, sql } from '../../sql.js';
import type { Clause } from '../clause.js';
import { operatorsOf, type ValueType } from '../fields.js';
import { type Context, type FieldValue, type Profile, zoneOf } from '../profile.js';
import * as values from '../values.js';
import { checkComparison, comparisonShape } from './comparison.js';
import { matchesComparison } from './comparison-matches.js';
import { compileComparison } from './comparison-sql.js';
import { isAt, matchesParts, placeParts } from './place.js';

/** How the registry's types are compared, and what their values look like in a rule. */
export const plainTypes = {
  text: { as: 'text', value: values.text },
  number: { as: 'number', value: values.number },
  boolean: { as: 'boolean', value: z.boolean('Must be true or false') },
  date: { as: 'day', value: values.day },
  time: { as: 'instant', value: values.instant },
  texts: { as: 'texts', value: values.text },
  choice: { as: 'choice', value: values.text },
  choices: { as: 'choices', value: values.text },
} as const satisfies Partial<Record<AttributeType, { as: ValueType; value: z.ZodType }>>;

type PlainType = keyof typeof plainTypes;
const plainTypeNames = Object.keys(plainTypes) as [PlainType, ...PlainType[]];

const base = { kind: z.literal('custom-attribute'), attributeId: id };

const plain = comparisonShape(
  { ...base, type: z.enum(plainTypeNames) },
  z.union([z.string(), z.number(), z.boolean()], 'Must be text, a number, true or false'),
  'attributes',
).superRefine((rule, context) => {
  const { as, value } = plainTypes[rule.type];
  checkComparison(rule, `an attribute of type ${rule.type}`, as, value, context);
});

const moneyOperators = ['is', 'more', 'less', 'at-least', 'at-most'] as const;
const placeOperators = ['is', 'is-not'] as const;
const known = ['known', 'unknown'] as const;

/** What may be asked of an attribute of a type of the registry. */
export const operatorsOfCustom: Readonly<Record<AttributeType, readonly string[]>> = {
  ...(Object.fromEntries(plainTypeNames.map(type => [type, operatorsOf[plainTypes[type].as]])) as Record<
    PlainType,
    readonly string[]
  >),
  money: [...moneyOperators, 'between', ...known],
  place: [...placeOperators, ...known],
};

const ofMoney = { ...base, type: z.literal('money') };
const money = z.strictObject({ amount: values.number, currency });
const moneyShape = z.discriminatedUnion(
  'operator',
  [
    z.strictObject({ ...ofMoney, operator: z.enum(moneyOperators), value: money }),
    z.strictObject({
      ...ofMoney,
      operator: z.literal('between'),
      value: values
        .rangeOf(money)
        .refine(([from, to]) => from.currency === to.currency, 'Both ends must be of one currency')
        .refine(([from, to]) => from.amount <= to.amount, 'The first end must not be after the second'),
    }),
    z.strictObject({ ...ofMoney, operator: z.enum(known) }),
  ],
  `Not an operator of money; use ${operatorsOfCustom.money.join(', ')}`,
);

const ofPlace = { ...base, type: z.literal('place') };
const placeShape = z.discriminatedUnion(
  'operator',
  [
    z.strictObject({
      ...ofPlace,
      operator: z.enum(placeOperators),
      value: z
        .strictObject(placeParts)
        .refine(parts => Object.keys(parts).length > 0, 'Name a country, region, city or postalPrefix'),
    }),
    z.strictObject({ ...ofPlace, operator: z.enum(known) }),
  ],
  `Not an operator of a place; use ${operatorsOfCustom.place.join(', ')}`,
);

/** Money is compared within one currency: other currencies are neither more nor less. */
export const customAttributeRule = z
  .discriminatedUnion('type', [plain, moneyShape, placeShape], 'Not a type of attributes')
  .meta({
    id: 'CustomAttributeRule',
    examples: [{ kind: 'custom-attribute', attributeId: '12', type: 'number', operator: 'at-least', value: 5 }],
  });

export type CustomAttributeRule = z.infer<typeof customAttributeRule>;
export type MoneyRule = z.infer<typeof moneyShape>;
export type CustomPlaceRule = z.infer<typeof placeShape>;
export type PlainCustomRule = z.infer<typeof plain>;

export function compileCustomAttribute(rule: CustomAttributeRule, context: Context): Clause {
  const value = sql`c.attributes -> ${rule.attributeId}::text`;
  if (!isPlain(rule) && !('value' in rule))
    return { condition: sql`(${value}) is ${rule.operator === 'known' ? sql`not null` : sql`null`}` };
  if (isPlain(rule)) {
    const { as } = plainTypes[rule.type];
    return { condition: compileComparison(typed(rule.attributeId, as), as, rule, context) };
  }
  return { condition: rule.type === 'money' ? compileMoney(value, rule, context) : compileCustomPlace(value, rule) };
}

function typed(attributeId: string, type: ValueType): Sql {
  const text = sql`c.attributes ->> ${attributeId}::text`;
  switch (type) {
    case 'text':
    case 'choice':
      return sql`(${text})`;
    case 'number':
      return sql`(${text})::numeric`;
    case 'boolean':
      return sql`(${text})::boolean`;
    case 'day':
      return sql`(${text})::date`;
    case 'instant':
      return sql`(${text})::timestamptz`;
    case 'texts':
    case 'choices':
      return sql`array(select jsonb_array_elements_text(c.attributes -> ${attributeId}::text))`;
  }
}

type WithValue<Ruled> = Extract<Ruled, { value: unknown }>;

function compileMoney(value: Sql, rule: WithValue<MoneyRule>, context: Context): Sql {
  const { test, currency } = amountsOf(rule);
  const amount = compileComparison(sql`(${value} ->> 'amount')::numeric`, 'number', test, context);
  return sql`(${value} ->> 'currency' = ${currency} and ${amount})`;
}

function compileCustomPlace(value: Sql, { operator, value: parts }: WithValue<CustomPlaceRule>): Sql {
  const condition = isAt(parts, name => sql`(${value} ->> ${name}::text)`);
  return operator === 'is' ? condition : sql`${condition} is not true`;
}

export function matchesCustomAttribute(rule: CustomAttributeRule, profile: Profile, context: Context): boolean {
  const value = profile.attributes[rule.attributeId] ?? null;
  if (isPlain(rule)) {
    const { as } = plainTypes[rule.type];
    const plainValue = value !== null && as === 'instant' ? new Date(String(value)) : (value as FieldValue);
    return matchesComparison(plainValue, as, rule, zoneOf(profile), context);
  }
  if (!('value' in rule)) return (value !== null) === (rule.operator === 'known');
  if (rule.type === 'place') return (value !== null && matchesParts(rule.value, value)) === (rule.operator === 'is');
  const { amount, currency: held } = (value ?? {}) as { amount?: number; currency?: string };
  const { test, currency } = amountsOf(rule);
  return amount !== undefined && held === currency && matchesComparison(amount, 'number', test, null, context);
}

export function isPlain(rule: CustomAttributeRule): rule is PlainCustomRule {
  return rule.type !== 'money' && rule.type !== 'place';
}

function amountsOf(rule: WithValue<MoneyRule>) {
  if (rule.operator !== 'between')
    return { test: { operator: rule.operator, value: rule.value.amount }, currency: rule.value.currency };
  const [from, to] = rule.value;
  const value: [number, number] = [from.amount, to.amount];
  return { test: { operator: rule.operator, value }, currency: from.currency };
}
