/** Phrases made from a language's table of words, one function for each kind of leaf. English has a grammar of its own in ../english.ts. */
import { plurals } from '../english-fields.js';
import { fields } from '../fields.js';
import type { AgeRule } from '../kinds/age.js';
import type { AnniversaryRule } from '../kinds/anniversary.js';
import type { Comparison } from '../kinds/comparison.js';
import type { Scalar } from '../kinds/comparison-sql.js';
import type { ConsentRule } from '../kinds/consent.js';
import { type CustomAttributeRule, isPlain, plainTypes } from '../kinds/custom-attribute.js';
import type { TimeWindow } from '../kinds/event.js';
import type { PhoneRule } from '../kinds/phone.js';
import type { PlaceParts } from '../kinds/place.js';
import type { Names, Phrases } from '../phrases.js';
import type { Leaf } from '../rule.js';
import type { Distance } from '../span.js';
import type { Wording } from '../wording.js';
import type { Words } from './words.js';

export function labelledPhrases(wording: Wording, words: Words): Phrases {
  const speaker = { ...wording, words };
  return {
    fields: words.fields,
    everyone: words.everyone,
    nobody: words.nobody,
    contacts: words.contacts,
    all: parts => (parts.length === 0 ? words.anyone : wording.and(parts)),
    any: parts => (parts.length === 0 ? words.noOne : wording.or(parts)),
    none: parts => (parts.length === 0 ? words.anyone : words.none(`[${parts.join('; ')}]`)),
    leaf: (leaf, names) => leafOf(speaker, leaf, names),
  };
}

type Speaker = Wording & { words: Words };

function leafOf(speaker: Speaker, leaf: Leaf, names: Names): string {
  const { words, shown, named } = speaker;
  switch (leaf.kind) {
    case 'attribute': {
      const { type } = fields[leaf.field];
      const traits = { isTime: type === 'day' || type === 'instant', isList: plurals.has(leaf.field) };
      return compared(speaker, words.fields[leaf.field], leaf, traits);
    }
    case 'custom-attribute':
      return custom(speaker, words.attribute(named(names.attributes, leaf.attributeId)), leaf);
    case 'age':
      return age(speaker, leaf);
    case 'anniversary':
      return anniversary(speaker, leaf, names);
    case 'place':
      return words.livesIn(place(speaker, leaf));
    case 'phone':
      return phone(speaker, leaf);
    case 'list':
      return words.list(named(names.lists, leaf.listId), leaf.in);
    case 'tag':
      return words.tag(named(names.tags, leaf.tagId), leaf.has);
    case 'segment':
      return words.segment(named(names.segments, leaf.segmentId), leaf.in);
    case 'event':
      return words.event(shown(leaf.name), leaf.did, within(speaker, leaf.window));
    case 'event-last':
      if (leaf.operator === 'never') return words.neverDid(shown(leaf.name));
      return words.lastEvent(shown(leaf.name), ago(words, leaf.operator, leaf.days));
    case 'last-order':
      return leaf.operator === 'never' ? words.neverOrdered : words.lastOrder(ago(words, leaf.operator, leaf.days));
    case 'reachable':
      return words.reachable(leaf.channel, leaf.topic === undefined ? null : shown(leaf.topic));
    case 'consent':
      return consent(speaker, leaf);
  }
}

type Traits = { isTime: boolean; isList: boolean };

function compared(speaker: Speaker, label: string, test: Comparison<Scalar>, { isTime, isList }: Traits): string {
  const { words, shown, oneOf, allOf } = speaker;
  switch (test.operator) {
    case 'is':
      return words.is(label, shown(test.value));
    case 'is-not':
      return words.isNot(label, shown(test.value));
    case 'in':
      return (isList ? words.includes : words.is)(label, oneOf(test.value));
    case 'not-in':
      return (isList ? words.includesNone : words.isNot)(label, oneOf(test.value));
    case 'contains':
      return (isList ? words.includes : words.contains)(label, shown(test.value));
    case 'not-contains':
      return (isList ? words.includesNone : words.containsNot)(label, shown(test.value));
    case 'contains-all':
      return words.includesAll(label, allOf(test.value));
    case 'prefix':
      return words.startsWith(label, shown(test.value));
    case 'suffix':
      return words.endsWith(label, shown(test.value));
    case 'more':
      return (isTime ? words.after : words.above)(label, shown(test.value));
    case 'less':
      return (isTime ? words.before : words.below)(label, shown(test.value));
    case 'at-least':
      return (isTime ? words.from : words.atLeast)(label, shown(test.value));
    case 'at-most':
      return (isTime ? words.until : words.atMost)(label, shown(test.value));
    case 'between':
      return words.between(label, shown(test.value[0]), shown(test.value[1]));
    case 'in-last':
      return words.falls(label, words.last(test.value));
    case 'in-next':
      return words.falls(label, words.next(test.value));
    case 'before':
      return words.earlier(label, away(words, test.value));
    case 'after':
      return words.later(label, away(words, test.value));
    case 'on':
      return words.falls(label, away(words, test.value));
    case 'today':
      return words.falls(label, words.today);
    case 'known':
      return words.known(label);
    case 'unknown':
      return words.unknown(label);
  }
}

