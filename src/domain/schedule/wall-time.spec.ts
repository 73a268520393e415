import { isLocalTime, resolveWallTime } from './wall-time.js';

test.each([
  ['a winter day', '2026-12-24T09:00', 'Europe/Helsinki', '2026-12-24T07:00:00.000Z', null],
  ['a summer day', '2026-06-24T09:00:30', 'Europe/Helsinki', '2026-06-24T06:00:30.000Z', null],
  ['a time the clock leaps over: as much later', '2027-03-28T03:30', 'Europe/Helsinki', '2027-03-28T01:30:00.000Z', 'gap'],
  ['a time that comes twice: the first', '2026-10-25T03:30', 'Europe/Helsinki', '2026-10-25T00:30:00.000Z', 'overlap'],
  ['the hour after', '2026-10-25T04:00', 'Europe/Helsinki', '2026-10-25T02:00:00.000Z', null],
  ['a half-hour leap', '2026-10-04T02:15', 'Australia/Lord_Howe', '2026-10-03T15:45:00.000Z', 'gap'],
  ['a place without summer time', '2026-03-29T02:30', 'Asia/Baku', '2026-03-28T22:30:00.000Z', null],
  ['a day that a place left out', '2011-12-30T12:00', 'Pacific/Apia', '2011-12-30T22:00:00.000Z', 'gap'],
] as const)('%s', (_what, local, timeZone, at, shift) => {
  expect(resolveWallTime({ local, timeZone })).toEqual({ at: new Date(at), shift });
});

test.each([
  '2026-02-30T09:00',
  '2026-12-24',
  '2026-12-24T24:00',
  '2026-12-24T09:00Z',
  '2026-12-24T23:59:60',
  '24.12.2026 09:00',
  '',
])('"%s" is no local time', text => expect(isLocalTime(text)).toBe(false));
test.each(['2028-02-29T00:00', '2026-12-24T23:59:59'])('"%s" is one', text => expect(isLocalTime(text)).toBe(true));
