/**
 * Dates, numbers and money as people of a locale write them, by Intl. Formatters cost a hundred times what formatting
 * costs, so they are kept. Dates are shown in UTC: a birth date has no zone and must not move by a day.
 */
const dateFormats = {
  short: { dateStyle: 'short' },
  medium: { dateStyle: 'medium' },
  long: { dateStyle: 'long' },
  full: { dateStyle: 'full' },
  day: { day: 'numeric', month: 'long' },
  weekday: { weekday: 'long' },
  month: { month: 'long' },
  year: { year: 'numeric' },
  time: { timeStyle: 'short' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

export type DateFormat = keyof typeof dateFormats;

export const isDateFormat = (name: string): name is DateFormat => Object.hasOwn(dateFormats, name);

/** 2026-03-31, or an instant with seconds and zone; nothing else, because `new Date` guesses at everything else. */
const isoDate = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/** Null when the text is no ISO date. An instant without a zone is read as UTC. */
export function formatDate(text: string, format: DateFormat, locale: string): string | null {
  if (!isoDate.test(text)) return null;
  const hasZone = text.length === 10 || /(?:Z|[+-]\d{2}:?\d{2})$/.test(text.slice(10));
  const instant = new Date(hasZone ? text : `${text}Z`);
  return Number.isNaN(instant.getTime()) ? null : dateFormatter(locale, format).format(instant);
}

export function formatNumber(value: number, locale: string): string {
  return numberFormatter(locale, '').format(value);
}

/** `currency` is ISO 4217; the amount is in its major unit (12.5 dollars, not 1250 cents). */
export function formatMoney(amount: number, currency: string, locale: string): string {
  if (!/^[A-Za-z]{3}$/.test(currency)) return formatNumber(amount, locale);
  return numberFormatter(locale, currency.toUpperCase()).format(amount);
}

/** A locale Intl knows: the one asked for, else English. */
export const safeLocale = kept((name: string): string => {
  try {
    return Intl.getCanonicalLocales(name.replaceAll('_', '-'))[0] ?? 'en';
  } catch {
    return 'en';
  }
});

const dateFormatters = kept((locale: string) =>
  kept((format: string) => {
    const options = isDateFormat(format) ? dateFormats[format] : dateFormats.medium;
    return new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
  }),
);
const dateFormatter = (locale: string, format: DateFormat): Intl.DateTimeFormat => dateFormatters(safeLocale(locale))(format);

const numberFormatters = kept((locale: string) =>
  kept((currency: string) => new Intl.NumberFormat(locale, currency === '' ? {} : { style: 'currency', currency })),
);
const numberFormatter = (locale: string, currency: string): Intl.NumberFormat => numberFormatters(safeLocale(locale))(currency);

/** Values may name locales and currencies, so what is kept is bounded: beyond this it starts anew. */
const maxKept = 200;

function kept<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>();
  return key => {
    const known = made.get(key);
    if (known !== undefined) return known;
    if (made.size >= maxKept) made.clear();
    const value = make(key);
    made.set(key, value);
    return value;
  };
}
