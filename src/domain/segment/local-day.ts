/**
 * What day it is where a contact lives. At any moment the world has two or three days, so a condition on "today" needs
 * two or three cut-off dates with the zones of each, never an `at time zone` per row.
 */
import { zoneGroups, zoneNames } from './zone-names.js';

/** A calendar day as `YYYY-MM-DD`; such texts sort as days do. */
export type Day = string;

const formatters = new Map<string, Intl.DateTimeFormat>();

export function dayIn(zone: string, now: Date): Day {
  const parts = new Map(
    formatterOf(zone)
      .formatToParts(now)
      .map(part => [part.type, part.value]),
  );
  return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
}

/** The contact's own day; a contact without a zone, or with one nobody knows, lives in `fallback`. */
export function dayOf(zone: string | null, fallback: string, now: Date): Day {
  return dayIn(zone !== null && zoneNames.has(zone) ? zone : fallback, now);
}

/**
 * The moment a day begins in a zone, in UTC to the minute. Found by halving, because that is not always at 0:00: some zones jump
 * over midnight when summer time begins. Offsets lie between -12 and +14 hours.
 */
export function startOfDay(zone: string, day: Day): string {
  const midnight = Date.parse(`${day}T00:00:00Z`) / 60_000;
  let [before, from] = [midnight - 15 * 60, midnight + 13 * 60];
  while (from - before > 1) {
    const middle = Math.floor((before + from) / 2);
    if (dayIn(zone, new Date(middle * 60_000)) < day) before = middle;
    else from = middle;
  }
  return new Date(from * 60_000).toISOString();
}

/** The zones where it is another day than in `home`, by that day. */
export function zonesOnOtherDays(home: string, now: Date): [Day, string[]][] {
  const today = dayIn(home, now);
  const byDay = new Map<Day, string[]>();
  for (const names of zoneGroups) {
    const day = dayIn(names[0] ?? home, now);
    if (day !== today) byDay.set(day, [...(byDay.get(day) ?? []), ...names]);
  }
  return [...byDay].sort(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * The day `years` earlier. From 29 February it is 28 February where that year has no 29th; so people born on 29 February
 * turn a year older on 1 March of other years.
 */
export function yearsBefore(day: Day, years: number): Day {
  const year = String(Number(day.slice(0, 4)) - years).padStart(4, '0');
  const monthDay = day.slice(4);
  return monthDay === '-02-29' && !isLeap(Number(year)) ? `${year}-02-28` : `${year}${monthDay}`;
}

export function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** Making a formatter takes 150 µs, using it 2: all zones together cost 70 ms once. */
function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-CA-u-ca-gregory-nu-latn', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  formatters.set(zone, made);
  return made;
}
