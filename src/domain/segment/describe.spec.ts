import { describe as describeRule } from './describe.js';
import type { Rule } from './rule.js';

const names = { lists: new Map([['1', 'VIP']]), tags: new Map([['2', 'dog owner']]) };

test.each<[Rule, string]>([
  [{ kind: 'all', rules: [] }, 'Everyone.'],
  [{ kind: 'any', rules: [] }, 'Nobody.'],
  [
    {
      kind: 'all',
      rules: [
        { kind: 'attribute', field: 'gender', operator: 'is', value: 'female' },
        { kind: 'age', operator: 'between', value: [25, 35] },
        { kind: 'place', country: ['AZ'], city: ['Baku', 'Ganja'] },
      ],
    },
    'Contacts whose gender is “female”, who are 25 to 35 years old and who live in the city “Baku” or “Ganja” and the country “AZ”.',
  ],
  [
    {
      kind: 'all',
      rules: [
        {
          kind: 'any',
          rules: [
            { kind: 'list', listId: '1', in: true },
            { kind: 'tag', tagId: '2', has: false },
          ],
        },
        { kind: 'none', rules: [{ kind: 'last-order', operator: 'within-days', days: 180 }] },
      ],
    },
    'Contacts (who are on the list “VIP” or who do not have the tag “dog owner”) and ' +
      'for whom none of this holds, or it is unknown: [whose last order was within the last 180 days].',
  ],
  [{ kind: 'attribute', field: 'city', operator: 'is-not', value: 'Baku' }, 'Contacts whose city is not “Baku” (or is unknown).'],
  [
    { kind: 'attribute', field: 'interests', operator: 'not-in', value: ['golf', 'chess'] },
    'Contacts whose interests do not include “golf” or “chess” (or are unknown).',
  ],
  [
    { kind: 'attribute', field: 'birthDate', operator: 'more', value: '2000-01-01' },
    'Contacts whose birth date is after “2000-01-01”.',
  ],
  [
    { kind: 'attribute', field: 'childrenCount', operator: 'at-least', value: 2 },
    'Contacts whose number of children is 2 or more.',
  ],
  [
    { kind: 'place', region: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] },
    'Contacts who live in the region “a”, “b”, “c”, “d”, “e”, “f” or one of 2 more.',
  ],
  [
    { kind: 'phone', areaCode: ['212'], country: ['US'] },
    'Contacts whose phone number has the area code “212” and belongs to “US”.',
  ],
  [{ kind: 'list', listId: '9', in: true }, 'Contacts who are on the list #9 (which no longer exists).'],
  [
    { kind: 'event', name: 'Product Viewed', did: false, window: { lastDays: 7 } },
    'Contacts who did not do “Product Viewed” in the last 7 days.',
  ],
  [
    { kind: 'event-last', name: 'Logged In', operator: 'more-than-days-ago', days: 1 },
    'Contacts whose last “Logged In” was more than 24 hours ago.',
  ],
  [{ kind: 'last-order', operator: 'never' }, 'Contacts who never ordered.'],
  [{ kind: 'reachable', channel: 'sms', topic: 'news' }, 'Contacts who can be reached by SMS about “news”.'],
])('%j in words', (rule, sentence) => {
  expect(describeRule(rule, names)).toBe(sentence);
});
