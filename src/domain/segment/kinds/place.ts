/** "Place": where the contact lives, by country, region, city, district or postal code. What is given must all hold. */
import { z } from 'zod';
import { country } from '../../scalars.js';
import { joinSql, type Sql, sql } from '../../sql.js';
import type { Clause } from '../clause.js';
import { fold } from '../fold.js';
import type { Profile } from '../profile.js';
import { listOf, text } from '../values.js';

export const placeRule = z
  .strictObject({
    kind: z.literal('place'),
    country: listOf(country).optional(),
    region: listOf(text).optional(),
    city: listOf(text).optional(),
    district: listOf(text).optional(),
    /** Beginnings of postal codes; spaces and case do not matter. */
    postalPrefix: listOf(text.refine(code => postal(code) !== '', 'Must have letters or digits')).optional(),
  })
  .refine(rule => Object.keys(rule).length > 1, 'Name a country, region, city, district or postalPrefix')
  .meta({ id: 'PlaceRule', examples: [{ kind: 'place', country: ['AZ'], city: ['Baku', 'Ganja'] }] });

export type PlaceRule = z.infer<typeof placeRule>;

export function compilePlace(rule: PlaceRule): Clause {
  const conditions = [
    // contact_country_city_idx
    rule.country && sql`c.country = any(${rule.country}::text[])`,
    rule.region && isNamed(sql`c.region`, rule.region),
    rule.city && isNamed(sql`c.city`, rule.city),
    rule.district && isNamed(sql`c.district`, rule.district),
    rule.postalPrefix && beginsWithCode(rule.postalPrefix),
  ];
  return {
    condition: sql`(${joinSql(
      conditions.filter(condition => condition !== undefined),
      ' and ',
    )})`,
  };
}

function isNamed(column: Sql, names: string[]): Sql {
  return sql`lower(${column}) in (select lower(given) from unnest(${names}::text[]) as given)`;
}

function beginsWithCode(codes: string[]): Sql {
  const postalCode = sql`replace(lower(c.postal_code), ' ', '')`;
  return sql`exists (select from unnest(${codes.map(postal)}::text[]) as given where starts_with(${postalCode}, given))`;
}

export function matchesPlace(rule: PlaceRule, { fields }: Profile): boolean {
  const { country: home = null, region = null, city = null, district = null, postalCode = null } = fields as Place;
  return (
    (!rule.country || (home !== null && rule.country.includes(home))) &&
    isOneOf(region, rule.region) &&
    isOneOf(city, rule.city) &&
    isOneOf(district, rule.district) &&
    (!rule.postalPrefix || (postalCode !== null && rule.postalPrefix.some(code => postal(postalCode).startsWith(postal(code)))))
  );
}

type Place = Partial<Record<'country' | 'region' | 'city' | 'district' | 'postalCode', string | null>>;

function isOneOf(value: string | null, names: string[] | undefined): boolean {
  return !names || (value !== null && names.some(name => fold(name) === fold(value)));
}

/** "sw1a 1AA" and "SW1A1AA" are one code. */
function postal(code: string): string {
  return fold(code).replaceAll(' ', '');
}
