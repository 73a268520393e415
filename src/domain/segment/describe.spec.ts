import { describe as describeRule } from './describe.js';
import type { Rule } from './rule.js';

const names = {
  lists: new Map([['1', 'VIP']]),
  tags: new Map([['2', 'dog owner']]),
  attributes: new Map([['3', 'Plan']]),
  segments: new Map([['4', 'Regulars']]),
};

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
  [
    { kind: 'attribute', field: 'birthDate', operator: 'before', value: { amount: 1, unit: 'months', direction: 'ago' } },
    'Contacts whose birth date is earlier than 1 month ago.',
  ],
  [
    { kind: 'attribute', field: 'createdAt', operator: 'in-last', value: { amount: 2, unit: 'weeks' } },
    'Contacts whose first day with us is in the last 2 weeks.',
  ],
  [
    { kind: 'attribute', field: 'birthDate', operator: 'on', value: { amount: 3, unit: 'days', direction: 'from-now' } },
    'Contacts whose birth date is on the day 3 days from now.',
  ],
  [{ kind: 'attribute', field: 'createdAt', operator: 'today' }, 'Contacts whose first day with us is today.'],
  [
    { kind: 'attribute', field: 'interests', operator: 'contains-all', value: ['golf', 'chess'] },
    'Contacts whose interests include all of “golf” and “chess”.',
  ],
  [{ kind: 'attribute', field: 'lastName', operator: 'suffix', value: 'ova' }, 'Contacts whose last name ends with “ova”.'],
  [
    { kind: 'attribute', field: 'company', operator: 'not-contains', value: 'GmbH' },
    'Contacts whose company does not contain “GmbH” (or is unknown).',
  ],
  [{ kind: 'custom-attribute', attributeId: '3', type: 'boolean', operator: 'is', value: true }, 'Contacts whose “Plan” is yes.'],
  [
    {
      kind: 'custom-attribute',
      attributeId: '3',
      type: 'money',
      operator: 'between',
      value: [
        { amount: 5, currency: 'EUR' },
        { amount: 9.5, currency: 'EUR' },
      ],
    },
    'Contacts whose “Plan” is from 5 EUR to 9.5 EUR.',
  ],
  [
    { kind: 'custom-attribute', attributeId: '3', type: 'money', operator: 'at-least', value: { amount: 5, currency: 'EUR' } },
    'Contacts whose “Plan” is at least 5 EUR.',
  ],
  [
    { kind: 'custom-attribute', attributeId: '5', type: 'place', operator: 'is-not', value: { city: ['Baku'] } },
    'Contacts whose #5 (which no longer exists) is not in the city “Baku” (or is unknown).',
  ],
  [
    { kind: 'custom-attribute', attributeId: '3', type: 'date', operator: 'in-next', value: { amount: 1, unit: 'days' } },
    'Contacts whose “Plan” is in the next 1 day.',
  ],
  [
    { kind: 'anniversary', of: { field: 'birthDate' }, operator: 'in-days', days: 7, leapDay: 'mar-1' },
    'Contacts whose birthday is in 7 days (29 February is kept on 1 March).',
  ],
  [
    { kind: 'anniversary', of: { attributeId: '3' }, operator: 'this-month', leapDay: 'feb-28' },
    'Contacts whose anniversary of “Plan” is this month.',
  ],
  [
    { kind: 'consent', channel: 'sms', topic: 'news', state: 'granted', source: ['webform'], olderThanDays: 365 },
    'Contacts who agreed to “news” by SMS, through “webform”, more than 365 days ago.',
  ],
  [
    { kind: 'consent', channel: 'email', topic: 'news', state: 'none' },
    'Contacts who never said whether they want “news” by email.',
  ],
  [{ kind: 'segment', segmentId: '4', in: false }, 'Contacts who are not in the segment “Regulars”.'],
  [{ kind: 'last-order', operator: 'never' }, 'Contacts who never ordered.'],
  [{ kind: 'reachable', channel: 'sms', topic: 'news' }, 'Contacts who can be reached by SMS about “news”.'],
])('%j in words', (rule, sentence) => {
  expect(describeRule(rule, names)).toBe(sentence);
});
