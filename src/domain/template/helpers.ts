/**
 * The helpers a template may call, as data: how many values each takes, and what it does. Pure functions of their
 * values; an absent value gives an empty text and never an error, because one odd contact must not stop a campaign.
 */
import { type DateFormat, formatDate, formatMoney, formatNumber, isDateFormat, safeLocale } from './formats.js';

export type Helper = {
  /** Fewest and most values. */
  takes: readonly [number, number];
  /** Of a locale's making, with the no-break spaces that locales put into dates and numbers. */
  isLocal?: true;
  run: (a: unknown, b: unknown, c: unknown) => unknown;
};

export const blockHelpers = ['if', 'unless', 'each', 'with'] as const;
export type BlockHelper = (typeof blockHelpers)[number];
export const isBlockHelper = (name: string): name is BlockHelper => (blockHelpers as readonly string[]).includes(name);

/** Inline helpers, also usable as sub-expressions: `{{#if (gt orders 5)}}`. `locale?` is BCP 47, English when left out. */
const helpers: Readonly<Record<string, Helper>> = {
  /** `default value "fallback"` */
  default: { takes: [2, 2], run: (value, fallback) => (isBlank(value) ? fallback : value) },
  /** `upper value locale?`: Turkish and Azerbaijani need theirs (i → İ). */
  upper: { takes: [1, 2], run: (value, locale) => show(value).toLocaleUpperCase(localeOf(locale)) },
  lower: { takes: [1, 2], run: (value, locale) => show(value).toLocaleLowerCase(localeOf(locale)) },
  /** The first letter only: "van der Berg" keeps its own ways. */
  capitalize: { takes: [1, 2], run: (value, locale) => capitalized(show(value), localeOf(locale)) },
  /** `date value format? locale?`; see formats.ts for the formats. What is no ISO date is shown as it is. */
  date: {
    takes: [1, 3],
    isLocal: true,
    run: (value, format, locale) => formatDate(show(value), dateFormatOf(format), localeOf(locale)) ?? value,
  },
  /** `number value locale?` */
  number: { takes: [1, 2], isLocal: true, run: (value, locale) => formatted(value, n => formatNumber(n, localeOf(locale))) },
  /** `money amount currency locale?` */
  money: {
    takes: [2, 3],
    isLocal: true,
    run: (amount, currency, locale) => formatted(amount, n => formatMoney(n, show(currency), localeOf(locale))),
  },
  eq: { takes: [2, 2], run: (a, b) => isEqual(a, b) },
  ne: { takes: [2, 2], run: (a, b) => !isEqual(a, b) },
  /** Numbers as numbers, all else as text: ISO dates compare rightly. An absent value is neither more nor less. */
  gt: { takes: [2, 2], run: (a, b) => compare(a, b) > 0 },
  lt: { takes: [2, 2], run: (a, b) => compare(a, b) < 0 },
};

export const helperNames = Object.keys(helpers);
export const findHelper = (name: string): Helper | null => (Object.hasOwn(helpers, name) ? (helpers[name] ?? null) : null);

/** A value as it reads: lists with commas, nothing for nothing and for whole records. */
export function show(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(show).filter(Boolean).join(', ');
  return typeof value === 'object' || typeof value === 'function' ? '' : String(value);
}

export const isBlank = (value: unknown): boolean => value === null || value === undefined || value === '';

function localeOf(locale: unknown): string {
  return typeof locale === 'string' && locale !== '' ? safeLocale(locale) : 'en';
}

function dateFormatOf(format: unknown): DateFormat {
  return typeof format === 'string' && isDateFormat(format) ? format : 'medium';
}

function capitalized(text: string, locale: string): string {
  const [first = ''] = text;
  return first.toLocaleUpperCase(locale) + text.slice(first.length);
}

/** What is no number is shown as it is. */
function formatted(value: unknown, format: (n: number) => string): unknown {
  const n = toNumber(value);
  return n === null ? value : format(n);
}

function toNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return typeof value === 'string' && /^\s*-?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : null;
}

/** "5" and 5 are equal: custom attributes arrive as either. */
function isEqual(a: unknown, b: unknown): boolean {
  return a === b || show(a) === show(b);
}

function compare(a: unknown, b: unknown): number {
  if (isBlank(a) || isBlank(b)) return 0;
  const [x, y] = [toNumber(a), toNumber(b)];
  if (x !== null && y !== null) return x - y;
  const [s, t] = [show(a), show(b)];
  return s < t ? -1 : s > t ? 1 : 0;
}
