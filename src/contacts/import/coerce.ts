/**
 * One cell of a CSV → a typed value, or the reason why not. Strict on purpose: a date or number that could be read in two
 * ways is refused with a hint at the option that decides it, because a wrong birthday is worse than a rejected row.
 */
import type { z } from 'zod';
import { ianaZone, isoCurrency, languageTag } from '../../contract/places.js';
import { parseCsvList } from '../../domain/csv.js';
import { asciiDigits } from '../../domain/text-digits.js';
import { countryNames } from './country-names.js';

/** What a cell becomes on its way into PostgreSQL: already in the text form that COPY reads, or a list of texts. */
export type CellValue = string | readonly string[];
export type Refusal = { refused: string };
export type CellReader = (text: string, settings: ReadSettings) => CellValue | Refusal;

export type ReadSettings = {
  defaultCountry: string;
  dateFormat: 'iso' | 'DMY' | 'MDY';
  decimal: '.' | ',';
  /** Zone of times without an offset. */
  timeZone: string;
  now: Date;
};

export const refuse = (reason: string): Refusal => ({ refused: reason });

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'refused' in value;
}

export function readText(maxLength: number): CellReader {
  return text => (text.length <= maxLength ? text : refuse(`longer than ${maxLength} characters`));
}

/** One of `values`; `synonyms` maps other spellings (lower case) to them. */
export function readChoice(values: readonly string[], synonyms: Readonly<Record<string, string>> = {}): CellReader {
  const known = new Map([...values.map(value => [value, value] as const), ...Object.entries(synonyms)]);
  return text => known.get(text.toLocaleLowerCase('en')) ?? refuse(`not one of ${values.join(', ')}`);
}

/** A decimal number in [min, max]. Thousands may be grouped by spaces, apostrophes or the sign that is not the decimal one. */
export function readNumber(min: number, max: number, fractionDigits = 15): CellReader {
  return (text, { decimal }) => {
    const plain = plainNumber(asciiDigits(text), decimal);
    if (plain === null) return refuse(`not a number with "${decimal}" as the decimal sign`);
    const value = Number(plain);
    if (!(value >= min && value <= max)) return refuse(`not between ${min} and ${max}`);
    return (plain.split('.')[1]?.length ?? 0) > fractionDigits ? value.toFixed(fractionDigits) : plain;
  };
}

export function readWhole(min: number, max: number): CellReader {
  return text => {
    const plain = asciiDigits(text).replace(/\.0+$/, '');
    if (!/^-?\d{1,15}$/.test(plain)) return refuse('not a whole number');
    const value = Number(plain);
    return value >= min && value <= max ? String(value) : refuse(`not between ${min} and ${max}`);
  };
}

const grouping = { '.': /(?<=\d)[,\s'’](?=\d{3}(?!\d))/gu, ',': /(?<=\d)[.\s'’](?=\d{3}(?!\d))/gu };

/** The number as PostgreSQL reads it, or null. Currency signs around it are dropped. */
function plainNumber(text: string, decimal: '.' | ','): string | null {
  if (/^-?\d{1,15}$/.test(text)) return text;
  const bare = text
    .replace(/^([-−]?)\s*\p{Sc}\s*/u, '$1')
    .replace(/\s*\p{Sc}$/u, '')
    .replace('−', '-');
  const accounting = /^\((.+)\)$/.exec(bare);
  const signed = accounting ? `-${accounting[1]}` : bare;
  const plain = signed.replace(grouping[decimal], '').replace(decimal, '.');
  return /^-?\d{1,15}(\.\d{1,15})?$/.test(plain) && (decimal === '.' || !signed.replace(grouping[decimal], '').includes('.'))
    ? plain
    : null;
}

const isoDay = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/;
const localDay = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/;

/** A day that exists, from `earliest` to today. */
export function readDay(earliest: string): CellReader {
  const readAny = readDayBetween(earliest, '9999-12-31');
  return (text, settings) => {
    const day = readAny(text, settings);
    return !isRefusal(day) && day > settings.now.toISOString().slice(0, 10) ? refuse('in the future') : day;
  };
}

/** A day that exists, both ends included. */
export function readDayBetween(earliest: string, latest: string): (text: string, settings: ReadSettings) => string | Refusal {
  return (text, settings) => {
    const day = dayOf(asciiDigits(text).replace(/[ T]00:00(:00(\.0+)?)?(Z|\+00:?00)?$/, ''), settings.dateFormat);
    if (isRefusal(day)) return day;
    if (day < earliest) return refuse(`before ${earliest}`);
    return day > latest ? refuse(`after ${latest}`) : day;
  };
}

