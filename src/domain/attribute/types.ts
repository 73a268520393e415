/**
 * The types of custom attributes and the one form in which a value of each is stored and shown. What passes a schema here can
 * be cast by PostgreSQL without fail; instants are in UTC, choices by their immutable value.
 */
import { z } from 'zod';
import { country, currency, text } from '../scalars.js';
import { day, instant, number, toUtc } from '../segment/values.js';

export const attributeTypes = [
  'text',
  'number',
  'boolean',
  'date',
  'time',
  'money',
  'place',
  'texts',
  'choice',
  'choices',
] as const;
export type AttributeType = (typeof attributeTypes)[number];

export const sensitivities = ['normal', 'personal', 'sensitive'] as const;
export type Sensitivity = (typeof sensitivities)[number];

/** `value` is what contacts store and rules compare, and never changes; `label` is what people read. */
export type ChoiceOption = { value: string; label: string };

/** What is needed to read, compare and show values; the rest of the registry is words for people. */
export type Attribute = {
  /** bigint as text: the key of the value in `contact.attributes`. Never changes. */
  id: string;
  /** What callers, files and templates call it. May change. */
  key: string;
  label: string;
  type: AttributeType;
  /** Empty for all types but `choice` and `choices`. */
  options: readonly ChoiceOption[];
  sensitivity: Sensitivity;
  isArchived: boolean;
  /** False: it may neither be set nor asked about (archived, or sensitive without a stated legal basis). */
  isOn: boolean;
};

export const money = z
  .strictObject({ amount: number.min(-1e15).max(1e15), currency })
  .meta({ id: 'MoneyValue', examples: [{ amount: 12.5, currency: 'EUR' }] });

export const place = z
  .strictObject({
    country: country.optional(),
    region: text(200).trim().min(1).optional(),
    city: text(200).trim().min(1).optional(),
    postalCode: text(20).trim().min(1).optional(),
    latitude: z.number().min(-90).max(90).optional(),
    longitude: z.number().min(-180).max(180).optional(),
  })
  .refine(parts => Object.keys(parts).length > 0, 'Must name at least one part of the place')
  .refine(parts => (parts.latitude === undefined) === (parts.longitude === undefined), 'Must have both latitude and longitude')
  .meta({ id: 'PlaceValue', examples: [{ country: 'FI', city: 'Tampere', postalCode: '33100' }] });

const plainText = text(2000);
const textList = z.array(text(500)).max(100);

/** The stored form from what a caller sent. Text also takes numbers and booleans, because sources are not strict about it. */
export function valueSchema({ type, options }: Pick<Attribute, 'type' | 'options'>): z.ZodType {
  switch (type) {
    case 'text':
      return z.preprocess(asText, plainText);
    case 'number':
      return number;
    case 'boolean':
      return z.boolean('Must be true or false');
    case 'date':
      return day;
    case 'time':
      return instant.transform(toUtc);
    case 'money':
      return money;
    case 'place':
      return place;
    case 'texts':
      return textList;
    case 'choice':
      return choiceOf(options);
    case 'choices':
      return z
        .array(choiceOf(options))
        .max(100)
        .transform(values => [...new Set(values)]);
  }
}

/** The type that a value nobody registered speaks for; null for what must be registered first. */
export function typeOfValue(value: unknown): AttributeType | null {
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  return Array.isArray(value) ? 'texts' : null;
}

function asText(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}

/** By value or by label, without regard to case. */
function choiceOf(options: readonly ChoiceOption[]): z.ZodType<string> {
  const byName = new Map<string, string>();
  for (const { value, label } of options) byName.set(fold(label), value);
  for (const { value } of options) byName.set(fold(value), value);
  const shown = options
    .slice(0, 20)
    .map(option => option.value)
    .join(', ');
  return z.string().transform((sent, context) => {
    const value = byName.get(fold(sent));
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: `Must be one of ${shown}${options.length > 20 ? ' …' : ''}` });
    return z.NEVER;
  });
}

const fold = (name: string): string => name.trim().toLocaleLowerCase('en');
