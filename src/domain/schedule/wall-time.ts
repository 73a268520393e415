/**
 * A time on the wall of a place, as an instant. Twice a year the wall is not clear: a time that the clock leaps over means as much later as
 * it leaps, and of a time that comes twice the first is meant. Pure.
 */
import { Temporal } from 'temporal-polyfill';

/** `local`: `2026-12-24T09:00`, with or without seconds; `timeZone`: an IANA name. */
export type WallTime = { local: string; timeZone: string };

/** Why an instant is not simply what the wall says. */
export const shifts = ['gap', 'overlap'] as const;
export type Shift = (typeof shifts)[number];

export function isLocalTime(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(text)) return false;
  try {
    Temporal.PlainDateTime.from(text, { overflow: 'reject' });
    // A leap second is read as the second before it; nobody means that.
    return !text.endsWith(':60');
  } catch {
    return false;
  }
}

export function resolveWallTime({ local, timeZone }: WallTime): { at: Date; shift: Shift | null } {
  const wall = Temporal.PlainDateTime.from(local);
  const [first, last] = (['earlier', 'later'] as const).map(disambiguation => wall.toZonedDateTime(timeZone, { disambiguation }));
  if (!first || !last) throw new Error('a wall time has an earlier and a later reading');
  const isShown = first.toPlainDateTime().equals(wall);
  const meant = isShown ? first : last;
  return {
    at: new Date(meant.epochMilliseconds),
    shift: first.epochMilliseconds === last.epochMilliseconds ? null : isShown ? 'overlap' : 'gap',
  };
}
