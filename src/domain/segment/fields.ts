/**
 * The catalogue: every attribute a rule may ask about, the column it lives in, its type, and what may be asked of that
 * type. Religion and political affiliation may be asked about only where the workspace turned them on with a legal basis.
 */
import type { z } from 'zod';
import { country, currency } from '../scalars.js';
import * as values from './values.js';

/** `choice`: codes of a closed or standard set, compared exactly; `text`: what people type, compared without regard to case. */
export type ScalarType = 'text' | 'choice' | 'number' | 'boolean' | 'day' | 'instant';
/** `texts` and `choices` are lists of the two. */
export type ValueType = ScalarType | 'texts' | 'choices';
type FieldType = Exclude<ValueType, 'boolean' | 'choices'>;

export type Operator =
  | 'is'
  | 'is-not'
  | 'in'
  | 'not-in'
  | 'contains'
  | 'not-contains'
  | 'contains-all'
  | 'prefix'
  | 'suffix'
  | 'more'
  | 'less'
  | 'at-least'
  | 'at-most'
  | 'between'
  | 'in-last'
  | 'in-next'
  | 'before'
  | 'on'
  | 'after'
  | 'today'
  | 'known'
  | 'unknown';

export type Field = {
  column: string;
  type: FieldType;
  value: z.ZodType<string | number>;
  /** Off until the workspace turned it on with a legal basis. */
  isSensitive?: true;
};

const text = (column: string): Field => ({ column, type: 'text', value: values.text });
const texts = (column: string): Field => ({ column, type: 'texts', value: values.text });
const number = (column: string): Field => ({ column, type: 'number', value: values.number });
const day = (column: string): Field => ({ column, type: 'day', value: values.day });
const instant = (column: string): Field => ({ column, type: 'instant', value: values.instant });
const choice = (column: string, value: z.ZodType<string>): Field => ({ column, type: 'choice', value });

export const fields = {
  firstName: text('first_name'),
  lastName: text('last_name'),
  birthDate: day('birth_date'),
  gender: choice('gender', values.gender),
  locale: text('locale'),
  timeZone: text('time_zone'),
  country: choice('country', country),
  region: text('region'),
  city: text('city'),
  district: text('district'),
  postalCode: text('postal_code'),
  latitude: number('latitude'),
  longitude: number('longitude'),
  climateZone: text('climate_zone'),
  occupation: text('occupation'),
  occupationCode: text('occupation_code'),
  jobTitle: text('job_title'),
  company: text('company'),
  incomeAmount: number('income_amount'),
  incomeCurrency: choice('income_currency', currency),
  incomeBand: text('income_band'),
  educationLevel: number('education_level'),
  maritalStatus: text('marital_status'),
  householdSize: number('household_size'),
  childrenCount: number('children_count'),
  nationality: choice('nationality', country),
  interests: texts('interests'),
  personalValues: texts('personal_values'),
  opinions: texts('opinions'),
  habits: texts('habits'),
  personas: texts('personas'),
  lifestyle: text('lifestyle'),
  personality: text('personality'),
  journeyStage: text('journey_stage'),
  needs: texts('needs'),
  goals: texts('goals'),
  socialGroups: texts('social_groups'),
  religion: { ...text('religion'), isSensitive: true },
  politicalAffiliation: { ...text('political_affiliation'), isSensitive: true },
  createdAt: instant('created_at'),
  updatedAt: instant('updated_at'),
} as const satisfies Record<string, Field>;

export type FieldName = keyof typeof fields;

export const fieldNames = Object.keys(fields) as [FieldName, ...FieldName[]];

const ordered = ['more', 'less', 'at-least', 'at-most', 'between'] as const;
const relative = ['in-last', 'in-next', 'before', 'on', 'after', 'today'] as const;
const lists = ['contains', 'in', 'contains-all', 'not-in'] as const;

export const operatorsOf: Readonly<Record<ValueType, readonly Operator[]>> = {
  text: ['is', 'is-not', 'in', 'not-in', 'contains', 'not-contains', 'prefix', 'suffix', 'known', 'unknown'],
  choice: ['is', 'is-not', 'in', 'not-in', 'known', 'unknown'],
  number: ['is', 'is-not', 'in', 'not-in', ...ordered, 'known', 'unknown'],
  boolean: ['is', 'is-not', 'known', 'unknown'],
  day: ['is', 'is-not', 'in', 'not-in', ...ordered, ...relative, 'known', 'unknown'],
  instant: [...ordered, ...relative, 'known', 'unknown'],
  texts: [...lists, 'known', 'unknown'],
  choices: [...lists, 'known', 'unknown'],
};
