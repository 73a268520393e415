/** Codes of the world that a contact may carry, checked against what the runtime's own ICU tables know: countries, currencies, languages, time zones. */
import { z } from 'zod';
import { country, currency } from '../domain/scalars.js';

/** Region codes ICU has a name for that are no country: unions, test codes, "unknown". */
const notCountries = new Set(['EU', 'EZ', 'UN', 'QO', 'XA', 'XB', 'ZZ']);
const regionNames = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
const currencies = new Set(Intl.supportedValuesOf('currency'));

/** Zones that passed: making a formatter to check one costs some 30 µs, a bulk of 1000 contacts mostly names the same few. */
const knownZones = new Set<string>();
const maxKnownZones = 1000;

export const isoCountry = country.refine(isCountry, 'Must be a country code of ISO 3166-1');
export const isoCurrency = currency.refine(code => currencies.has(code), 'Must be a currency code of ISO 4217');
export const languageTag = z
  .string()
  .min(2)
  .max(35)
  .refine(isLanguageTag, 'Must be a BCP 47 language tag such as fa or pt-BR')
  .meta({ example: 'fi' });
export const ianaZone = z
  .string()
  .max(64)
  .refine(isZone, 'Must be an IANA time zone such as Europe/Helsinki')
  .meta({ example: 'Europe/Helsinki' });

function isCountry(code: string): boolean {
  return /^[A-Z]{2}$/.test(code) && !notCountries.has(code) && regionNames.of(code) !== undefined;
}

function isLanguageTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

function isZone(zone: string): boolean {
  if (knownZones.has(zone)) return true;
  if (!/^[A-Za-z]/.test(zone)) return false; // newer runtimes take "+03:00", which has no daylight saving and no place
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
  } catch {
    return false;
  }
  if (knownZones.size < maxKnownZones) knownZones.add(zone);
  return true;
}
