/**
 * Made-up people and rules for the differential test, from a seed. Values are few and awkward on purpose, so that rules
 * and people meet: case pairs, Turkish i, LIKE signs, quotes, leap days, zones on three different days, absent facts.
 */
import {
  type Field,
  type FieldName,
  fieldNames,
  fields,
  type Operator,
  operatorsOf,
} from '../../../src/domain/segment/fields.js';
import type { AnniversaryRule } from '../../../src/domain/segment/kinds/anniversary.js';
import { plainTypes } from '../../../src/domain/segment/kinds/custom-attribute.js';
import type { ConsentRule } from '../../../src/domain/segment/kinds/consent.js';
import { isRelative, type RelativeTest } from '../../../src/domain/segment/kinds/relative.js';
import type { FieldValue, ProfileConsent, ProfileReach } from '../../../src/domain/segment/profile.js';
import type { Leaf, Rule } from '../../../src/domain/segment/rule.js';
import { listIds, makeEmail, makePerson, makePhone, type Person, tagIds } from './people.js';

/** Mulberry32: small, even enough, the same everywhere. */
export class Dice {
  constructor(private state: number) {}

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }

  some<Item>(items: readonly Item[], max: number): Item[] {
    return Array.from({ length: 1 + this.below(max) }, () => this.pick(items));
  }
}

const words = [
  'Baku',
  'baku',
  'BAKU',
  'İzmir',
  'izmir',
  'IZMIR',
  'ızmir',
  '100%',
  '100',
  'a_b',
  'axb',
  "O'Brien",
  '\\',
  'Σίσυφος',
  'ΣΊΣΥΦΟΣ',
  'Straße',
  'تهران',
  'sw1a 1AA',
  'SW-1A 1AA',
  'SW1A1AA',
  ' ',
] as const;
const numbers = [0, 1, 2, 2.5, 3, 5, 8] as const;
const countries = ['AZ', 'TR', 'FI', 'US'] as const;
const zones = [
  'Asia/Baku',
  'Pacific/Kiritimati',
  'Pacific/Auckland',
  'NZ',
  'Etc/GMT+12',
  'America/Los_Angeles',
  'US/Hawaii',
  'Asia/Calcutta',
  'Asia/Kolkata',
  'Mars/Olympus',
] as const;
const phones = ['+12125550100', '+12125550101', '+16465550100', '+442079460000', '+989121234567', '+358401234567'] as const;
const prefixes = ['+1', '1 212', '+44 (0)20', '0098 912', '۹۸۹۱۲', '358', '+12125550100'] as const;
const areaCodes = ['212', '646', '20', '020'] as const;
const lineTypes = ['mobile', 'fixed', 'voip'] as const;
const postalPrefixes = ['sw1a', 'SW1A 1', 'sw-1', 'baku', '%', '100'] as const;
const topics = ['news', 'offers'] as const;
const events = ['Product Viewed', 'product viewed', 'Cart Abandoned'] as const;

export type Moments = { now: Date; days: readonly string[]; instants: readonly string[] };

/** Days and moments around the edges of what rules ask about. */
export function momentsAround(now: Date): Moments {
  const shifts = [-200, -180, -30.0001, -30, -29.9999, -7, -1, 0, 0.0001, 3];
  const instants = shifts.map(shift => new Date(now.getTime() + shift * 86_400_000).toISOString());
  const year = now.getUTCFullYear();
  const monthDays = [-2, -1, 0, 1, 2].map(shift => new Date(now.getTime() + shift * 86_400_000).toISOString().slice(5, 10));
  const leap = ['2000-02-29', '1996-02-29', '2000-02-28', '2000-03-01'];
  const birthdays = [18, 25, 35, 36].flatMap(age => monthDays.map(day => `${year - age}-${day}`));
  return { now, instants, days: [...leap, ...birthdays.filter(isDay)] };
}

function isDay(day: string): boolean {
  const parsed = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(day);
}

export function generatePerson(id: number, dice: Dice, moments: Moments): Person {
  const known = fieldNames.filter(() => dice.chance(0.6));
  return makePerson(id, {
    fields: Object.fromEntries([
      ...known.map(name => [name, personValue(name, dice, moments)]),
      ['createdAt', new Date(dice.pick(moments.instants))],
      ['updatedAt', new Date(dice.pick(moments.instants))],
    ]) as Person['fields'],
    attributes: generateAttributes(dice, moments),
    reach: generateReach(dice),
    consents: Array.from({ length: dice.below(4) }, () => generateConsent(dice, moments)),
    listIds: new Set(listIds.filter(() => dice.chance(0.3))),
    tagIds: new Set(tagIds.filter(() => dice.chance(0.3))),
    events: Array.from({ length: dice.below(5) }, () => ({ name: dice.pick(events), at: new Date(dice.pick(moments.instants)) })),
    lastOrderAt: dice.chance(0.5) ? new Date(dice.pick(moments.instants.slice(0, 8))) : null,
  });
}

