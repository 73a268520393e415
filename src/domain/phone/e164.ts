/**
 * One phone number in any spelling → E.164, with country, area and line type. A number is taken when the number plan
 * knows it (length and range) or when its range is reserved for fiction; a right length alone is not enough, because
 * every wrong number that we take is paid for. Import calls this for each row: one library parse, never two.
 */
import {
  isSupportedCountry,
  ParseError,
  parsePhoneNumberWithError,
  type PhoneNumber,
  validatePhoneNumberLength,
} from 'libphonenumber-js/max';
import { asciiDigits } from '../text-digits.js';
import { fictionRange } from './fiction.js';
import { areaCodeOf, type LineType } from './number-plan.js';

export type ParsedPhone = {
  /** `+` and up to 15 digits. */
  e164: string;
  /** ISO 3166 alpha-2; null for numbers of no country (international toll-free, satellite). */
  country: string | null;
  areaCode: string | null;
  lineType: LineType;
};

export type PhoneProblem = 'empty' | 'not-a-number' | 'too-short' | 'too-long' | 'unknown-country' | 'not-valid';

/** `defaultCountry` (ISO alpha-2, any case) is whose national spelling is meant when there is no + or 00. */
export function parsePhone(input: string, defaultCountry: string): ParsedPhone | { invalid: PhoneProblem } {
  if (input.length > maxInputLength) return { invalid: 'too-long' };
  const text = dialled(input);
  if (text === '') return { invalid: 'empty' };
  if (!/^\+?\d+$/.test(text)) return { invalid: 'not-a-number' };
  const country = defaultCountry.toUpperCase();
  try {
    const options = { extract: false, ...(isSupportedCountry(country) ? { defaultCountry: country } : {}) };
    return described(parsePhoneNumberWithError(text, options));
  } catch (error) {
    if (error instanceof ParseError) return { invalid: problems[error.message] ?? 'not-valid' };
    throw error;
  }
}

/**
 * The digits of a number, or of a piece of one, to look for inside stored E.164 digits: prefixes that are never stored
 * (00, a trunk 0, the 0 in "+44 (0)20") are dropped. Empty when the text is not phone-like, so that a search for a
 * name does not match numbers.
 */
export function phoneDigits(text: string): string {
  if (text.length > maxInputLength) return '';
  const digits = dialled(text).replace(/^\+/, '');
  return /^\d+$/.test(digits) ? digits.replace(/^0+/, '') : '';
}

/** No spelling of 15 digits needs more characters; it keeps hostile input from costing time. */
const maxInputLength = 100;

const problems: Readonly<Record<string, PhoneProblem>> = {
  NOT_A_NUMBER: 'not-a-number',
  TOO_SHORT: 'too-short',
  TOO_LONG: 'too-long',
  INVALID_COUNTRY: 'unknown-country',
  INVALID_LENGTH: 'not-valid',
};

const lineTypes: Readonly<Record<string, LineType>> = {
  MOBILE: 'mobile',
  FIXED_LINE: 'fixed',
  FIXED_LINE_OR_MOBILE: 'fixed-or-mobile',
  TOLL_FREE: 'toll-free',
  PREMIUM_RATE: 'premium',
  VOIP: 'voip',
};

/** Spaces of all kinds, dashes of all kinds, dots, slashes, brackets, quotes, bidi marks and other invisible signs. */
const decoration = /[\s\p{Z}\p{Pd}\p{Cf}.·/\\()[\]'"’`_,−~]/gu;

/** What one would dial: ASCII digits with at most a leading +. Anything left that is neither makes it not a number. */
function dialled(input: string): string {
  if (/^\+\d+$/.test(input)) return input;
  const text = asciiDigits(input.normalize('NFKC'))
    .trim()
    .replace(/^(tel|sms):/i, '')
    // A desk phone's extension cannot be reached by a message; the line can.
    .replace(/\s*(;ext=|ext\.?|x|#)\s*\d{1,6}$/i, '')
    // Spreadsheets turn a number into a float: 9123456789.0
    .replace(/^(\d+)\.0$/, '$1')
    .replace('(0)', '')
    .replace(decoration, '');
  return /^00[1-9]/.test(text) ? `+${text.slice(2)}` : text;
}

function described(phone: PhoneNumber): ParsedPhone | { invalid: PhoneProblem } {
  const type = phone.getType();
  if (type === undefined) return fictional(phone) ?? { invalid: whyNot(phone) };
  const country = phone.country ?? null;
  const lineType = lineTypes[type] ?? 'other';
  return { e164: phone.number, country, areaCode: areaCodeOf(country, phone.nationalNumber, lineType), lineType };
}

function fictional(phone: PhoneNumber): ParsedPhone | null {
  const range = fictionRange(phone.countryCallingCode, phone.nationalNumber);
  if (range === null) return null;
  const areaCode = areaCodeOf(range.country, phone.nationalNumber, range.lineType);
  return { e164: phone.number, country: range.country, areaCode, lineType: range.lineType };
}

/** Only refused numbers pay for a second look. */
function whyNot(phone: PhoneNumber): PhoneProblem {
  return problems[validatePhoneNumberLength(phone.number) ?? ''] ?? 'not-valid';
}
