import { canonicalLocale, lookupChain, pickLocale } from './locales.js';

const available = new Map(['fa', 'tr', 'az-latn', 'pt-br', 'pt', 'zh-hant'].map(tag => [tag, tag]));

describe('the language of a message', () => {
  test.each([
    ['fa', 'fa'],
    ['fa-IR', 'fa'],
    ['fa_IR', 'fa'],
    ['PT-br', 'pt-br'],
    ['pt-AO', 'pt'],
    ['az', 'az-latn'],
    ['az-AZ', 'az-latn'],
    ['zh-TW', 'zh-hant'],
    ['zh-CN', null],
    ['tr-x-a-b', 'tr'],
    ['en', null],
    ['', null],
    ['???', null],
    [null, null],
  ])('for %j is %j', (tag, expected) => {
    expect(pickLocale(available, tag)).toBe(expected);
  });

  test('is looked up from the whole tag to the language alone', () => {
    expect(lookupChain('pt-BR')).toEqual(['pt-br', 'pt-latn-br', 'pt-latn', 'pt']);
  });

  test('is written one way', () => {
    expect([canonicalLocale('pt-br'), canonicalLocale('AZ-latn'), canonicalLocale('x y')]).toEqual(['pt-BR', 'az-Latn', null]);
  });
});
