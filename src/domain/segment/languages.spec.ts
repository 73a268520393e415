import { chooseLanguage, type Language } from './languages.js';
import { createWording } from './wording.js';

test.each<[Language | undefined, string | undefined, Language]>([
  [undefined, undefined, 'en'],
  ['fa', 'ru', 'fa'],
  [undefined, 'fa-IR,fa;q=0.9,en;q=0.5', 'fa'],
  [undefined, 'de, ru;q=0.5, az;q=0.8', 'az'],
  [undefined, 'TR', 'tr'],
  [undefined, 'fi;q=0, ru;q=0.1', 'ru'],
  [undefined, '*;q=x,,;;', 'en'],
])('asked for %s with the header %s it is %s', (asked, header, expected) => {
  expect(chooseLanguage(asked, header)).toBe(expected);
});

const habits = {
  yes: 'да',
  no: 'нет',
  orOneOf: () => '',
  andMore: () => '',
  gone: (id: string) => id,
  lastWords: { and: 'и', or: 'или' },
};

test('plurals follow the language', () => {
  const { plural } = createWording({ ...habits, tag: 'ru', quotes: ['«', '»'] });
  const forms = { one: 'день', few: 'дня', many: 'дней', other: 'дня' };
  expect([1, 3, 5, 11, 21, 1.5].map(count => plural(count, forms))).toEqual(['день', 'дня', 'дней', 'дней', 'день', 'дня']);
});

test('between letters from right to left a value keeps its own direction', () => {
  const { shown } = createWording({ ...habits, tag: 'fa', quotes: ['«', '»'], isRightToLeft: true });
  expect(shown('+1 212')).toBe('«\u2068+1 212\u2069»');
  expect(shown(25)).toBe('\u2068۲۵\u2069');
});
