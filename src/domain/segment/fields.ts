/**
 * The catalogue: every attribute a rule may ask about, the column it lives in, its type, and what may be asked of that
 * type. Religion and political affiliation are left out: they stay off until a workspace can turn them on with a legal basis.
 */
import type { z } from 'zod';
import { country, currency } from '../scalars.js';
import * as values from './values.js';

/** `choice`: codes of a closed or standard set, compared exactly; `text`: what people type, compared without regard to case. */
export type FieldType = 'text' | 'choice' | 'number' | 'day' | 'instant' | 'texts';

export type Operator =
  | 'is'
  | 'is-not'
  | 'in'
  | 'not-in'
  | 'contains'
  | 'prefix'
  | 'more'
  | 'less'
  | 'at-least'
  | 'at-most'
  | 'between'
  | 'known'
  | 'unknown';

export type Field = { column: string; type: FieldType; value: z.ZodType<string | number> };

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
  createdAt: instant('created_at'),
  updatedAt: instant('updated_at'),
} as const satisfies Record<string, Field>;

export type FieldName = keyof typeof fields;

export const fieldNames = Object.keys(fields) as [FieldName, ...FieldName[]];

const ordered = ['more', 'less', 'at-least', 'at-most', 'between'] as const;

export const operatorsOf: Readonly<Record<FieldType, readonly Operator[]>> = {
  text: ['is', 'is-not', 'in', 'not-in', 'contains', 'prefix', 'known', 'unknown'],
  choice: ['is', 'is-not', 'in', 'not-in', 'known', 'unknown'],
  number: ['is', 'is-not', 'in', 'not-in', ...ordered, 'known', 'unknown'],
  day: ['is', 'is-not', ...ordered, 'known', 'unknown'],
  instant: [...ordered, 'known', 'unknown'],
  texts: ['contains', 'in', 'not-in', 'known', 'unknown'],
};
