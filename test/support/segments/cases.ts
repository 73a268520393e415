/** A small cast and, per kind of rule, what it asks and whom it picks. Names of cases are names of golden files. */
import type { Rule } from '../../../src/domain/segment/rule.js';
import { makeEmail, makePerson, makePhone, type Person } from './people.js';

/** Sunday the 22nd in Baku; already the 23rd in Auckland, still the 21st at UTC-12. */
export const now = new Date('2026-11-22T11:00:00Z');
export const timeZone = 'Asia/Baku';

const ago = (days: number): Date => new Date(now.getTime() - days * 86_400_000);

export const cast = {
  leyla: makePerson(1, {
    fields: {
      firstName: 'Leyla',
      lastName: 'Əliyeva',
      gender: 'female',
      birthDate: '1996-05-17',
      timeZone: 'Asia/Baku',
      country: 'AZ',
      region: 'Absheron',
      city: 'Baku',
      district: 'Sabail',
      postalCode: 'AZ1000',
      interests: ['Hiking', 'chess'],
      incomeAmount: 1200.5,
      createdAt: ago(100),
    },
    reach: [
      makePhone('+994501234567', { country: 'AZ', topics: ['news'] }),
      makeEmail('leyla@example.com', { topics: ['news'] }),
    ],
    attributes: {
      1: 'Əla müştəri',
      2: 12.5,
      3: true,
      4: '2025-11-29',
      5: '2026-11-21T20:30:00Z',
      6: ['Ski', 'golf'],
      7: 'gold',
      8: ['gold', 'silver'],
      9: { amount: 100, currency: 'EUR' },
      10: { country: 'AZ', city: 'Ganja', postalCode: 'AZ 2000' },
    },
    consents: [
      { channel: 'sms', topic: 'news', state: 'withdrawn', source: 'stop', occurredAt: ago(10), expiresAt: null },
      { channel: 'sms', topic: 'news', state: 'granted', source: 'webform', occurredAt: ago(10), expiresAt: null },
    ],
    listIds: new Set(['1']),
    tagIds: new Set(['2']),
    events: [
      { name: 'Product Viewed', at: ago(3) },
      { name: 'Product Viewed', at: ago(40) },
    ],
    lastOrderAt: ago(20),
  }),
  john: makePerson(2, {
    fields: {
      firstName: 'John',
      lastName: "O'Brien",
      gender: 'male',
      birthDate: '1990-11-23',
      timeZone: 'Pacific/Auckland',
      country: 'NZ',
      city: 'Auckland',
      company: '100% Wool',
      createdAt: ago(10),
    },
    reach: [makePhone('+12125550100', { country: 'US', areaCode: '212', lineType: 'fixed-or-mobile' })],
    attributes: { 2: 7, 3: false, 4: '2026-11-23', 6: ['ski'], 7: 'Gold', 9: { amount: 500, currency: 'USD' } },
    consents: [
      { channel: 'sms', topic: 'news', state: 'granted', source: 'import', occurredAt: ago(400), expiresAt: ago(0) },
      { channel: 'email', topic: 'news', state: 'granted', source: 'webform', occurredAt: ago(5), expiresAt: null },
    ],
    tagIds: new Set(['1']),
    events: [{ name: 'Product Viewed', at: ago(40) }],
    lastOrderAt: ago(200),
  }),
  maria: makePerson(3, {
    fields: {
      firstName: 'María',
      birthDate: '1990-11-23',
      timeZone: 'America/Lima',
      city: 'BAKU',
      company: '100 Wool',
      interests: [],
    },
    reach: [
      makePhone('+12125550101', { country: 'US', areaCode: '212', isSuppressed: true }),
      makeEmail('m@example.com', { state: 'bounced' }),
    ],
    consents: [
      { channel: 'sms', topic: 'news', state: 'granted', source: 'webform', occurredAt: ago(30), expiresAt: null },
      { channel: 'sms', topic: 'news', state: 'withdrawn', source: 'stop', occurredAt: ago(3), expiresAt: null },
    ],
    listIds: new Set(['1', '2']),
  }),
  leap: makePerson(4, {
    fields: { firstName: 'Leap', birthDate: '2000-02-29', country: 'GB', postalCode: 'SW1A 1AA' },
    reach: [
      makePhone('+442079460000', { country: 'GB', areaCode: '20', lineType: 'fixed' }),
      makePhone('+12125550102', { country: 'US', areaCode: '212', isPrimary: false }),
    ],
    events: [{ name: 'Product Viewed', at: new Date(now.getTime() + 3_600_000) }],
  }),
  /** Of whom nothing is known. */
  ghost: makePerson(5),
} as const satisfies Record<string, Person>;

export type Name = keyof typeof cast;
export type Case = { name: string; rule: Rule; picks: Name[] };

