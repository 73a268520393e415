// The words of rules in English. Another language is another table like this one.
import { fieldLabels, plurals } from './english-fields.js';
import { fields } from './fields.js';
import type { AgeRule } from './kinds/age.js';
import type { AnniversaryRule } from './kinds/anniversary.js';
import type { Comparison } from './kinds/comparison.js';
import type { Scalar } from './kinds/comparison-sql.js';
import type { ConsentRule } from './kinds/consent.js';
import { type CustomAttributeRule, isPlain, plainTypes } from './kinds/custom-attribute.js';
import type { TimeWindow } from './kinds/event.js';
import type { PhoneRule } from './kinds/phone.js';
import type { PlaceParts } from './kinds/place.js';
import type { Names, Phrases } from './phrases.js';
import type { Leaf } from './rule.js';
import type { Distance, Span } from './span.js';
import { createWording } from './wording.js';

const { plural, shown, and, or, oneOf, allOf, named } = createWording({
  tag: 'en',
  quotes: ['“', '”'],
  yes: 'yes',
  no: 'no',
  orOneOf: (first, rest) => `${first} or one of ${rest} more`,
  andMore: (first, rest) => `${first} and ${rest} more`,
  gone: id => `${id} (which no longer exists)`,
  lastWords: { and: 'and', or: 'or' },
});

export const english: Phrases = {
  fields: fieldLabels,
  everyone: 'Everyone.',
  nobody: 'Nobody.',
  contacts: what => `Contacts ${what}.`,
  all: parts => (parts.length === 0 ? 'who are anyone' : and(parts)),
  any: parts => (parts.length === 0 ? 'who are nobody' : or(parts)),
  none: parts => (parts.length === 0 ? 'who are anyone' : `for whom none of this holds, or it is unknown: [${parts.join('; ')}]`),
  leaf: describeLeaf,
};

function describeLeaf(leaf: Leaf, names: Names): string {
  switch (leaf.kind) {
    case 'attribute': {
      const isTime = fields[leaf.field].type === 'day' || fields[leaf.field].type === 'instant';
      return compared(`whose ${fieldLabels[leaf.field]}`, leaf, { isTime, isPlural: plurals.has(leaf.field) });
    }
    case 'custom-attribute':
      return custom(`whose ${named(names.attributes, leaf.attributeId)}`, leaf);
    case 'age':
      return age(leaf);
    case 'anniversary':
      return anniversary(leaf, names);
    case 'place':
      return `who live in ${place(leaf)}`;
    case 'phone':
      return phone(leaf);
    case 'list':
      return `who are ${leaf.in ? '' : 'not '}on the list ${named(names.lists, leaf.listId)}`;
    case 'tag':
      return `who ${leaf.has ? 'have' : 'do not have'} the tag ${named(names.tags, leaf.tagId)}`;
    case 'event':
      return `who ${leaf.did ? 'did' : 'did not do'} ${shown(leaf.name)} ${within(leaf.window)}`;
    case 'event-last':
      if (leaf.operator === 'never') return `who never did ${shown(leaf.name)}`;
      return `whose last ${shown(leaf.name)} was ${ago(leaf.operator, leaf.days)}`;
    case 'last-order':
      return leaf.operator === 'never' ? 'who never ordered' : `whose last order was ${ago(leaf.operator, leaf.days)}`;
    case 'reachable':
      return `who can be reached by ${channels[leaf.channel]}${leaf.topic ? ` about ${shown(leaf.topic)}` : ''}`;
    case 'consent':
      return consent(leaf);
    case 'segment':
      return `who are ${leaf.in ? '' : 'not '}in the segment ${named(names.segments, leaf.segmentId)}`;
  }
}

const channels = { sms: 'SMS', email: 'email' } as const;

function compared(subject: string, test: Comparison<Scalar>, { isTime = false, isPlural = false }): string {
  const is = isPlural ? 'are' : 'is';
  const orUnknown = `(or ${is} unknown)`;
  switch (test.operator) {
    case 'is':
      return `${subject} is ${shown(test.value)}`;
    case 'is-not':
      return `${subject} is not ${shown(test.value)} ${orUnknown}`;
    case 'in':
      return `${subject} ${isPlural ? 'include' : 'is'} ${oneOf(test.value)}`;
    case 'not-in':
      return `${subject} ${isPlural ? 'do not include' : 'is not'} ${oneOf(test.value)} ${orUnknown}`;
    case 'contains':
      return `${subject} ${isPlural ? 'include' : 'contains'} ${shown(test.value)}`;
    case 'not-contains':
      return `${subject} does not contain ${shown(test.value)} ${orUnknown}`;
    case 'contains-all':
      return `${subject} include all of ${allOf(test.value)}`;
    case 'prefix':
      return `${subject} starts with ${shown(test.value)}`;
    case 'suffix':
      return `${subject} ends with ${shown(test.value)}`;
    case 'more':
      return `${subject} is ${isTime ? 'after' : 'more than'} ${shown(test.value)}`;
    case 'less':
      return `${subject} is ${isTime ? 'before' : 'less than'} ${shown(test.value)}`;
    case 'at-least':
      return `${subject} is ${shown(test.value)} or ${isTime ? 'later' : 'more'}`;
    case 'at-most':
      return `${subject} is ${shown(test.value)} or ${isTime ? 'earlier' : 'less'}`;
    case 'between':
      return `${subject} is from ${shown(test.value[0])} to ${shown(test.value[1])}`;
    case 'in-last':
      return `${subject} is in the last ${counted(test.value)}`;
    case 'in-next':
      return `${subject} is in the next ${counted(test.value)}`;
    case 'before':
      return `${subject} is earlier than ${away(test.value)}`;
    case 'on':
      return `${subject} is on the day ${away(test.value)}`;
    case 'after':
      return `${subject} is later than ${away(test.value)}`;
    case 'today':
      return `${subject} is today`;
    case 'known':
      return `${subject} ${is} known`;
    case 'unknown':
      return `${subject} ${is} unknown`;
  }
}

