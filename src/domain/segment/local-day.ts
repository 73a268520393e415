/**
 * What day it is where a contact lives. At any moment the world has two or three days, so a condition on "today" needs
 * two or three cut-off dates with the zones of each, never an `at time zone` per row.
 */
import { zoneGroups, zoneNames } from './zone-names.js';

/** A calendar day as `YYYY-MM-DD`; such texts sort as days do. */
export type Day = string;

export function dayIn(zone: string, now: Date): Day {
  return dayFrom(partsOf(formatterOf(zone), now));
}

/** The contact's own day; a contact without a zone, or with one nobody knows, lives in `fallback`. */
export function dayOf(zone: string | null, fallback: string, now: Date): Day {
  return dayIn(zone !== null && zoneNames.has(zone) ? zone : fallback, now);
}

/** The moments a day begins and ends in a zone, in UTC to the minute. Offsets lie between -12 and +14 hours. */
export function boundsOfDay(zone: string, day: Day): [string, string] {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  const offset = offsetAt(zone, midnight - 15 * hourMs);
  // Clocks that show the same before and after were not put forward or back: two look-ups in place of twenty.
  if (offset === offsetAt(zone, midnight + 37 * hourMs))
    return [toMinute(midnight - offset), toMinute(midnight + 24 * hourMs - offset)];
  return [startOfDay(zone, day), startOfDay(zone, dayAfter(day))];
}

/** Found by halving, because that is not always at 0:00: some zones jump over midnight when summer time begins. */
function startOfDay(zone: string, day: Day): string {
  const midnight = Date.parse(`${day}T00:00:00Z`) / 60_000;
  let [before, from] = [midnight - 15 * 60, midnight + 13 * 60];
  while (from - before > 1) {
    const middle = Math.floor((before + from) / 2);
    if (dayIn(zone, new Date(middle * 60_000)) < day) before = middle;
    else from = middle;
  }
  return new Date(from * 60_000).toISOString();
}

const hourMs = 3_600_000;

/** Milliseconds that the clocks of a zone are ahead of UTC. */
function offsetAt(zone: string, at: number): number {
  const parts = partsOf(clockOf(zone), new Date(at));
  return Date.parse(`${dayFrom(parts)}T${parts.get('hour')}:${parts.get('minute')}:${parts.get('second')}Z`) - at;
}

type Parts = ReadonlyMap<string, string>;

function partsOf(formatter: Intl.DateTimeFormat, at: Date): Parts {
  return new Map(formatter.formatToParts(at).map(part => [part.type, part.value]));
}

function dayFrom(parts: Parts): Day {
  return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
}

/** The first whole minute that is not before. */
const toMinute = (at: number): string => new Date(Math.ceil(at / 60_000) * 60_000).toISOString();

function dayAfter(day: Day): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 24 * hourMs).toISOString().slice(0, 10);
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
const dayParts = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
const clockParts = { ...dayParts, hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
const formatterOf = formattersWith(dayParts);
const clockOf = formattersWith(clockParts);

function formattersWith(parts: Intl.DateTimeFormatOptions): (zone: string) => Intl.DateTimeFormat {
  const formatters = new Map<string, Intl.DateTimeFormat>();
  return zone => {
    const formatter = formatters.get(zone) ?? new Intl.DateTimeFormat('en-CA-u-ca-gregory-nu-latn', { timeZone: zone, ...parts });
    formatters.set(zone, formatter);
    return formatter;
  };
}
