// The words of rules in English. Another language is another table like this one.
import type { FieldName } from './fields.js';
import type { AgeRule } from './kinds/age.js';
import type { AttributeRule } from './kinds/attribute.js';
import type { TimeWindow } from './kinds/event.js';
import type { PhoneRule } from './kinds/phone.js';
import type { PlaceRule } from './kinds/place.js';
import type { Names, Phrases } from './phrases.js';
import type { Leaf } from './rule.js';

const orUnknown = '(or is unknown)';

export const english: Phrases = {
  everyone: 'Everyone.',
  nobody: 'Nobody.',
  contacts: what => `Contacts ${what}.`,
  all: parts => (parts.length === 0 ? 'who are anyone' : listed(parts, 'and')),
  any: parts => (parts.length === 0 ? 'who are nobody' : listed(parts, 'or')),
  none: parts => (parts.length === 0 ? 'who are anyone' : `for whom none of this holds, or it is unknown: [${parts.join('; ')}]`),
  leaf: describeLeaf,
};

function describeLeaf(leaf: Leaf, names: Names): string {
  switch (leaf.kind) {
    case 'attribute':
      return attribute(leaf);
    case 'age':
      return age(leaf);
    case 'place':
      return place(leaf);
    case 'phone':
      return phone(leaf);
    case 'list':
      return `who are ${leaf.in ? '' : 'not '}on the list ${named(names.lists, leaf.listId)}`;
    case 'tag':
      return `who ${leaf.has ? 'have' : 'do not have'} the tag ${named(names.tags, leaf.tagId)}`;
    case 'event':
      return `who ${leaf.did ? 'did' : 'did not do'} ${quoted(leaf.name)} ${within(leaf.window)}`;
    case 'event-last':
      if (leaf.operator === 'never') return `who never did ${quoted(leaf.name)}`;
      return `whose last ${quoted(leaf.name)} was ${ago(leaf.operator, leaf.days)}`;
    case 'last-order':
      return leaf.operator === 'never' ? 'who never ordered' : `whose last order was ${ago(leaf.operator, leaf.days)}`;
    case 'reachable':
      return `who can be reached by ${leaf.channel === 'sms' ? 'SMS' : 'email'}${leaf.topic ? ` about ${quoted(leaf.topic)}` : ''}`;
  }
}

const fieldLabels: Readonly<Record<FieldName, string>> = {
  firstName: 'first name',
  lastName: 'last name',
  birthDate: 'birth date',
  gender: 'gender',
  locale: 'locale',
  timeZone: 'time zone',
  country: 'country',
  region: 'region',
  city: 'city',
  district: 'district',
  postalCode: 'postal code',
  latitude: 'latitude',
  longitude: 'longitude',
  climateZone: 'climate zone',
  occupation: 'occupation',
  occupationCode: 'occupation code',
  jobTitle: 'job title',
  company: 'company',
  incomeAmount: 'income',
  incomeCurrency: 'currency of income',
  educationLevel: 'education level',
  maritalStatus: 'marital status',
  householdSize: 'household size',
  childrenCount: 'number of children',
  nationality: 'nationality',
  interests: 'interests',
  personalValues: 'values',
  opinions: 'opinions',
  habits: 'habits',
  personas: 'personas',
  lifestyle: 'lifestyle',
  personality: 'personality',
  journeyStage: 'journey stage',
  needs: 'needs',
  goals: 'goals',
  socialGroups: 'social groups',
  createdAt: 'first day with us',
  updatedAt: 'last change',
};

const plurals: ReadonlySet<FieldName> = new Set<FieldName>([
  'interests',
  'personalValues',
  'opinions',
  'habits',
  'personas',
  'needs',
  'goals',
  'socialGroups',
]);
const times: ReadonlySet<FieldName> = new Set<FieldName>(['birthDate', 'createdAt', 'updatedAt']);