function generateReach(dice: Dice): ProfileReach[] {
  const reach: ProfileReach[] = [];
  const random = () => ({
    state: dice.pick(['ok', 'ok', 'ok', 'invalid', 'bounced'] as const),
    isSuppressed: dice.chance(0.2),
    topics: topics.filter(() => dice.chance(0.4)),
  });
  const place = () => ({
    country: dice.pick([...countries, null]),
    areaCode: dice.pick([...areaCodes.slice(0, 3), null]),
    lineType: dice.pick([...lineTypes, null]),
  });
  if (dice.chance(0.7)) reach.push(makePhone(dice.pick(phones.slice(0, 3)), { ...random(), ...place() }));
  if (dice.chance(0.3)) reach.push(makePhone(dice.pick(phones.slice(3)), { ...random(), ...place(), isPrimary: false }));
  if (dice.chance(0.6)) reach.push(makeEmail('a@example.com', random()));
  return reach;
}

function personValue(name: FieldName, dice: Dice, moments: Moments): FieldValue {
  const { type }: Field = fields[name];
  if (type === 'texts') return dice.chance(0.2) ? [] : dice.some(words, 3);
  if (type === 'instant') return new Date(dice.pick(moments.instants));
  if (name === 'timeZone') return dice.pick(zones);
  const value = ruleValue(name, dice, moments);
  return wholeFields.has(name) ? Math.floor(Number(value)) : value;
}

const wholeFields: ReadonlySet<FieldName> = new Set<FieldName>(['educationLevel', 'householdSize', 'childrenCount']);

function ruleValue(name: FieldName, dice: Dice, moments: Moments): string | number {
  const { type }: Field = fields[name];
  if (name === 'gender') return dice.pick(['female', 'male', 'other']);
  if (name === 'incomeCurrency') return dice.pick(['EUR', 'USD']);
  if (name === 'timeZone') return dice.pick(zones);
  if (type === 'choice') return dice.pick(countries);
  if (type === 'number') return dice.pick(numbers);
  if (type === 'day') return dice.pick(moments.days);
  if (type === 'instant') return dice.pick(moments.instants);
  return dice.pick(words);
}

/** Segments that rules may name: one of leaves only, one that names the other. */
export const segmentIds = ['1', '2'] as const;
export const segmentRules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  [
    '1',
    {
      kind: 'any',
      rules: [
        { kind: 'list', listId: '1', in: true },
        { kind: 'age', operator: 'at-least', value: 30 },
      ],
    },
  ],
  [
    '2',
    {
      kind: 'all',
      rules: [
        { kind: 'segment', segmentId: '1', in: false },
        { kind: 'tag', tagId: '2', has: true },
      ],
    },
  ],
]);

/** A rule of at most `depth` groups inside each other; every kind of leaf is as likely as any other. */
export function generateRule(dice: Dice, moments: Moments, depth = 3): Rule {
  if (depth === 0 || dice.chance(0.35)) return dice.pick(leafMakers)(dice, moments);
  const rules = Array.from({ length: dice.below(4) }, () => generateRule(dice, moments, depth - 1));
  return { kind: dice.pick(['all', 'any', 'none'] as const), rules };
}

export const leafMakers: readonly ((dice: Dice, moments: Moments) => Leaf)[] = [
  attribute,
  attribute,
  customAttribute,
  customAttribute,
  money,
  customPlace,
  age,
  anniversary,
  consent,
  dice => ({ kind: 'segment', segmentId: dice.pick(segmentIds), in: dice.chance(0.5) }),
  place,
  phone,
  dice => ({ kind: 'list', listId: dice.pick(listIds), in: dice.chance(0.5) }),
  dice => ({ kind: 'tag', tagId: dice.pick(tagIds), has: dice.chance(0.5) }),
  (dice, moments) => ({ kind: 'event', name: dice.pick(events), did: dice.chance(0.5), window: timeWindow(dice, moments) }),
  dice => ({ kind: 'event-last', name: dice.pick(events), ...sinceThen(dice) }),
  dice => ({ kind: 'last-order', ...sinceThen(dice) }),
  dice => ({ kind: 'reachable', channel: dice.pick(['sms', 'email']), topic: dice.chance(0.5) ? dice.pick(topics) : undefined }),
];

