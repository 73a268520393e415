/**
 * Made-up people, always the same: number n has an external id, a valid US mobile and an email of their own, and agreed to both channels.
 * A file of them has 14 columns, 3 identities and 2 consents a row.
 */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Bench } from './bench.js';

const places = [
  ['NY', 'New York', '212'],
  ['CA', 'Los Angeles', '213'],
  ['TX', 'Houston', '281'],
  ['IL', 'Chicago', '312'],
  ['MI', 'Detroit', '313'],
  ['MO', 'St. Louis', '314'],
  ['FL', 'Miami', '305'],
  ['CO', 'Denver', '303'],
  ['OH', 'Columbus', '614'],
  ['MA', 'Boston', '617'],
] as const;
const firstNames = ['Ada', 'Grace', 'Edsger', 'Barbara', 'Alan', 'Katherine', 'Donald', 'Radia', 'Tony', 'Frances', 'Ken'];
const lastNames = ['Lovelace', 'Hopper', 'Dijkstra', 'Liskov', 'Turing', 'Johnson', 'Knuth', 'Perlman', 'Hoare', 'Allen'];
const locales = ['en-US', 'es-US', 'fr', 'de', 'fi', 'tr'];
const occupations = ['nurse', 'teacher', 'engineer', 'baker', 'pilot', 'farmer', 'lawyer'];
/** Seven digits from here on are numbers that an area code gives out. */
const firstLine = 2_200_000;
const rowsInChunk = 1_000;

export const columns = [
  'externalId',
  'email',
  'phone',
  'firstName',
  'lastName',
  'gender',
  'birthDate',
  'country',
  'region',
  'city',
  'locale',
  'occupation',
  'consent.sms.marketing',
  'consent.email.marketing',
] as const;

export async function writePeopleFile({ folder, size, say }: Bench): Promise<string> {
  const file = join(folder, 'people.csv');
  say('writing the file');
  await pipeline(Readable.from(chunks(size)), createWriteStream(file));
  return file;
}

function* chunks(size: number): Generator<string> {
  yield `${columns.join(',')}\n`;
  for (let first = 0; first < size; first += rowsInChunk) {
    const rows = Array.from({ length: Math.min(rowsInChunk, size - first) }, (_, i) => row(first + i));
    yield rows.join('');
  }
}

function row(n: number): string {
  const [region, city, areaCode] = pick(places, n);
  const [firstName, lastName] = [pick(firstNames, n), pick(lastNames, Math.floor(n / 7))];
  const values = [
    `C${n}`,
    `${firstName}.${lastName}.${n}@example.com`.toLowerCase(),
    `+1${areaCode}${firstLine + Math.floor(n / places.length)}`,
    firstName,
    lastName,
    n % 2 === 0 ? 'female' : 'male',
    `${1944 + (n % 64)}-${twoDigits(1 + (n % 12))}-${twoDigits(1 + (n % 28))}`,
    'US',
    region,
    city,
    pick(locales, n),
    pick(occupations, n),
    'yes',
    'yes',
  ];
  return `${values.join(',')}\n`;
}

function pick<Value>(values: readonly Value[], n: number): Value {
  return values[n % values.length] as Value;
}

function twoDigits(n: number): string {
  return String(n).padStart(2, '0');
}
