import { SegmentedMessage } from 'sms-segments-calculator';
import { countParts, normalizeSms, splitParts } from './encoding.js';

const a = (n: number): string => 'a'.repeat(n);
const fa = (n: number): string => 'س'.repeat(n);
const family = '👨‍👩‍👧‍👦';

describe('countParts', () => {
  test.each<[string, string, 'gsm7' | 'ucs2', number, number, number, number]>([
    ['nothing', '', 'gsm7', 0, 0, 160, 160],
    ['one letter', 'a', 'gsm7', 1, 1, 160, 159],
    ['a full GSM-7 part', a(160), 'gsm7', 1, 160, 160, 0],
    ['one septet more', a(161), 'gsm7', 2, 161, 153, 145],
    ['two full parts', a(306), 'gsm7', 2, 306, 153, 0],
    ['three parts', a(307), 'gsm7', 3, 307, 153, 152],
    ['the euro costs two', '€'.repeat(80), 'gsm7', 1, 160, 160, 0],
    ['an escape pair moves whole', a(152) + '€' + a(10), 'gsm7', 2, 164, 153, 141],
    ['pairs waste a septet in each part', '€'.repeat(153), 'gsm7', 3, 306, 153, 151],
    ['brackets, braces, tilde', '[]{}\\~^|', 'gsm7', 1, 16, 160, 144],
    ['GSM-7 letters beyond ASCII', 'ÄÖÑÜäöñüàèéùìòÇØøÅåÆæßÉ', 'gsm7', 1, 23, 160, 137],
    ['Finnish', 'Hyvää päivää, Åsa! Tarjous on 20 %', 'gsm7', 1, 34, 160, 126],
    ['a full UCS-2 part', fa(70), 'ucs2', 1, 70, 70, 0],
    ['one unit more', fa(71), 'ucs2', 2, 71, 67, 63],
    ['Turkish', 'Çiçek', 'ucs2', 1, 5, 70, 65],
    ['Azerbaijani', 'Əla', 'ucs2', 1, 3, 70, 67],
    ['extension characters cost one in UCS-2', '€ə', 'ucs2', 1, 2, 70, 68],
    ['an emoji is two units', '😀', 'ucs2', 1, 2, 70, 68],
    ['a surrogate pair moves whole', fa(66) + '😀' + fa(10), 'ucs2', 2, 78, 67, 55],
    ['a family moves whole', fa(60) + family + fa(10), 'ucs2', 2, 81, 67, 46],
    ['a flag moves whole', fa(65) + '🇮🇷' + fa(10), 'ucs2', 2, 79, 67, 53],
    ['a letter keeps its mark', fa(66) + 'بّ' + fa(10), 'ucs2', 2, 78, 67, 55],
    ['CRLF counts once', 'a\r\nb\rc', 'gsm7', 1, 5, 160, 155],
    ['decomposed letters are composed', 'e\u0301a\u0308', 'gsm7', 1, 2, 160, 158],
    ['a non-breaking space is not GSM-7', '20\u00a0%', 'ucs2', 1, 4, 70, 66],
  ])('%s', (_name, text, encoding, parts, units, perPart, left) => {
    expect(countParts(text)).toMatchObject({ encoding, parts, units, perPart, left });
  });

  test('names what forces UCS-2, each once, where it stands first', () => {
    expect(countParts('Şok şans! 😀 şans').offenders).toEqual([
      { char: 'Ş', index: 0 },
      { char: 'ş', index: 4 },
      { char: '😀', index: 10 },
    ]);
    expect(countParts('plain').offenders).toEqual([]);
    expect(countParts(Array.from({ length: 60 }, (_, i) => String.fromCharCode(0x4e00 + i)).join('')).offenders).toHaveLength(20);
  });

  test('a UCS-2 route counts everything as UCS-2 and blames nobody', () => {
    expect(countParts(a(71), { profile: 'ucs2' })).toEqual({
      encoding: 'ucs2',
      parts: 2,
      units: 71,
      perPart: 67,
      left: 63,
      offenders: [],
    });
    expect(splitParts(a(71), { profile: 'ucs2' }).map(part => part.length)).toEqual([67, 4]);
  });

  test('a grapheme longer than a part is cut between code points', () => {
    const stacked = 'x' + '\u{1d165}'.repeat(60) + '\u0316'.repeat(30);
    const parts = splitParts(stacked);
    expect(parts.join('')).toBe(normalizeSms(stacked));
    expect(parts.every(part => part.length <= 67 && part.isWellFormed())).toBe(true);
  });

  test('half a surrogate pair counts as a unit and does no harm', () => {
    expect(countParts('\ud83d')).toMatchObject({ encoding: 'ucs2', parts: 1, units: 1 });
    expect(splitParts(fa(66) + '\ud83d' + fa(30)).join('')).toHaveLength(97);
  });
});