function attribute(dice: Dice, moments: Moments): Leaf {
  const field = dice.pick(fieldNames);
  const base = { kind: 'attribute', field } as const;
  return { ...base, ...comparison(dice, operatorsOf[fields[field].type], () => ruleValue(field, dice, moments)) } as Leaf;
}

/** A test of one value by one of the operators; what it is about is around it. */
function comparison(dice: Dice, operators: readonly Operator[], value: () => string | number | boolean): object {
  const operator = dice.pick(operators);
  const test = { operator } as RelativeTest;
  if (isRelative(test)) return relative(dice, test.operator);
  if (operator === 'known' || operator === 'unknown') return { operator };
  if (operator === 'in' || operator === 'not-in') return { operator, value: [value(), value(), value()] };
  if (operator === 'contains-all') return { operator, value: [value(), value()].slice(dice.below(2)) };
  if (operator !== 'between') return { operator, value: value() };
  return { operator, value: [value(), value()].sort((a, b) => (a < b ? -1 : 1)) };
}

function relative(dice: Dice, operator: RelativeTest['operator']): RelativeTest {
  if (operator === 'today') return { operator };
  const unit = dice.pick(['days', 'weeks', 'months'] as const);
  if (operator === 'in-last' || operator === 'in-next') return { operator, value: { amount: dice.pick([1, 2, 6, 40]), unit } };
  const direction = dice.pick(['ago', 'from-now'] as const);
  return { operator, value: { amount: dice.pick([0, 1, 2, 6]), unit, direction } };
}

/** Ids of custom attributes by their type in the registry. */
const attributeIds = {
  text: '1',
  number: '2',
  boolean: '3',
  date: '4',
  time: '5',
  texts: '6',
  choice: '7',
  choices: '8',
  money: '9',
  place: '10',
};
const choices = ['gold', 'Gold', 'silver'] as const;
const currencies = ['EUR', 'USD'] as const;

function generateAttributes(dice: Dice, moments: Moments): Person['attributes'] {
  const values = {
    [attributeIds.text]: dice.pick(words),
    [attributeIds.number]: dice.pick(numbers),
    [attributeIds.boolean]: dice.chance(0.5),
    [attributeIds.date]: dice.pick(moments.days),
    [attributeIds.time]: dice.pick(moments.instants),
    [attributeIds.texts]: dice.chance(0.2) ? [] : dice.some(words, 3),
    [attributeIds.choice]: dice.pick(choices),
    [attributeIds.choices]: dice.some(choices, 2),
    [attributeIds.money]: { amount: dice.pick(numbers), currency: dice.pick(currencies) },
    [attributeIds.place]: { country: dice.pick(countries), city: dice.pick(words), postalCode: dice.pick(words) },
  };
  return Object.fromEntries(Object.entries(values).filter(() => dice.chance(0.7)));
}

function customAttribute(dice: Dice, moments: Moments): Leaf {
  const type = dice.pick(Object.keys(plainTypes) as (keyof typeof plainTypes)[]);
  const values = {
    text: () => dice.pick(words),
    texts: () => dice.pick(words),
    number: () => dice.pick(numbers),
    boolean: () => dice.chance(0.5),
    date: () => dice.pick(moments.days),
    time: () => dice.pick(moments.instants),
    choice: () => dice.pick(choices),
    choices: () => dice.pick(choices),
  };
  const base = { kind: 'custom-attribute', attributeId: attributeIds[type], type } as const;
  return { ...base, ...comparison(dice, operatorsOf[plainTypes[type].as], values[type]) } as Leaf;
}

function money(dice: Dice): Leaf {
  const base = { kind: 'custom-attribute', attributeId: attributeIds.money, type: 'money' } as const;
  const currency = dice.pick(currencies);
  const operator = dice.pick(['is', 'more', 'less', 'at-least', 'at-most', 'between', 'known', 'unknown'] as const);
  if (operator === 'known' || operator === 'unknown') return { ...base, operator };
  if (operator !== 'between') return { ...base, operator, value: { amount: dice.pick(numbers), currency } };
  const [from = 0, to = 0] = [dice.pick(numbers), dice.pick(numbers)].sort((a, b) => a - b);
  return {
    ...base,
    operator,
    value: [
      { amount: from, currency },
      { amount: to, currency },
    ],
  };
}

