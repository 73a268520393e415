/** The typed columns of table contact under their API names, in one place for writing, showing and merging into messages. */
import type { ContactField } from '../contract/contact-fields.js';
import { identifier, joinSql, type Sql, sql } from '../domain/sql.js';

export const contactColumns = {
  firstName: 'first_name',
  lastName: 'last_name',
  birthDate: 'birth_date',
  gender: 'gender',
  locale: 'locale',
  timeZone: 'time_zone',
  country: 'country',
  region: 'region',
  city: 'city',
  district: 'district',
  postalCode: 'postal_code',
  latitude: 'latitude',
  longitude: 'longitude',
  climateZone: 'climate_zone',
  occupation: 'occupation',
  occupationCode: 'occupation_code',
  jobTitle: 'job_title',
  company: 'company',
  incomeAmount: 'income_amount',
  incomeCurrency: 'income_currency',
  incomeBand: 'income_band',
  educationLevel: 'education_level',
  maritalStatus: 'marital_status',
  householdSize: 'household_size',
  childrenCount: 'children_count',
  nationality: 'nationality',
  religion: 'religion',
  politicalAffiliation: 'political_affiliation',
  interests: 'interests',
  personalValues: 'personal_values',
  opinions: 'opinions',
  habits: 'habits',
  personas: 'personas',
  lifestyle: 'lifestyle',
  personality: 'personality',
  journeyStage: 'journey_stage',
  needs: 'needs',
  goals: 'goals',
  socialGroups: 'social_groups',
} as const satisfies Record<ContactField, string>;

export const contactFieldNames = Object.keys(contactColumns) as readonly ContactField[];

/** `first_name, last_name, …`; each with `prefix.` when one is given. */
export function columnList(prefix?: 'c' | 'sent'): Sql {
  const columns = Object.values(contactColumns).map(identifier);
  return joinSql(prefix ? columns.map(column => sql`${identifier(prefix)}.${column}`) : columns, ', ');
}
