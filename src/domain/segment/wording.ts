/**
 * What the phrases of all languages need: plurals, lists and values as the language writes them. In a language written from right
 * to left a value is isolated, so that "+1 212" or a Latin name keeps its own direction inside the sentence.
 */
const shownValues = 6;

export type Wording = {
  /** The form for a number, by the plural rules of the language: {one: 'day', other: 'days'}. */
  plural: (count: number, forms: PluralForms) => string;
  number: (value: number) => string;
  /** A text in the language's quotation marks; a number plain. */
  shown: (value: string | number | boolean) => string;
  and: (parts: readonly string[]) => string;
  or: (parts: readonly string[]) => string;
  /** Any of the values; long lists are cut, since the sentence is for people. */
  oneOf: (values: readonly (string | number | boolean)[]) => string;
  /** All of the values. */
  allOf: (values: readonly (string | number | boolean)[]) => string;
  /** The name of what a rule refers to; what is gone is still named by its number. */
  named: (names: ReadonlyMap<string, string>, id: string) => string;
};

export type PluralForms = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;

export type LanguageHabits = {
  tag: string;
  quotes: readonly [string, string];
  isRightToLeft?: true;
  yes: string;
  no: string;
  /** Joins "a, b, c" and what is said of the rest: "a, b, c or one of 4 more". */
  orOneOf: (first: string, rest: string) => string;
  andMore: (first: string, rest: string) => string;
  /** "#12 (which no longer exists)" */
  gone: (id: string) => string;
  /** Before the last item of a list. Not left to Intl.ListFormat: its words and commas change with the version of Node. */
  lastWords: { and: string; or: string };
};

export function createWording(habits: LanguageHabits): Wording {
  const rules = new Intl.PluralRules(habits.tag);
  const numbers = new Intl.NumberFormat(habits.tag, { useGrouping: false, maximumFractionDigits: 20 });
  const isolated = (text: string): string => (habits.isRightToLeft ? `\u2068${text}\u2069` : text);
  const shown = (value: string | number | boolean): string => {
    if (typeof value === 'number') return isolated(numbers.format(value));
    if (typeof value === 'boolean') return value ? habits.yes : habits.no;
    return `${habits.quotes[0]}${isolated(value)}${habits.quotes[1]}`;
  };
  const comma = habits.isRightToLeft ? '، ' : ', ';
  const joined =
    (type: 'and' | 'or') =>
    (parts: readonly string[]): string =>
      parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(comma)} ${habits.lastWords[type]} ${parts.at(-1)}`;
  const [and, or] = [joined('and'), joined('or')];
  const cut = (
    values: readonly (string | number | boolean)[],
    whole: (parts: readonly string[]) => string,
    more: (first: string, rest: string) => string,
  ): string => {
    const first = values.slice(0, shownValues).map(shown);
    const rest = values.length - shownValues;
    return rest > 0 ? more(first.join(comma), isolated(numbers.format(rest))) : whole(first);
  };
  return {
    plural: (count, forms) => forms[rules.select(count)] ?? forms.other,
    number: value => isolated(numbers.format(value)),
    shown,
    and,
    or,
    oneOf: values => cut(values, or, habits.orOneOf),
    allOf: values => cut(values, and, habits.andMore),
    named: (names, id) => {
      const name = names.get(id);
      return name === undefined ? habits.gone(isolated(`#${id}`)) : shown(name);
    },
  };
}
