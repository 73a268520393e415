/**
 * What a language brings so that labelled.ts can make sentences of it: a value in quotes never has to be declined, because each
 * statement is a label and what is said of it.
 */
import type { FieldName } from '../fields.js';
import type { ConsentRule } from '../kinds/consent.js';
import type { Distance, Span } from '../span.js';

/** Says something of a label: ("city", "“Baku”") → "whose city is “Baku”". */
type Statement = (label: string, value: string) => string;
type Remark = (label: string) => string;
type Channel = 'sms' | 'email';

export type Words = {
  everyone: string;
  nobody: string;
  /** The whole sentence around the first group. */
  contacts: (what: string) => string;
  /** In place of a group without rules, inside a sentence. */
  anyone: string;
  noOne: string;
  none: (parts: string) => string;
  fields: Readonly<Record<FieldName, string>>;
  age: string;
  /** The label of a custom attribute, by its name in quotes. */
  attribute: Remark;
  is: Statement;
  isNot: Statement;
  includes: Statement;
  includesAll: Statement;
  includesNone: Statement;
  contains: Statement;
  containsNot: Statement;
  startsWith: Statement;
  endsWith: Statement;
  above: Statement;
  below: Statement;
  atLeast: Statement;
  atMost: Statement;
  /** Later and earlier than a moment or day; `from` and `until` include it. */
  after: Statement;
  before: Statement;
  from: Statement;
  until: Statement;
  between: (label: string, from: string, to: string) => string;
  /** Earlier or later than a day told from now. */
  earlier: Statement;
  later: Statement;
  /** On a day or within a time told from now, as `on`, `last` and `next` say it. */
  falls: Statement;
  known: Remark;
  unknown: Remark;
  years: (count: number) => string;
  today: string;
  thisMonth: string;
  last: (span: Span) => string;
  next: (span: Span) => string;
  away: (distance: Distance) => string;
  /** 24 hours each, back from now; one day is said as 24 hours. */
  moreThanDaysAgo: (days: number) => string;
  inLastDays: (days: number) => string;
  birthday: string;
  anniversaryOf: (name: string) => string;
  inDays: (days: number) => string;
  todayOrInDays: (days: number) => string;
  leapDay: string;
  place: Readonly<Record<'postalPrefix' | 'district' | 'city' | 'region' | 'country', (value: string) => string>>;
  livesIn: (places: string) => string;
  phone: Readonly<Record<'prefix' | 'areaCode' | 'country' | 'lineType', (value: string) => string>>;
  phoneThat: (parts: string) => string;
  list: (name: string, isOn: boolean) => string;
  tag: (name: string, has: boolean) => string;
  segment: (name: string, isIn: boolean) => string;
  event: (name: string, did: boolean, when: string) => string;
  lastEvent: (name: string, when: string) => string;
  neverDid: (name: string) => string;
  lastOrder: (when: string) => string;
  neverOrdered: string;
  ever: string;
  fromTo: (from: string, to: string) => string;
  reachable: (channel: Channel, topic: string | null) => string;
  consent: (state: ConsentRule['state'], topic: string, channel: Channel) => string;
  through: (sources: string) => string;
  since: (moment: string) => string;
  earlierThan: (moment: string) => string;
};