/** Words of eight tongues and the signs that cost: enough to reach every boundary when joined at random. */
const words = {
  en: ['Hello', 'sale', '50%', 'off', 'today', '[link]', '€9.99', 'you’re', 'https://x.co/a~b', 'STOP'],
  fa: ['سلام', 'تخفیف', 'می‌خواهیم', '۵۰٪', 'امروز', 'لغو۱۱', 'مُحَمَّد', '«ویژه»'],
  tr: ['Merhaba', 'İndirim', 'çiçek', 'şans', 'bugün', 'ağaç', 'ışık', '₺100'],
  az: ['Salam', 'endirim', 'bu', 'gün', 'üçün', 'ən', 'yaxşı', 'qiymətə', '₼'],
  fi: ['Hei', 'alennus', 'tänään', 'Åsa', 'yö', '20 %', 'hyvää'],
  ru: ['Привет', 'скидка', 'сегодня', 'ёлка', 'йод', '№1', '«да»'],
  emoji: ['😀', '🎉', '❤️', '👍🏽', '🇫🇮', '🇦🇿', '👩‍💻', family, '1️⃣', 'ok'],
  mixed: ['a', '|', '€', 'Ω', 'é', '\n', 'x', '{', 'long-long-word', '@'],
};

/** A small linear congruential generator: the same texts in every run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function generated(list: readonly string[], seed: number): string {
  const next = random(seed);
  const length = 1 + next(70);
  return Array.from({ length }, () => list[next(list.length)] + (next(4) === 0 ? '' : ' ')).join('');
}

describe('against the oracle', () => {
  // The oracle gets what we send: it neither composes letters nor folds line ends.
  test.each(Object.entries(words))('500 texts in %s', (_tongue, list) => {
    for (let seed = 1; seed <= 500; seed++) {
      const text = normalizeSms(generated(list, seed));
      const oracle = new SegmentedMessage(text);
      const counted = countParts(text);
      const parts = splitParts(text);
      expect([text, counted.encoding, counted.parts]).toEqual([
        text,
        oracle.getEncodingName() === 'GSM-7' ? 'gsm7' : 'ucs2',
        oracle.segmentsCount,
      ]);
      expect(parts.join('')).toBe(text);
      expect(parts).toHaveLength(counted.parts);
      expect(counted.left).toBe(
        counted.perPart - (parts.at(-1) === undefined ? 0 : countParts(parts.at(-1)!, { profile: counted.encoding }).units),
      );
    }
  });

  test('differs on an empty text, which is no message at all', () => {
    expect(countParts('').parts).toBe(0);
    expect(new SegmentedMessage('').segmentsCount).toBe(1);
  });

  test('differs on a grapheme longer than a part, which the oracle puts into one part that no network could carry', () => {
    const stacked = 'س' + '\u064b'.repeat(99);
    expect(countParts(stacked).parts).toBe(2);
    expect(new SegmentedMessage(stacked).segments.some(segment => segment.messageSizeInBits() > 1120)).toBe(true);
  });
});
