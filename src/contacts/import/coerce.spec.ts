// One cell at a time: what is read, and what is refused rather than guessed.
import {
  type CellReader,
  isRefusal,
  readBoolean,
  readConsent,
  readCountry,
  readCurrency,
  readDay,
  readInstant,
  readList,
  readLocale,
  readNumber,
  type ReadSettings,
  readTimeZone,
  readWhole,
} from './coerce.js';
import { contactFields } from './contact-fields.js';

const settings: ReadSettings = {
  defaultCountry: 'US',
  dateFormat: 'iso',
  decimal: '.',
  timeZone: 'Europe/Helsinki',
  now: new Date('2026-11-22T10:00:00Z'),
};

function read(reader: CellReader, text: string, change: Partial<ReadSettings> = {}): unknown {
  const value = reader(text, { ...settings, ...change });
  return isRefusal(value) ? `refused: ${value.refused}` : value;
}
const refused = (words: string): unknown => expect.stringMatching(new RegExp(`^refused: .*${words}`));

const birthday = readDay('1900-01-02');
test.each([
  ['1990-05-17', {}, '1990-05-17'],
  ['1990/5/7', {}, '1990-05-07'],
  ['۱۹۹۰-۰۵-۱۷', {}, '1990-05-17'],
  ['1990-05-17 00:00:00', {}, '1990-05-17'],
  ['17.05.1990', { dateFormat: 'DMY' }, '1990-05-17'],
  ['05/17/1990', { dateFormat: 'MDY' }, '1990-05-17'],
  ['05/06/1990', {}, refused('dateFormat')],
  ['17.05.1990', { dateFormat: 'MDY' }, refused('does not exist')],
  ['2026-02-31', {}, refused('does not exist')],
  ['1900-02-29', {}, refused('does not exist')],
  ['2000-02-29', {}, '2000-02-29'],
  ['2026-12-01', {}, refused('future')],
  ['1899-12-31', {}, refused('before')],
  ['0000-00-00', {}, refused('does not exist')],
  ['yesterday', {}, refused('not a date')],
] as const)('the day %s with %j is %s', (text, change, expected) => {
  expect(read(birthday, text, change)).toEqual(expected);
});

test.each([
  ['2026-11-22', '2026-11-22 00:00:00 Europe/Helsinki'],
  ['2026-11-22T09:30', '2026-11-22 09:30:00 Europe/Helsinki'],
  ['2026-11-22 9:30:15.1234567Z', '2026-11-22 09:30:15.123456 UTC'],
  ['2026-11-22T09:30:00+0330', '2026-11-22 09:30:00 +03:30'],
  ['2026-11-22 25:00', refused('time of day')],
  ['2027-01-01', refused('future')],
  ['2026-11-22 09:00 +19:00', refused('offset')],
  ['1699999999', refused('not a date')],
])('the instant %s is %s', (text, expected) => {
  expect(read(readInstant('1970-01-01', 86_400_000), text)).toEqual(expected);
});

test.each([
  ['1234.50', '.', '1234.50'],
  ['1,234.50', '.', '1234.50'],
  ['1.234,50', ',', '1234.50'],
  ['1 234,50', ',', '1234.50'],
  ['$1,234', '.', '1234'],
  ['12 €', '.', '12'],
  ['-12', '.', '-12'],
  ['(12.00)', '.', '-12.00'],
  ['۱۲۳', '.', '123'],
  ['12,5', '.', refused('decimal sign')],
  ['1.5', ',', refused('decimal sign')],
  ['1e5', '.', refused('not a number')],
  ['NaN', '.', refused('not a number')],
  ['99999999999999999999', '.', refused('not a number')],
] as const)('the number %s with "%s" is %s', (text, decimal, expected) => {
  expect(read(readNumber(-1e15, 1e15), text, { decimal })).toEqual(expected);
});

test.each([
  [readCountry, 'fi', 'FI'],
  [readCountry, 'United Kingdom', 'GB'],
  [readCountry, 'Turkey', 'TR'],
  [readCountry, 'XX', refused('country')],
  [readCurrency, 'eur', 'EUR'],
  [readCurrency, 'ZZZ', refused('currency')],
  [readTimeZone, 'Asia/Tehran', 'Asia/Tehran'],
  [readTimeZone, 'Mars/Base', refused('zone')],
  [readLocale, 'pt_BR', 'pt-BR'],
  [readLocale, 'not a tag', refused('language')],
  [readBoolean, 'YES', 'true'],
  [readBoolean, 'opted out', 'false'],
  [readBoolean, 'maybe', refused('neither')],
  [readConsent, 'subscribed', 'granted'],
  [readConsent, '0', 'withdrawn'],
  [readWhole(0, 8), '3.0', '3'],
  [readWhole(0, 8), '9', refused('between')],
  [readWhole(0, 8), '1.5', refused('whole')],
  [contactFields['gender']?.read, 'Frau', 'female'],
  [contactFields['gender']?.read, 'М', 'male'],
  [contactFields['gender']?.read, 'cat', refused('female, male, other')],
  [contactFields['educationLevel']?.read, "Master's", '7'],
] as const)('reader case %# reads its word', (reader, text, expected) => {
  expect(read(reader as CellReader, text)).toEqual(expected);
});

test('a list splits at semicolons or bars, else at commas', () => {
  expect(read(readList, 'a, b; c;; a, b ')).toEqual(['a, b', 'c']);
  expect(read(readList, 'a, b')).toEqual(['a', 'b']);
});
