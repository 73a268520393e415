/** The standard facts about a contact: what may be set on one, field by field. The columns behind them are in src/contacts/columns.ts. */
import { z } from 'zod';
import { money, place } from '../domain/attribute/types.js';
import { text } from '../domain/scalars.js';
import { day } from './common.js';
import { ianaZone, isoCountry, isoCurrency, languageTag } from './places.js';

const words = (max: number) => text(max).trim().min(1);
const wordList = z.array(words(100)).max(100);
const wholeNumber = (min: number, max: number) => z.number().int().min(min).max(max);

/** Nobody alive was born before; catches the 0001 and 1899 that spreadsheets make of empty cells. */
const firstBirthDate = '1900-01-02';

export const contactFields = {
  firstName: words(200).meta({ example: 'Aino' }),
  lastName: words(200).meta({ example: 'Virtanen' }),
  birthDate: day.refine(date => date >= firstBirthDate, `Must be ${firstBirthDate} or later`),
  gender: z.enum(['female', 'male', 'other']),
  locale: languageTag,
  timeZone: ianaZone,
  country: isoCountry,
  region: words(200),
  city: words(200).meta({ example: 'Tampere' }),
  district: words(200),
  postalCode: words(20),
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  climateZone: words(50),
  occupation: words(200),
  occupationCode: z.string().regex(/^\d{1,4}$/, 'Must be an ISCO-08 code of one to four digits'),
  jobTitle: words(200),
  company: words(200),
  incomeAmount: z.number().min(0).max(1e12),
  incomeCurrency: isoCurrency,
  incomeBand: words(50).meta({ example: '30-40k' }),
  educationLevel: wholeNumber(0, 8).meta({ description: 'ISCED 2011 level' }),
  maritalStatus: words(50),
  householdSize: wholeNumber(1, 100),
  childrenCount: wholeNumber(0, 100),
  nationality: isoCountry,
  religion: words(100),
  politicalAffiliation: words(100),
  interests: wordList,
  personalValues: wordList,
  opinions: wordList,
  habits: wordList,
  personas: wordList,
  lifestyle: words(200),
  personality: words(200),
  journeyStage: words(50),
  needs: wordList,
  goals: wordList,
  socialGroups: wordList,
} as const;

export type ContactField = keyof typeof contactFields;

/** A custom fact, in the form of its registered type; null removes it. */
export const attributeValue = z.union([text(2000), z.number(), z.boolean(), z.null(), z.array(text(500)).max(100), money, place]);
export const attributeKey = z
  .string()
  .regex(/^[a-z][a-zA-Z0-9_]{0,63}$/, 'Must begin with a lower-case letter and hold letters, digits and "_", at most 64');
export const attributes = z
  .record(attributeKey, attributeValue)
  .refine(value => Object.keys(value).length <= 200, 'Must be at most 200 attributes');
export type Attributes = z.infer<typeof attributes>;

type Optional = { [Field in ContactField]: z.ZodOptional<z.ZodNullable<(typeof contactFields)[Field]>> };
type Nullable = { [Field in ContactField]: z.ZodNullable<(typeof contactFields)[Field]> };

/** As sent: what is absent stays as it is, null clears. */
export const settableFields = mapFields(field => field.nullable().optional()) as Optional;
/** As shown: null is unknown. */
export const shownFields = mapFields(field => field.nullable()) as Nullable;

function mapFields(change: (field: z.ZodType) => z.ZodType): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(contactFields).map(([key, field]) => [key, change(field)]));
}
