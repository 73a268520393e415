// The languages rules are described in, and the one place that chooses between them.
import { english } from './english.js';
import type { Phrases } from './phrases.js';
import { azerbaijani } from './words/azerbaijani.js';
import { finnish } from './words/finnish.js';
import { persian } from './words/persian.js';
import { russian } from './words/russian.js';
import { turkish } from './words/turkish.js';

export const languages = ['en', 'fa', 'tr', 'az', 'fi', 'ru'] as const;
export type Language = (typeof languages)[number];

const phrases: Readonly<Record<Language, Phrases>> = {
  en: english,
  fa: persian,
  tr: turkish,
  az: azerbaijani,
  fi: finnish,
  ru: russian,
};

export function phrasesOf(language: Language): Phrases {
  return phrases[language];
}

/** What was asked for by name, else the best of an Accept-Language header ("fa-IR,fa;q=0.9,en;q=0.5"), else English. */
export function chooseLanguage(asked: Language | undefined, acceptLanguage: string | undefined): Language {
  return asked ?? preferred(acceptLanguage ?? '') ?? 'en';
}

/** Of equal weight the first one counts. A header that is none says nothing. */
function preferred(header: string): Language | undefined {
  const wanted = header
    .slice(0, 500)
    .split(',')
    .map(part => {
      const [tag = '', ...parameters] = part.trim().split(';');
      const weight = parameters.map(text => /^\s*q=([\d.]+)\s*$/.exec(text)?.[1]).find(text => text !== undefined);
      return { language: tag.toLowerCase().split('-')[0], weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(one => one.weight > 0)
    .sort((one, other) => other.weight - one.weight);
  for (const { language } of wanted) {
    const known = languages.find(one => one === language);
    if (known) return known;
  }
  return undefined;
}