function custom(speaker: Speaker, label: string, rule: CustomAttributeRule): string {
  const { words } = speaker;
  if (isPlain(rule)) {
    const { as } = plainTypes[rule.type];
    const traits = { isTime: as === 'day' || as === 'instant', isList: as === 'texts' || as === 'choices' };
    return compared(speaker, label, rule, traits);
  }
  if (!('value' in rule)) return words[rule.operator](label);
  const money = ({ amount, currency }: { amount: number; currency: string }): string => `${speaker.number(amount)} ${currency}`;
  if (rule.operator === 'between') return words.between(label, money(rule.value[0]), money(rule.value[1]));
  if (rule.type === 'money') return words[comparisons[rule.operator]](label, money(rule.value));
  return words[comparisons[rule.operator]](label, place(speaker, rule.value));
}

const comparisons = {
  is: 'is',
  'is-not': 'isNot',
  more: 'above',
  less: 'below',
  'at-least': 'atLeast',
  'at-most': 'atMost',
} as const;

function age({ words, number }: Speaker, rule: AgeRule): string {
  if (!('value' in rule)) return words[rule.operator](words.age);
  if (rule.operator === 'between') return words.between(words.age, number(rule.value[0]), words.years(rule.value[1]));
  return words[comparisons[rule.operator]](words.age, words.years(rule.value));
}

function anniversary({ words, named }: Speaker, rule: AnniversaryRule, names: Names): string {
  const label = 'field' in rule.of ? words.birthday : words.anniversaryOf(named(names.attributes, rule.of.attributeId));
  const statement = words.falls(label, yearly(words, rule));
  return rule.leapDay === 'mar-1' ? `${statement} (${words.leapDay})` : statement;
}

function yearly(words: Words, rule: AnniversaryRule): string {
  switch (rule.operator) {
    case 'today':
      return words.today;
    case 'in-days':
      return rule.days === 0 ? words.today : words.inDays(rule.days);
    case 'within-days':
      return words.todayOrInDays(rule.days);
    case 'this-month':
      return words.thisMonth;
  }
}

/** From the small to the large, as one writes an address. */
function place({ words, and, oneOf }: Speaker, parts: PlaceParts): string {
  const kinds = ['postalPrefix', 'district', 'city', 'region', 'country'] as const;
  return and(
    kinds.flatMap(kind => {
      const values = parts[kind];
      return values ? [words.place[kind](oneOf(values))] : [];
    }),
  );
}

function phone({ words, and, oneOf }: Speaker, rule: PhoneRule): string {
  const kinds = ['prefix', 'areaCode', 'country', 'lineType'] as const;
  return words.phoneThat(
    and(
      kinds.flatMap(kind => {
        const values = rule[kind];
        return values ? [words.phone[kind](oneOf(values))] : [];
      }),
    ),
  );
}

function consent({ words, shown, oneOf, and }: Speaker, rule: ConsentRule): string {
  const said = words.consent(rule.state, shown(rule.topic), rule.channel);
  if (rule.state === 'none') return said;
  const details = [
    rule.source && words.through(oneOf(rule.source)),
    rule.since && words.since(shown(rule.since)),
    rule.before && words.earlierThan(shown(rule.before)),
    rule.withinDays !== undefined && words.inLastDays(rule.withinDays),
    rule.olderThanDays !== undefined && words.moreThanDaysAgo(rule.olderThanDays),
  ].filter(detail => typeof detail === 'string');
  return details.length === 0 ? said : `${said} (${and(details)})`;
}

function within({ words }: Speaker, window: TimeWindow): string {
  if ('ever' in window) return words.ever;
  if ('lastDays' in window) return words.inLastDays(window.lastDays);
  return words.fromTo(window.between[0], window.between[1]);
}

function ago(words: Words, operator: 'within-days' | 'more-than-days-ago', days: number): string {
  return operator === 'within-days' ? words.inLastDays(days) : words.moreThanDaysAgo(days);
}

function away(words: Words, distance: Distance): string {
  return distance.amount === 0 ? words.today : words.away(distance);
}