function dayOf(text: string, format: ReadSettings['dateFormat']): string | Refusal {
  const iso = isoDay.exec(text);
  if (iso) return existing(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const local = localDay.exec(text);
  if (!local) return refuse('not a date such as 1990-05-17');
  if (format === 'iso') return refuse('not an ISO date; the option dateFormat (DMY or MDY) says how to read it');
  const [first, second] = [Number(local[1]), Number(local[2])];
  return format === 'DMY' ? existing(Number(local[3]), second, first) : existing(Number(local[3]), first, second);
}

const two = (value: number): string => String(value).padStart(2, '0');
const monthDays = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function existing(year: number, month: number, day: number): string | Refusal {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const last = month === 2 && !isLeap ? 28 : (monthDays[month - 1] ?? 0);
  if (day < 1 || day > last) return refuse('a date that does not exist');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

const dayAndTime = /^(\S+?)(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*(Z|UTC|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/** An instant: a day with a time, or a day alone (its first moment). Without an offset it is meant in the option's zone. */
export function readInstant(earliest: string, latestAheadMs: number): CellReader {
  return (text, settings) => {
    const match = dayAndTime.exec(asciiDigits(text));
    if (!match) return refuse('not a time such as 2026-11-22 09:30');
    const day = dayOf(match[1] ?? '', settings.dateFormat);
    if (isRefusal(day)) return day;
    const [hour, minute, second] = [Number(match[2] ?? 0), Number(match[3] ?? 0), Number(match[4] ?? 0)];
    if (hour > 23 || minute > 59 || second > 59) return refuse('a time of day that does not exist');
    if (day < earliest) return refuse(`before ${earliest}`);
    if (day > new Date(settings.now.getTime() + latestAheadMs).toISOString().slice(0, 10)) return refuse('in the future');
    const offset = offsetOf(match[6], settings.timeZone);
    if (offset === null) return refuse('an offset that does not exist');
    return `${day} ${two(hour)}:${two(minute)}:${two(second)}${match[5] ? `.${match[5].slice(0, 6)}` : ''} ${offset}`;
  };
}

/** As PostgreSQL reads it after the time: an offset, or the name of a zone (which it knows for every year). */
function offsetOf(written: string | undefined, zone: string): string | null {
  if (written === undefined) return zone;
  if (/^(Z|UTC)$/i.test(written)) return 'UTC';
  const hours = Number(written.slice(1, 3));
  const minutes = Number(written.slice(3).replace(':', '') || 0);
  return hours <= 14 && minutes <= 59 ? `${written[0]}${two(hours)}:${two(minutes)}` : null;
}

export const readCountry: CellReader = text => {
  if (/^[A-Za-z]{2}$/.test(text) && countryNames.hasCode(text.toUpperCase())) return text.toUpperCase();
  return countryNames.codeOf(text) ?? refuse('not a country: send its two letters (ISO 3166-1) or its English name');
};

/** A reader from a schema of the API, so that a file and a request are held to the same rule; `fix` runs before it. */
function readAs(schema: z.ZodType<string>, reason: string, fix: (text: string) => string): CellReader {
  const known = new Map<string, CellValue | Refusal>();
  return text => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const { data, success } = schema.safeParse(fix(text));
    const result = success ? data : refuse(reason);
    if (known.size > 2000) known.clear();
    known.set(text, result);
    return result;
  };
}

export const readTimeZone = readAs(ianaZone, 'not an IANA time zone such as Europe/Helsinki', text => text);
export const readLocale = readAs(languageTag, 'not a language tag such as fi or en-GB', text => text.replaceAll('_', '-'));
export const readCurrency = readAs(isoCurrency, 'not a currency code of three letters (ISO 4217)', text => text.toUpperCase());

/** See `parseCsvList`. */
export function readListOf(maxLength: number): CellReader {
  return text => {
    const items = parseCsvList(text);
    if (items.length > 100) return refuse('more than 100 entries');
    return items.some(item => item.length > maxLength) ? refuse(`an entry longer than ${maxLength} characters`) : items;
  };
}

export const readList = readListOf(100);

const yes = 'yes y true t 1 x on granted opted-in opt-in optin subscribed agreed ja evet bəli kyllä да بله'.split(' ');
const no = 'no n false f 0 off withdrawn opted-out opt-out optout unsubscribed nein hayır xeyr ei нет خیر'.split(' ');

export const readBoolean: CellReader = text => {
  const word = text.toLocaleLowerCase('en').replaceAll(' ', '-');
  return yes.includes(word) ? 'true' : no.includes(word) ? 'false' : refuse('neither yes nor no');
};

export const readConsent: CellReader = (text, settings) => {
  const answer = readBoolean(text, settings);
  return isRefusal(answer) ? refuse('neither granted nor withdrawn (yes or no)') : answer === 'true' ? 'granted' : 'withdrawn';
};
