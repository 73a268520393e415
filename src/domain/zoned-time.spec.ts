import { wallTimeToInstant } from './zoned-time.js';

test.each([
  ['2026-01-15T12:00:00', 'Europe/Helsinki', '2026-01-15T10:00:00.000Z'],
  ['2026-07-15T12:00:00', 'Europe/Helsinki', '2026-07-15T09:00:00.000Z'],
  ['2026-01-15T12:00:00', 'Asia/Tehran', '2026-01-15T08:30:00.000Z'],
  ['2026-01-15T00:10:00', 'America/New_York', '2026-01-15T05:10:00.000Z'],
  ['2026-03-29T02:59:59', 'Europe/Helsinki', '2026-03-29T00:59:59.000Z'],
  ['2026-03-29T03:30:00', 'Europe/Helsinki', '2026-03-29T01:30:00.000Z'],
  ['2026-10-25T03:30:00', 'Europe/Helsinki', '2026-10-25T00:30:00.000Z'],
])('%s on the clocks of %s is %s', (wall, zone, instant) => {
  expect(wallTimeToInstant(wall, zone).toISOString()).toBe(instant);
});