function custom(subject: string, rule: CustomAttributeRule): string {
  if (isPlain(rule)) {
    const { as } = plainTypes[rule.type];
    return compared(subject, rule, { isTime: as === 'day' || as === 'instant', isPlural: as === 'texts' || as === 'choices' });
  }
  if (!('value' in rule)) return `${subject} is ${rule.operator}`;
  if (rule.operator === 'between') return `${subject} is from ${money(rule.value[0])} to ${money(rule.value[1])}`;
  if (rule.type === 'money') return `${subject} is ${moneyWords[rule.operator]}${money(rule.value)}`;
  return rule.operator === 'is'
    ? `${subject} is in ${place(rule.value)}`
    : `${subject} is not in ${place(rule.value)} (or is unknown)`;
}

const moneyWords = { is: '', more: 'more than ', less: 'less than ', 'at-least': 'at least ', 'at-most': 'at most ' } as const;

function age(rule: AgeRule): string {
  switch (rule.operator) {
    case 'is':
      return `who are ${rule.value} years old`;
    case 'is-not':
      return `who are not ${rule.value} years old (or whose age is unknown)`;
    case 'more':
      return `who are older than ${rule.value}`;
    case 'less':
      return `who are younger than ${rule.value}`;
    case 'at-least':
      return `who are ${rule.value} or older`;
    case 'at-most':
      return `who are ${rule.value} or younger`;
    case 'between':
      return `who are ${rule.value[0]} to ${rule.value[1]} years old`;
    case 'known':
      return 'whose age is known';
    case 'unknown':
      return 'whose age is unknown';
  }
}

function anniversary(rule: AnniversaryRule, names: Names): string {
  const subject =
    'field' in rule.of ? 'whose birthday is' : `whose anniversary of ${named(names.attributes, rule.of.attributeId)} is`;
  const leap = rule.leapDay === 'mar-1' ? ' (29 February is kept on 1 March)' : '';
  switch (rule.operator) {
    case 'today':
      return `${subject} today${leap}`;
    case 'in-days':
      return rule.days === 0 ? `${subject} today${leap}` : `${subject} in ${days(rule.days)}${leap}`;
    case 'within-days':
      return `${subject} today or in the next ${days(rule.days)}${leap}`;
    case 'this-month':
      return `${subject} this month${leap}`;
  }
}

/** From the small to the large, as one writes an address. */
function place(parts: PlaceParts): string {
  return and(
    [
      parts.postalPrefix && `a postal code that starts with ${oneOf(parts.postalPrefix)}`,
      parts.district && `the district ${oneOf(parts.district)}`,
      parts.city && `the city ${oneOf(parts.city)}`,
      parts.region && `the region ${oneOf(parts.region)}`,
      parts.country && `the country ${oneOf(parts.country)}`,
    ].filter(part => part !== undefined),
  );
}

function phone(rule: PhoneRule): string {
  const parts = [
    rule.prefix && `starts with ${oneOf(rule.prefix)}`,
    rule.areaCode && `has the area code ${oneOf(rule.areaCode)}`,
    rule.country && `belongs to ${oneOf(rule.country)}`,
    rule.lineType && `is ${oneOf(rule.lineType)}`,
  ];
  return `whose phone number ${and(parts.filter(part => part !== undefined))}`;
}

function consent(rule: ConsentRule): string {
  const what = `${shown(rule.topic)} by ${channels[rule.channel]}`;
  if (rule.state === 'none') return `who never said whether they want ${what}`;
  const verbs = { granted: 'agreed to', withdrawn: 'declined', expired: 'once agreed (which is over) to' } as const;
  const details = [
    rule.source && `through ${oneOf(rule.source)}`,
    rule.since && `at or after ${shown(rule.since)}`,
    rule.before && `before ${shown(rule.before)}`,
    rule.withinDays !== undefined && ago('within-days', rule.withinDays),
    rule.olderThanDays !== undefined && ago('more-than-days-ago', rule.olderThanDays),
  ];
  return [`who ${verbs[rule.state]} ${what}`, ...details.filter(detail => typeof detail === 'string')].join(', ');
}

function within(window: TimeWindow): string {
  if ('ever' in window) return 'ever';
  if ('lastDays' in window) return `in the last ${hours(window.lastDays)}`;
  return `from ${window.between[0]} to ${window.between[1]}`;
}

function ago(operator: 'within-days' | 'more-than-days-ago', count: number): string {
  return operator === 'within-days' ? `within the last ${hours(count)}` : `more than ${hours(count)} ago`;
}

/** Days that are 24 hours each, counted back from now. */
function hours(count: number): string {
  return count === 1 ? '24 hours' : days(count);
}

function days(count: number): string {
  return counted({ amount: count, unit: 'days' });
}

const units = {
  days: { one: 'day', other: 'days' },
  weeks: { one: 'week', other: 'weeks' },
  months: { one: 'month', other: 'months' },
} as const;

function counted({ amount, unit }: Span): string {
  return `${amount} ${plural(amount, units[unit])}`;
}

function away({ direction, ...span }: Distance): string {
  if (span.amount === 0) return 'today';
  return `${counted(span)} ${direction === 'ago' ? 'ago' : 'from now'}`;
}

function money({ amount, currency }: { amount: number; currency: string }): string {
  return `${amount} ${currency}`;
}