export const cases: readonly Case[] = [
  { name: 'everyone', rule: { kind: 'all', rules: [] }, picks: ['leyla', 'john', 'maria', 'leap', 'ghost'] },
  { name: 'nobody', rule: { kind: 'any', rules: [] }, picks: [] },
  {
    name: 'all',
    rule: {
      kind: 'all',
      rules: [
        { kind: 'attribute', field: 'gender', operator: 'is', value: 'female' },
        { kind: 'age', operator: 'between', value: [25, 35] },
        { kind: 'place', city: ['Baku'] },
      ],
    },
    picks: ['leyla'],
  },
  {
    name: 'any-joins-selects',
    rule: {
      kind: 'any',
      rules: [
        { kind: 'attribute', field: 'country', operator: 'is', value: 'GB' },
        { kind: 'list', listId: '2', in: true },
        { kind: 'tag', tagId: '1', has: true },
      ],
    },
    picks: ['john', 'maria', 'leap'],
  },
  {
    name: 'none-includes-the-unknown',
    rule: {
      kind: 'none',
      rules: [
        { kind: 'attribute', field: 'gender', operator: 'is', value: 'female' },
        { kind: 'list', listId: '1', in: true },
      ],
    },
    picks: ['john', 'leap', 'ghost'],
  },
  {
    name: 'attribute-is-without-regard-to-case',
    rule: { kind: 'attribute', field: 'city', operator: 'is', value: 'bAkU' },
    picks: ['leyla', 'maria'],
  },
  {
    name: 'attribute-is-not',
    rule: { kind: 'attribute', field: 'city', operator: 'is-not', value: 'Baku' },
    picks: ['john', 'leap', 'ghost'],
  },
  {
    name: 'attribute-in',
    rule: { kind: 'attribute', field: 'firstName', operator: 'in', value: ['LEYLA', 'john', 'nobody'] },
    picks: ['leyla', 'john'],
  },
  {
    name: 'attribute-not-in',
    rule: { kind: 'attribute', field: 'country', operator: 'not-in', value: ['AZ', 'GB'] },
    picks: ['john', 'maria', 'ghost'],
  },
  {
    name: 'attribute-contains-is-no-pattern',
    rule: { kind: 'attribute', field: 'company', operator: 'contains', value: '100%' },
    picks: ['john'],
  },
  { name: 'attribute-prefix', rule: { kind: 'attribute', field: 'lastName', operator: 'prefix', value: 'ə' }, picks: ['leyla'] },
  {
    name: 'attribute-number',
    rule: { kind: 'attribute', field: 'incomeAmount', operator: 'at-least', value: 1200.5 },
    picks: ['leyla'],
  },
  {
    name: 'attribute-day-between',
    rule: { kind: 'attribute', field: 'birthDate', operator: 'between', value: ['1990-11-23', '1996-05-17'] },
    picks: ['leyla', 'john', 'maria'],
  },
  {
    name: 'attribute-instant',
    rule: { kind: 'attribute', field: 'createdAt', operator: 'at-most', value: '2026-11-12T15:00:00+04:00' },
    picks: ['leyla', 'john'],
  },
  { name: 'attribute-known', rule: { kind: 'attribute', field: 'interests', operator: 'known' }, picks: ['leyla'] },
  {
    name: 'attribute-unknown',
    rule: { kind: 'attribute', field: 'interests', operator: 'unknown' },
    picks: ['john', 'maria', 'leap', 'ghost'],
  },
  {
    name: 'attribute-list-contains',
    rule: { kind: 'attribute', field: 'interests', operator: 'contains', value: 'HIKING' },
    picks: ['leyla'],
  },
  {
    name: 'attribute-list-not-in',
    rule: { kind: 'attribute', field: 'interests', operator: 'not-in', value: ['hiking', 'golf'] },
    picks: ['john', 'maria', 'leap', 'ghost'],
  },
  // It is John's 36th birthday in Auckland; for María in Lima, born the same day, it is the eve of the eve.
  { name: 'age-on-the-own-day', rule: { kind: 'age', operator: 'is', value: 36 }, picks: ['john'] },
  { name: 'age-at-most', rule: { kind: 'age', operator: 'at-most', value: 35 }, picks: ['leyla', 'maria', 'leap'] },
  { name: 'age-is-not', rule: { kind: 'age', operator: 'is-not', value: 36 }, picks: ['leyla', 'maria', 'leap', 'ghost'] },
  { name: 'age-known', rule: { kind: 'age', operator: 'known' }, picks: ['leyla', 'john', 'maria', 'leap'] },
  { name: 'place', rule: { kind: 'place', country: ['AZ', 'NZ'], city: ['baku'] }, picks: ['leyla'] },
  { name: 'place-postal-prefix', rule: { kind: 'place', postalPrefix: ['sw1a1', 'AZ 2'] }, picks: ['leap'] },
  { name: 'phone-prefix', rule: { kind: 'phone', prefix: ['+1 (212)', '0044 20'] }, picks: ['john', 'maria', 'leap'] },
  {
    name: 'phone-area-code',
    rule: { kind: 'phone', areaCode: ['212'], country: ['US'], lineType: ['fixed-or-mobile', 'mobile'] },
    picks: ['john', 'maria'],
  },
  { name: 'list-in', rule: { kind: 'list', listId: '1', in: true }, picks: ['leyla', 'maria'] },
  { name: 'list-not-in', rule: { kind: 'list', listId: '1', in: false }, picks: ['john', 'leap', 'ghost'] },
  { name: 'tag-has', rule: { kind: 'tag', tagId: '2', has: true }, picks: ['leyla'] },
  { name: 'tag-has-not', rule: { kind: 'tag', tagId: '2', has: false }, picks: ['john', 'maria', 'leap', 'ghost'] },
  {
    name: 'event-did',
    rule: { kind: 'event', name: 'Product Viewed', did: true, window: { lastDays: 7 } },
    picks: ['leyla'],
  },
  {
    name: 'event-did-not',
    rule: { kind: 'event', name: 'Product Viewed', did: false, window: { ever: true } },
    picks: ['maria', 'leap', 'ghost'],
  },
  {
    name: 'event-between',
    rule: {
      kind: 'event',
      name: 'Product Viewed',
      did: true,
      window: { between: ['2026-10-13T11:00:00Z', '2026-11-01T00:00:00+02:00'] },
    },
    picks: ['leyla', 'john'],
  },
  {
    name: 'event-last-more-than-days-ago',
    rule: { kind: 'event-last', name: 'Product Viewed', operator: 'more-than-days-ago', days: 30 },
    picks: ['john'],
  },
  {
    name: 'event-last-within-days',
    rule: { kind: 'event-last', name: 'Product Viewed', operator: 'within-days', days: 30 },
    picks: ['leyla'],
  },
  {
    name: 'event-last-never',
    rule: { kind: 'event-last', name: 'Product Viewed', operator: 'never' },
    picks: ['maria', 'leap', 'ghost'],
  },
  {
    name: 'last-order-more-than-days-ago',
    rule: { kind: 'last-order', operator: 'more-than-days-ago', days: 180 },
    picks: ['john'],
  },
  { name: 'last-order-within-days', rule: { kind: 'last-order', operator: 'within-days', days: 180 }, picks: ['leyla'] },
  { name: 'last-order-never', rule: { kind: 'last-order', operator: 'never' }, picks: ['maria', 'leap', 'ghost'] },
  { name: 'reachable', rule: { kind: 'reachable', channel: 'sms' }, picks: ['leyla', 'john', 'leap'] },
  { name: 'reachable-topic', rule: { kind: 'reachable', channel: 'email', topic: 'news' }, picks: ['leyla'] },
  {
    name: 'attribute-suffix',
    rule: { kind: 'attribute', field: 'lastName', operator: 'suffix', value: 'YEVA' },
    picks: ['leyla'],
  },
  {
    name: 'attribute-not-contains',
    rule: { kind: 'attribute', field: 'company', operator: 'not-contains', value: '%' },
    picks: ['leyla', 'maria', 'leap', 'ghost'],
  },
  {
    name: 'attribute-list-contains-all',
    rule: { kind: 'attribute', field: 'interests', operator: 'contains-all', value: ['hiking', 'CHESS'] },
    picks: ['leyla'],
  },
  {
    name: 'attribute-day-in-next',
    rule: { kind: 'custom-attribute', attributeId: '4', type: 'date', operator: 'in-next', value: { amount: 1, unit: 'weeks' } },
    picks: ['john'],
  },
  {
    name: 'attribute-day-before',
    rule: {
      kind: 'attribute',
      field: 'birthDate',
      operator: 'before',
      value: { amount: 360, unit: 'months', direction: 'ago' },
    },
    picks: ['leyla', 'john', 'maria'],
  },
  // It is the 23rd in Auckland: John's own today.
  {
    name: 'attribute-day-today',
    rule: { kind: 'custom-attribute', attributeId: '4', type: 'date', operator: 'today' },
    picks: ['john'],
  },
  {
    name: 'attribute-instant-in-last',
    rule: { kind: 'attribute', field: 'createdAt', operator: 'in-last', value: { amount: 1, unit: 'months' } },
    picks: ['john'],
  },
  // 20:30 UTC on the 21st is the 22nd in Baku.
  {
    name: 'attribute-instant-today',
    rule: { kind: 'custom-attribute', attributeId: '5', type: 'time', operator: 'today' },
    picks: ['leyla'],
  },
  {
    name: 'custom-text',
    rule: { kind: 'custom-attribute', attributeId: '1', type: 'text', operator: 'contains', value: 'MÜŞTƏRI' },
    picks: ['leyla'],
  },
  {
    name: 'custom-number',
    rule: { kind: 'custom-attribute', attributeId: '2', type: 'number', operator: 'between', value: [7, 12] },
    picks: ['john'],
  },
  {
    name: 'custom-boolean-is-not',
    rule: { kind: 'custom-attribute', attributeId: '3', type: 'boolean', operator: 'is-not', value: true },
    picks: ['john', 'maria', 'leap', 'ghost'],
  },
  {
    name: 'custom-texts-in',
    rule: { kind: 'custom-attribute', attributeId: '6', type: 'texts', operator: 'in', value: ['SKI', 'tennis'] },
    picks: ['leyla', 'john'],
  },
  {
    name: 'custom-choice-is-exact',
    rule: { kind: 'custom-attribute', attributeId: '7', type: 'choice', operator: 'in', value: ['gold', 'silver'] },
    picks: ['leyla'],
  },
  {
    name: 'custom-choices-contains-all',
    rule: { kind: 'custom-attribute', attributeId: '8', type: 'choices', operator: 'contains-all', value: ['gold', 'silver'] },
    picks: ['leyla'],
  },
  {
    name: 'custom-money-within-its-currency',
    rule: {
      kind: 'custom-attribute',
      attributeId: '9',
      type: 'money',
      operator: 'at-least',
      value: { amount: 100, currency: 'EUR' },
    },
    picks: ['leyla'],
  },
  {
    name: 'custom-place',
    rule: {
      kind: 'custom-attribute',
      attributeId: '10',
      type: 'place',
      operator: 'is',
      value: { country: ['AZ'], city: ['ganja'], postalPrefix: ['az-20'] },
    },
    picks: ['leyla'],
  },
  {
    name: 'custom-unknown',
    rule: { kind: 'custom-attribute', attributeId: '9', type: 'money', operator: 'unknown' },
    picks: ['maria', 'leap', 'ghost'],
  },
  // 23 November: today for John in Auckland, the day after next for María in Lima, whose day is still the 22nd.
  {
    name: 'anniversary-today',
    rule: { kind: 'anniversary', of: { field: 'birthDate' }, operator: 'today', leapDay: 'feb-28' },
    picks: ['john'],
  },
  {
    name: 'anniversary-within-days',
    rule: { kind: 'anniversary', of: { field: 'birthDate' }, operator: 'within-days', days: 2, leapDay: 'feb-28' },
    picks: ['john', 'maria'],
  },
  {
    name: 'anniversary-of-a-leap-day',
    rule: { kind: 'anniversary', of: { field: 'birthDate' }, operator: 'in-days', days: 98, leapDay: 'feb-28' },
    picks: ['leap'],
  },
  {
    name: 'anniversary-of-a-leap-day-in-march',
    rule: { kind: 'anniversary', of: { field: 'birthDate' }, operator: 'in-days', days: 99, leapDay: 'mar-1' },
    picks: ['leap'],
  },
  // John's is of this very year: not yet an anniversary.
  {
    name: 'anniversary-of-a-custom-date',
    rule: { kind: 'anniversary', of: { attributeId: '4' }, operator: 'this-month', leapDay: 'feb-28' },
    picks: ['leyla'],
  },
  {
    name: 'consent-granted',
    rule: { kind: 'consent', channel: 'sms', topic: 'news', state: 'granted', source: ['webform'], withinDays: 30 },
    picks: ['leyla'],
  },
  {
    name: 'consent-withdrawn',
    rule: { kind: 'consent', channel: 'sms', topic: 'news', state: 'withdrawn', since: '2026-11-19T11:00:00Z' },
    picks: ['maria'],
  },
  {
    name: 'consent-expired',
    rule: { kind: 'consent', channel: 'sms', topic: 'news', state: 'expired', olderThanDays: 365 },
    picks: ['john'],
  },
  {
    name: 'consent-none',
    rule: { kind: 'consent', channel: 'sms', topic: 'news', state: 'none' },
    picks: ['leap', 'ghost'],
  },
  // Segment 1: on list 1, or 30 and older.
  { name: 'segment-in', rule: { kind: 'segment', segmentId: '1', in: true }, picks: ['leyla', 'john', 'maria'] },
  {
    name: 'segment-not-in',
    rule: { kind: 'segment', segmentId: '2', in: false },
    picks: ['leyla', 'john', 'maria', 'leap', 'ghost'],
  },
];
