// Rules said in every language: the sentences are golden files, to be read by people who speak it.
import { expectGolden } from '../../../../test/support/golden.js';
import { describe as describeRule } from '../describe.js';
import { languages, phrasesOf } from '../languages.js';
import type { Rule } from '../rule.js';

const names = {
  lists: new Map([['1', 'VIP']]),
  tags: new Map([['2', 'dog owner']]),
  attributes: new Map([['3', 'Plan']]),
  segments: new Map([['4', 'Regulars']]),
};
const plan = { kind: 'custom-attribute', attributeId: '3' } as const;
const news = { kind: 'consent', channel: 'email', topic: 'news' } as const;
const birthday = { kind: 'anniversary', of: { field: 'birthDate' } } as const;

const rules: Rule[] = [
  { kind: 'all', rules: [] },
  { kind: 'any', rules: [] },
  {
    kind: 'all',
    rules: [
      { kind: 'attribute', field: 'gender', operator: 'is', value: 'female' },
      { kind: 'age', operator: 'between', value: [25, 35] },
      { kind: 'place', country: ['AZ'], city: ['Bakı', 'Gəncə'] },
    ],
  },
  {
    kind: 'any',
    rules: [
      { kind: 'list', listId: '1', in: true },
      { kind: 'tag', tagId: '2', has: false },
      { kind: 'none', rules: [{ kind: 'last-order', operator: 'within-days', days: 180 }] },
    ],
  },
  { kind: 'attribute', field: 'city', operator: 'is-not', value: 'Tampere' },
  { kind: 'attribute', field: 'company', operator: 'not-contains', value: 'GmbH' },
  { kind: 'attribute', field: 'firstName', operator: 'prefix', value: 'Ал' },
  { kind: 'attribute', field: 'lastName', operator: 'suffix', value: 'ov' },
  { kind: 'attribute', field: 'interests', operator: 'in', value: ['golf', 'chess'] },
  { kind: 'attribute', field: 'interests', operator: 'contains-all', value: ['golf', 'chess', 'تنیس'] },
  { kind: 'attribute', field: 'interests', operator: 'not-in', value: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] },
  { kind: 'attribute', field: 'incomeAmount', operator: 'more', value: 50_000 },
  { kind: 'attribute', field: 'childrenCount', operator: 'at-least', value: 2 },
  { kind: 'attribute', field: 'birthDate', operator: 'less', value: '2000-01-01' },
  { kind: 'attribute', field: 'createdAt', operator: 'in-last', value: { amount: 3, unit: 'months' } },
  { kind: 'attribute', field: 'createdAt', operator: 'before', value: { amount: 1, unit: 'weeks', direction: 'ago' } },
  { kind: 'attribute', field: 'birthDate', operator: 'unknown' },
  { kind: 'age', operator: 'at-most', value: 17 },
  { kind: 'age', operator: 'known' },
  { ...birthday, operator: 'today', leapDay: 'feb-28' },
  { ...birthday, operator: 'in-days', days: 21, leapDay: 'mar-1' },
  { kind: 'anniversary', of: { attributeId: '3' }, operator: 'within-days', days: 7, leapDay: 'feb-28' },
  { ...birthday, operator: 'this-month', leapDay: 'feb-28' },
  { kind: 'place', country: ['GB'], postalPrefix: ['SW1A'] },
  { kind: 'phone', areaCode: ['212'], country: ['US'], lineType: ['mobile'] },
  { kind: 'list', listId: '9', in: false },
  { kind: 'event', name: 'Product Viewed', did: false, window: { lastDays: 7 } },
  { kind: 'event', name: 'Signed Up', did: true, window: { ever: true } },
  { kind: 'event', name: 'Signed Up', did: true, window: { between: ['2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'] } },
  { kind: 'event-last', name: 'Logged In', operator: 'more-than-days-ago', days: 1 },
  { kind: 'event-last', name: 'Logged In', operator: 'never' },
  { kind: 'last-order', operator: 'more-than-days-ago', days: 31 },
  { kind: 'last-order', operator: 'never' },
  { kind: 'reachable', channel: 'sms', topic: 'news' },
  { kind: 'segment', segmentId: '4', in: true },
  { ...news, state: 'granted', source: ['webform', 'import:12'], olderThanDays: 365 },
  { ...news, state: 'withdrawn', since: '2026-01-01T00:00:00Z' },
  { ...news, state: 'expired' },
  { ...news, state: 'none' },
  { ...plan, type: 'boolean', operator: 'is', value: true },
  { ...plan, type: 'money', operator: 'at-least', value: { amount: 99.5, currency: 'EUR' } },
  { ...plan, type: 'place', operator: 'is-not', value: { city: ['Oulu'], country: ['FI'] } },
  { ...plan, type: 'date', operator: 'on', value: { amount: 2, unit: 'days', direction: 'from-now' } },
  { ...plan, type: 'time', operator: 'in-next', value: { amount: 21, unit: 'days' } },
];

test.each(languages)('rules are said in "%s"', language => {
  const sentences = rules.map(rule => describeRule(rule, names, phrasesOf(language)));
  expectGolden(`descriptions/${language}.txt`, `${sentences.join('\n')}\n`);
});

test.each(languages)('no rule is said as another one in "%s"', language => {
  const sentences = rules.map(rule => describeRule(rule, names, phrasesOf(language)));
  expect(new Set(sentences).size).toBe(rules.length);
});
