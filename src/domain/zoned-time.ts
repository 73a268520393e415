/** Wall-clock times of a zone as instants. Formatters cost 30 µs to make, so those of a few zones are kept. */
const formats = new Map<string, Intl.DateTimeFormat>();
const maxKept = 100;

/** `wall` is `YYYY-MM-DDTHH:MM:SS`. In the hour that is skipped in spring: an hour later; in the doubled one of autumn: the first. */
export function wallTimeToInstant(wall: string, zone: string): Date {
  const asUtc = Date.parse(`${wall}Z`);
  const before = asUtc - offsetAt(asUtc - 86_400_000, zone);
  if (before + offsetAt(before, zone) === asUtc) return new Date(before);
  const after = asUtc - offsetAt(asUtc + 86_400_000, zone);
  return new Date(after + offsetAt(after, zone) === asUtc ? after : before);
}

/** Milliseconds that the zone's clocks are ahead of UTC at an instant. */
function offsetAt(at: number, zone: string): number {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  if (formats.size >= maxKept) formats.clear();
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(zone, format);
  return format;
}
