/**
 * The demo's people: first the real customers of the retail data (their number and country are real), then made-up ones
 * over eight countries. Pure and deterministic: the same list on every run, made one by one. Some share a household, and
 * some households share a phone; many have only a phone or only an email, some have landlines, some have agreed to nothing.
 */
import { type Country, countries, type Place } from './countries.js';
import { familyName, latin, namesOf, written } from './names.js';
import { lifeStage, occupations } from './occupations.js';
import { PhonePool } from './phone-pool.js';
import { createRandom, type Random } from './random.js';

export type Person = {
  readonly externalId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly gender: 'female' | 'male';
  /** YYYY-MM-DD. */
  readonly birthDate: string;
  readonly country: string | null;
  readonly region: string | null;
  readonly city: string | null;
  readonly locale: string | null;
  readonly occupation: string;
  readonly email: string | null;
  /** E.164. */
  readonly phone: string | null;
  readonly wantsSms: boolean;
  readonly wantsEmail: boolean;
};

/** A buyer of the retail data: all it knows of a person. */
export type Customer = { readonly externalId: string; readonly country: string | null };

/** What people of one household share. */
type Household = { readonly family: string; readonly place: Place | null; readonly phone: string | null };

type PhoneKind = 'mobile' | 'landline' | 'none';
type Addresses = { readonly weight: number; readonly phone: PhoneKind; readonly hasEmail: boolean };

const addressMix: readonly Addresses[] = [
  { weight: 56, phone: 'mobile', hasEmail: true },
  { weight: 13, phone: 'mobile', hasEmail: false },
  { weight: 19, phone: 'none', hasEmail: true },
  { weight: 9, phone: 'landline', hasEmail: true },
  { weight: 3, phone: 'landline', hasEmail: false },
];
const sharesHousehold = 0.12;
const sharesPhone = 0.3;
const agreesToSms = 0.78;
const agreesToEmail = 0.82;
/** Reserved for examples by RFC 2606: mail to them goes nowhere. */
const mailDomains = ['example.com', 'example.org', 'example.net'] as const;

export function* makePeople(customers: readonly Customer[], total: number): Generator<Person> {
  const households = new Map<string | null, Household>();
  const phones = new PhonePool();
  for (let index = 0; index < total; index++) {
    const random = createRandom(index);
    const customer = customers[index] ?? { externalId: `P${100_000 + index}`, country: random.weighted(countries).code };
    const made = makePerson(index, customer, random, phones, households.get(customer.country));
    households.set(customer.country, made.household);
    yield made.person;
  }
}

function makePerson(index: number, customer: Customer, random: Random, phones: PhonePool, neighbours: Household | undefined) {
  const country = countries.find(({ code }) => code === customer.country);
  const names = namesOf(customer.country);
  const gender = random.chance(0.52) ? 'female' : 'male';
  const given = random.pick(names[gender]);
  const isTogether = neighbours !== undefined && random.chance(sharesHousehold);
  const home = isTogether ? neighbours : newHome(country, random.pick(names.family), random);
  const family = familyName(names, home.family, gender);
  const addresses = random.weighted(addressMix);
  const phone = phoneOf(country, home, addresses.phone, random, phones);
  // Nobody is in a marketer's list without any address: who got no number has an email.
  const email = addresses.hasEmail || phone === null ? mailAddress(given, family, index, random) : null;
  const birthDate = birthDay(random);
  const person: Person = {
    externalId: customer.externalId,
    firstName: written(given),
    lastName: written(family),
    gender,
    birthDate,
    country: customer.country,
    region: home.place?.region ?? null,
    city: home.place?.city ?? null,
    locale: country?.locale ?? null,
    occupation: lifeStage(Number(birthDate.slice(0, 4))) ?? random.pick(occupations),
    email,
    phone,
    wantsSms: phone !== null && random.chance(agreesToSms),
    wantsEmail: email !== null && random.chance(agreesToEmail),
  };
  return { person, household: { ...home, phone } };
}

function newHome(country: Country | undefined, family: string, random: Random): Household {
  return { family, place: country ? random.weighted(country.places) : null, phone: null };
}

/** E.164, or null when the person has none or the ranges of the place are used up. */
function phoneOf(
  country: Country | undefined,
  home: Household,
  kind: PhoneKind,
  random: Random,
  phones: PhonePool,
): string | null {
  if (country === undefined || home.place === null || kind === 'none') return null;
  if (home.phone !== null && random.chance(sharesPhone)) return home.phone;
  const number = kind === 'mobile' ? takeMobile(country, home.place, random, phones) : null;
  const taken = number ?? (home.place.landline === null ? null : phones.take(home.place.landline));
  return taken === null ? null : `+${taken}`;
}

/** From a range by chance; when that one is used up, from the next that is not. */
function takeMobile(country: Country, place: Place, random: Random, phones: PhonePool): string | null {
  const ranges = place.mobiles ?? country.mobiles;
  const start = random.below(ranges.length);
  for (const range of [...ranges.slice(start), ...ranges.slice(0, start)]) {
    const number = phones.take(range);
    if (number !== null) return number;
  }
  return null;
}

function mailAddress(given: string, family: string, index: number, random: Random): string {
  return `${latin(given)}.${latin(family)}.${index}@${random.pick(mailDomains)}`;
}

/** Born 1944 to 2007, with more people in the middle. */
function birthDay(random: Random): string {
  const year = 1944 + random.below(32) + random.below(33);
  const month = 1 + random.below(12);
  const day = 1 + random.below(28);
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