function attribute(rule: AttributeRule): string {
  const isPlural = plurals.has(rule.field);
  const is = isPlural ? 'are' : 'is';
  const verb = isPlural ? 'include' : 'is';
  const [more, less] = times.has(rule.field) ? ['after', 'before'] : ['more than', 'less than'];
  const subject = `whose ${fieldLabels[rule.field]}`;
  switch (rule.operator) {
    case 'is':
      return `${subject} is ${shown(rule.value)}`;
    case 'is-not':
      return `${subject} is not ${shown(rule.value)} ${orUnknown}`;
    case 'in':
      return `${subject} ${verb} ${oneOf(rule.value)}`;
    case 'not-in':
      return isPlural
        ? `${subject} do not include ${oneOf(rule.value)} (or are unknown)`
        : `${subject} is not ${oneOf(rule.value)} ${orUnknown}`;
    case 'contains':
      return isPlural ? `${subject} include ${shown(rule.value)}` : `${subject} contains ${shown(rule.value)}`;
    case 'prefix':
      return `${subject} starts with ${shown(rule.value)}`;
    case 'more':
      return `${subject} is ${more} ${shown(rule.value)}`;
    case 'less':
      return `${subject} is ${less} ${shown(rule.value)}`;
    case 'at-least':
      return `${subject} is ${shown(rule.value)} or ${times.has(rule.field) ? 'later' : 'more'}`;
    case 'at-most':
      return `${subject} is ${shown(rule.value)} or ${times.has(rule.field) ? 'earlier' : 'less'}`;
    case 'between':
      return `${subject} is from ${shown(rule.value[0])} to ${shown(rule.value[1])}`;
    case 'known':
      return `${subject} ${is} known`;
    case 'unknown':
      return `${subject} ${is} unknown`;
  }
}

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

/** From the small to the large, as one writes an address. */
function place(rule: PlaceRule): string {
  const parts = [
    rule.postalPrefix && `a postal code that starts with ${oneOf(rule.postalPrefix)}`,
    rule.district && `the district ${oneOf(rule.district)}`,
    rule.city && `the city ${oneOf(rule.city)}`,
    rule.region && `the region ${oneOf(rule.region)}`,
    rule.country && `the country ${oneOf(rule.country)}`,
  ];
  return `who live in ${listed(
    parts.filter(part => part !== undefined),
    'and',
  )}`;
}

function phone(rule: PhoneRule): string {
  const parts = [
    rule.prefix && `starts with ${oneOf(rule.prefix)}`,
    rule.areaCode && `has the area code ${oneOf(rule.areaCode)}`,
    rule.country && `belongs to ${oneOf(rule.country)}`,
    rule.lineType && `is ${oneOf(rule.lineType)}`,
  ];
  return `whose phone number ${listed(
    parts.filter(part => part !== undefined),
    'and',
  )}`;
}

function within(window: TimeWindow): string {
  if ('ever' in window) return 'ever';
  if ('lastDays' in window) return `in the last ${counted(window.lastDays)}`;
  return `from ${window.between[0]} to ${window.between[1]}`;
}

function ago(operator: 'within-days' | 'more-than-days-ago', days: number): string {
  return operator === 'within-days' ? `within the last ${counted(days)}` : `more than ${counted(days)} ago`;
}

function counted(days: number): string {
  return days === 1 ? '24 hours' : `${days} days`;
}

function shown(value: string | number): string {
  return typeof value === 'number' ? String(value) : quoted(value);
}

function quoted(text: string): string {
  return `“${text}”`;
}

/** Long lists are cut: the sentence is for people. */
const shownValues = 6;

function oneOf(values: readonly (string | number)[]): string {
  const rest = values.length - shownValues;
  const first = values.slice(0, shownValues).map(shown);
  return rest > 0 ? `${first.join(', ')} or one of ${rest} more` : listed(first, 'or');
}

function listed(parts: readonly string[], word: 'and' | 'or'): string {
  if (parts.length <= 2) return parts.join(` ${word} `);
  return `${parts.slice(0, -1).join(', ')} ${word} ${parts.at(-1)}`;
}

/** A list or tag that is gone is still named by its number. */
function named(names: ReadonlyMap<string, string>, id: string): string {
  const name = names.get(id);
  return name === undefined ? `#${id} (which no longer exists)` : quoted(name);
}