function customPlace(dice: Dice): Leaf {
  const base = { kind: 'custom-attribute', attributeId: attributeIds.place, type: 'place' } as const;
  const operator = dice.pick(['is', 'is', 'is-not', 'known', 'unknown'] as const);
  if (operator === 'known' || operator === 'unknown') return { ...base, operator };
  const parts = { country: dice.some(countries, 2), city: dice.some(words, 3), postalPrefix: dice.some(postalPrefixes, 2) };
  return { ...base, operator, value: oneOrTwo(dice, parts) };
}

function anniversary(dice: Dice): AnniversaryRule {
  const of = dice.chance(0.5) ? { field: 'birthDate' as const } : { attributeId: attributeIds.date };
  const leapDay = dice.pick(['feb-28', 'mar-1'] as const);
  const operator = dice.pick(['today', 'in-days', 'within-days', 'this-month'] as const);
  const base = { kind: 'anniversary', of, leapDay } as const;
  if (operator === 'today' || operator === 'this-month') return { ...base, operator };
  return { ...base, operator, days: dice.pick([0, 1, 2, 98, 99, 100, 364]) };
}

const sources = ['webform', 'import', 'stop'] as const;

function generateConsent(dice: Dice, moments: Moments): ProfileConsent {
  const state = dice.pick(['granted', 'granted', 'withdrawn'] as const);
  const isBounded = state === 'granted' && dice.chance(0.4);
  return {
    channel: dice.pick(['sms', 'email'] as const),
    topic: dice.pick(topics),
    state,
    source: dice.pick(sources),
    occurredAt: new Date(dice.pick(moments.instants)),
    expiresAt: isBounded ? new Date(dice.pick(moments.instants)) : null,
  };
}

function consent(dice: Dice, moments: Moments): ConsentRule {
  const base = { kind: 'consent', channel: dice.pick(['sms', 'email'] as const), topic: dice.pick(topics) } as const;
  const state = dice.pick(['granted', 'withdrawn', 'expired', 'none'] as const);
  if (state === 'none') return { ...base, state };
  const details = {
    source: dice.some(sources, 2),
    since: dice.pick(moments.instants),
    before: dice.pick(moments.instants),
    withinDays: dice.pick([7, 30, 180]),
    olderThanDays: dice.pick([1, 7, 30]),
  };
  return { ...base, state, ...(dice.chance(0.5) ? {} : oneOrTwo(dice, details)) };
}

function age(dice: Dice): Leaf {
  const ages = [17, 18, 25, 26, 28, 30, 35, 36];
  const operator = dice.pick(['is', 'is-not', 'more', 'less', 'at-least', 'at-most', 'between', 'known', 'unknown'] as const);
  if (operator === 'known' || operator === 'unknown') return { kind: 'age', operator };
  if (operator !== 'between') return { kind: 'age', operator, value: dice.pick(ages) };
  const [from = 0, to = 0] = [dice.pick(ages), dice.pick(ages)].sort((a, b) => a - b);
  return { kind: 'age', operator, value: [from, to] };
}

function place(dice: Dice): Leaf {
  const parts = {
    country: dice.some(countries, 2),
    region: dice.some(words, 3),
    city: dice.some(words, 3),
    district: dice.some(words, 6),
    postalPrefix: dice.some(postalPrefixes, 2),
  };
  return { kind: 'place', ...oneOrTwo(dice, parts) };
}

function phone(dice: Dice): Leaf {
  const parts = {
    prefix: dice.some(prefixes, 2),
    areaCode: dice.some(areaCodes, 2),
    country: dice.some(countries, 2),
    lineType: dice.some(lineTypes, 2),
  };
  return { kind: 'phone', ...oneOrTwo(dice, parts) };
}

function oneOrTwo<Parts extends object>(dice: Dice, parts: Parts): Partial<Parts> {
  const chosen = new Set(dice.some(Object.keys(parts), 2));
  return Object.fromEntries(Object.entries(parts).filter(([key]) => chosen.has(key))) as Partial<Parts>;
}

function timeWindow(dice: Dice, moments: Moments): Extract<Leaf, { kind: 'event' }>['window'] {
  if (dice.chance(0.2)) return { ever: true };
  if (dice.chance(0.6)) return { lastDays: dice.pick([1, 7, 30, 180]) };
  const [from = '', to = ''] = [dice.pick(moments.instants), dice.pick(moments.instants)].sort();
  return { between: [from, to] };
}

function sinceThen(dice: Dice): { operator: 'never' } | { operator: 'within-days' | 'more-than-days-ago'; days: number } {
  if (dice.chance(0.2)) return { operator: 'never' };
  return { operator: dice.pick(['within-days', 'more-than-days-ago'] as const), days: dice.pick([1, 7, 30, 180]) };
}
