/**
 * Is this whole message a word to leave, to come back or to ask for help? Case, script, digits, accents, quotes, emoji and
 * politeness do not matter; any other word does: "please don't stop the music" is no opt-out. Asked by tracking for every
 * reply, whatever its provider already answered.
 */
import { asciiDigits } from '../text-digits.js';
import { type KeywordKind, type KeywordLanguage, type KeywordRow, keywordRows, politeWords } from './keyword-table.js';

export type Keyword = {
  kind: KeywordKind;
  /** The word as the table has it, folded. */
  keyword: string;
  language: KeywordLanguage;
};

export type KeywordContext = {
  /** Whether this number is opted out now: only then is a plain yes an opt-in. */
  isOptedOut?: boolean;
  /** ISO alpha-2 of our sender's country: 11 and 12 are keywords on Iranian lines only. */
  senderCountry?: string;
};

export function readKeyword(text: string, context: KeywordContext = {}): Keyword | null {
  if (text.length > maxKeywordLength) return null;
  const said = foldKeyword(text);
  return find(said, context) ?? find(bareOf(said), context);
}

/** No keyword with all its politeness is longer, and a flood costs nothing. */
const maxKeywordLength = 200;

/**
 * The form in which words are compared: compatibility forms undone, accents and marks dropped, the Turkish dotted and
 * dotless i made one, Arabic ي ك written the Persian way, digits ASCII, everything but letters and digits a space.
 */
export function foldKeyword(text: string): string {
  const folded = asciiDigits(text.normalize('NFKD'))
    .toLowerCase()
    .replace(/[\p{M}\p{Cf}ـ'’]/gu, '')
    .replace(/[ıəيىك]/g, letter => sameLetter[letter] ?? letter)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return /^(\p{L} )+\p{L}$/u.test(folded) ? folded.replaceAll(' ', '') : folded;
}

const sameLetter: Readonly<Record<string, string>> = { ı: 'i', ə: 'e', ي: 'ی', ى: 'ی', ك: 'ک' };

const table = buildTable();

function buildTable(): ReadonlyMap<string, readonly KeywordRow[]> {
  const map = new Map<string, KeywordRow[]>();
  for (const row of keywordRows)
    for (const word of row.words.map(foldKeyword)) {
      const rows = map.get(word);
      if (rows) rows.push(row);
      else map.set(word, [row]);
    }
  return map;
}

function find(said: string, context: KeywordContext): Keyword | null {
  const row = table.get(said)?.find(candidate => applies(candidate, context));
  return row ? { kind: row.kind, keyword: said, language: row.language } : null;
}

function applies(row: KeywordRow, { isOptedOut = false, senderCountry }: KeywordContext): boolean {
  if (row.onlyIn !== undefined && row.onlyIn !== senderCountry) return false;
  return !row.isYes || isOptedOut;
}

const polite = new RegExp(`(^| )(?:${politeWords.map(foldKeyword).join('|')})(?= |$)`, 'g');

/** Without politeness, and said once: "STOP STOP please" is "stop". */
function bareOf(said: string): string {
  const bare = said.replace(polite, '').trim();
  const words = bare.split(' ');
  return words.every(word => word === words[0]) ? (words[0] ?? '') : bare;
}
