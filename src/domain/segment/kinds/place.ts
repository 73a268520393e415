/** "Place": where the contact lives, by country, region, city, district or postal code. What is given must all hold. */
import { z } from 'zod';
import { country } from '../../scalars.js';
import { identifier, joinSql, type Sql, sql } from '../../sql.js';
import type { Clause } from '../clause.js';
import { fold } from '../fold.js';
import type { Profile } from '../profile.js';
import { listOf, text } from '../values.js';

/** What may be asked of any place, a contact's own or one in a custom attribute. */
export const placeParts = {
  country: listOf(country).optional(),
  region: listOf(text).optional(),
  city: listOf(text).optional(),
  /** Beginnings of postal codes; spaces, hyphens and case do not matter. */
  postalPrefix: listOf(text.refine(code => postal(code) !== '', 'Must have letters or digits')).optional(),
};

export const placeRule = z
  .strictObject({ kind: z.literal('place'), ...placeParts, district: listOf(text).optional() })
  .refine(rule => Object.keys(rule).length > 1, 'Name a country, region, city, district or postalPrefix')
  .meta({
    id: 'PlaceRule',
    examples: [
      { kind: 'place', country: ['AZ'], city: ['Baku', 'Ganja'] },
      { kind: 'place', country: ['GB'], postalPrefix: ['SW1A', 'SW1E'] },
    ],
  });

export type PlaceRule = z.infer<typeof placeRule>;
export type PlaceParts = Omit<PlaceRule, 'kind'>;
type PlaceValues = Partial<Record<'country' | 'region' | 'city' | 'district' | 'postalCode', string | null>>;

export function compilePlace({ kind: _, ...parts }: PlaceRule): Clause {
  const columnOf = {
    country: 'country',
    region: 'region',
    city: 'city',
    district: 'district',
    postalCode: 'postal_code',
  } as const;
  return { condition: isAt(parts, name => sql`c.${identifier(columnOf[name])}`) };
}

/** `value` gives the text of a part of the place that is looked at. */
export function isAt(parts: PlaceParts, value: (name: keyof PlaceValues) => Sql): Sql {
  const conditions = [
    // contact_country_city_idx
    parts.country && sql`${value('country')} = any(${parts.country}::text[])`,
    parts.region && isNamed(value('region'), parts.region),
    parts.city && isNamed(value('city'), parts.city),
    parts.district && isNamed(value('district'), parts.district),
    parts.postalPrefix && beginsWithCode(value('postalCode'), parts.postalPrefix),
  ];
  return sql`(${joinSql(
    conditions.filter(condition => condition !== undefined),
    ' and ',
  )})`;
}

function isNamed(value: Sql, names: string[]): Sql {
  return sql`lower(${value}) in (select lower(given) from unnest(${names}::text[]) as given)`;
}

function beginsWithCode(value: Sql, codes: string[]): Sql {
  const postalCode = sql`translate(lower(${value}), ' -', '')`;
  return sql`exists (select from unnest(${codes.map(postal)}::text[]) as given where starts_with(${postalCode}, given))`;
}

export function matchesPlace({ kind: _, ...parts }: PlaceRule, { fields }: Profile): boolean {
  return matchesParts(parts, fields as PlaceValues);
}

export function matchesParts(parts: PlaceParts, place: PlaceValues): boolean {
  const { country: home = null, region = null, city = null, district = null, postalCode = null } = place;
  return (
    (!parts.country || (home !== null && parts.country.includes(home))) &&
    isOneOf(region, parts.region) &&
    isOneOf(city, parts.city) &&
    isOneOf(district, parts.district) &&
    (!parts.postalPrefix || (postalCode !== null && parts.postalPrefix.some(code => postal(postalCode).startsWith(postal(code)))))
  );
}

function isOneOf(value: string | null, names: string[] | undefined): boolean {
  return !names || (value !== null && names.some(name => fold(name) === fold(value)));
}

/** "sw1a 1AA" and "SW1A1AA" are one code, and so are "00-950" and "00950". */
function postal(code: string): string {
  return fold(code).replaceAll(/[ -]/g, '');
}
