/**
 * How a text travels as SMS: its alphabet, its parts and what is left in the last one. Exact for the standard single
 * part and the 8-bit concatenation header, and fast enough for the send path. A part never splits an escape pair, a
 * surrogate pair or a grapheme (the school of Twilio's calculator; a network that splits graphemes needs no more parts).
 */
import { countSeptets, septets } from './gsm7.js';

export type SmsEncoding = 'gsm7' | 'ucs2';

/** What a route can carry: GSM-7 where the text allows it, or UCS-2 always. */
export type EncodingProfile = 'gsm7' | 'ucs2';

export type PartCount = {
  encoding: SmsEncoding;
  /** Physical messages, each paid for. 0 for an empty text. */
  parts: number;
  /** Septets (GSM-7, extension characters count 2) or UTF-16 units (UCS-2) of the text, headers not included. */
  units: number;
  /** What one part holds at this length: 160 or 153 septets, 70 or 67 units. */
  perPart: number;
  /** Units still free in the last part. */
  left: number;
  /** The characters that force UCS-2: each once, where it stands first, at most 20; empty when GSM-7 was not lost. */
  offenders: Offender[];
};

/** `index` counts UTF-16 units in `normalizeSms(text)`. */
export type Offender = { char: string; index: number };

export type CountOptions = { profile?: EncodingProfile };

export function countParts(text: string, options: CountOptions = {}): PartCount {
  const body = normalizeSms(text);
  const units = options.profile === 'ucs2' ? -1 : countSeptets(body);
  if (units >= 0) return { ...fill(body, gsm7, units), offenders: [] };
  return { ...fill(body, ucs2, body.length), offenders: options.profile === 'ucs2' ? [] : findOffenders(body) };
}

/** The text of each part, as sent; joined they are `normalizeSms(text)`. */
export function splitParts(text: string, options: CountOptions = {}): string[] {
  const body = normalizeSms(text);
  if (body === '') return [];
  const units = options.profile === 'ucs2' ? -1 : countSeptets(body);
  const alphabet = units >= 0 ? gsm7 : ucs2;
  if ((units >= 0 ? units : body.length) <= alphabet.single) return [body];
  const ends = alphabet.ends(body);
  return ends.map((end, i) => body.slice(i === 0 ? 0 : ends[i - 1], end));
}

/** What is counted and what must be sent: line ends as LF (CRLF would cost 2) and composed letters (NFC). */
export function normalizeSms(text: string): string {
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  return maybeDecomposed.test(lines) ? lines.normalize('NFC') : lines;
}

/** Everything below the first combining mark (U+0300) is NFC already. */
const maybeDecomposed = /[\u0300-\uffff]/;

type Alphabet = {
  encoding: SmsEncoding;
  /** Capacity of a message of one part, which needs no header. */
  single: number;
  /** Capacity of each part of several: 140 octets less the 6 of the concatenation header. */
  several: number;
  /** The end of each part, as offsets into the text. */
  ends(text: string): number[];
  cost(text: string, start: number): number;
};

const gsm7: Alphabet = { encoding: 'gsm7', single: 160, several: 153, ends: gsm7Ends, cost: septetsFrom };
const ucs2: Alphabet = { encoding: 'ucs2', single: 70, several: 67, ends: ucs2Ends, cost: (text, start) => text.length - start };

function fill(text: string, alphabet: Alphabet, units: number): Omit<PartCount, 'offenders'> {
  const { encoding, single, several } = alphabet;
  if (units <= single) return { encoding, parts: units === 0 ? 0 : 1, units, perPart: single, left: single - units };
  const ends = alphabet.ends(text);
  const used = alphabet.cost(text, ends.at(-2) ?? 0);
  return { encoding, parts: ends.length, units, perPart: several, left: several - used };
}

function septetsFrom(text: string, start: number): number {
  let sum = 0;
  for (let i = start; i < text.length; i++) sum += septets[text.charCodeAt(i)] ?? 0;
  return sum;
}

/** An extension character that finds one septet left moves to the next part whole. */
function gsm7Ends(text: string): number[] {
  const ends: number[] = [];
  let used = 0;
  for (let i = 0; i < text.length; i++) {
    const cost = septets[text.charCodeAt(i)] ?? 0;
    if (used + cost > gsm7.several) {
      ends.push(i);
      used = 0;
    }
    used += cost;
  }
  ends.push(text.length);
  return ends;
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Looks at the text only where parts meet; the segmenter is asked only when a mark, joiner or emoji stands there. */
function ucs2Ends(text: string): number[] {
  const ends: number[] = [];
  let segments: Intl.Segments | null = null;
  let start = 0;
  while (text.length - start > ucs2.several) {
    let end = start + ucs2.several;
    if (!isPlainBoundary(text, end)) {
      segments ??= graphemes.segment(text);
      end = graphemeStart(segments, text, start, end);
    }
    ends.push(end);
    start = end;
  }
  ends.push(text.length);
  return ends;
}

/** Where the grapheme at `end` begins. One grapheme longer than a whole part (stacked marks) is cut between code points. */
function graphemeStart(segments: Intl.Segments, text: string, start: number, end: number): number {
  const begin = segments.containing(end)?.index ?? end;
  if (begin > start) return begin;
  return isLowSurrogate(text.charCodeAt(end)) ? end - 1 : end;
}

const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

function isPlainBoundary(text: string, index: number): boolean {
  return isPlain(text.charCodeAt(index - 1)) && isPlain(text.charCodeAt(index));
}

/** Letters, digits and signs that never join a neighbour: Latin, Greek, Cyrillic, Arabic and Persian, Hebrew, dashes. */
function isPlain(unit: number): boolean {
  return (
    unit < 0x300 ||
    (unit >= 0x370 && unit <= 0x482) ||
    (unit >= 0x48a && unit <= 0x556) ||
    (unit >= 0x5d0 && unit <= 0x5ea) ||
    (unit >= 0x60c && unit <= 0x60f) ||
    (unit >= 0x620 && unit <= 0x64a) ||
    (unit >= 0x660 && unit <= 0x66f) ||
    (unit >= 0x671 && unit <= 0x6d5) ||
    (unit >= 0x6ee && unit <= 0x6ff) ||
    (unit >= 0x2010 && unit <= 0x2027) ||
    (unit >= 0x20a0 && unit <= 0x20cf)
  );
}

const maxOffenders = 20;

function findOffenders(text: string): Offender[] {
  const found: Offender[] = [];
  for (let i = 0; i < text.length && found.length < maxOffenders; i++) {
    if (septets[text.charCodeAt(i)]) continue;
    const char = String.fromCodePoint(text.codePointAt(i) ?? 0);
    if (!found.some(offender => offender.char === char)) found.push({ char, index: i });
    i += char.length - 1;
  }
  return found;
}
