import { boundsOfDay, dayOf, yearsBefore, zonesOnOtherDays } from './local-day.js';

describe('local day', () => {
  const now = new Date('2026-11-22T11:00:00Z');

  test.each([
    ['Pacific/Kiritimati', '2026-11-23'],
    ['Asia/Baku', '2026-11-22'],
    ['Etc/GMT+12', '2026-11-21'],
    [null, '2026-11-22'],
    ['Mars/Olympus', '2026-11-22'],
  ])('in %s it is %s', (zone, day) => {
    expect(dayOf(zone, 'Asia/Baku', now)).toBe(day);
  });

  test('zones on other days come by day, with all names of a zone', () => {
    const [earlier, later, ...rest] = zonesOnOtherDays('Asia/Baku', now);
    expect(rest).toEqual([]);
    expect(earlier).toEqual(['2026-11-21', ['Etc/GMT+12']]);
    expect(later?.[1]).toEqual(expect.arrayContaining(['Pacific/Auckland', 'NZ', 'Pacific/Kiritimati']));
  });

  test('most of the time two days are enough', () => {
    expect(zonesOnOtherDays('UTC', new Date('2026-11-22T20:00:00Z')).map(([day]) => day)).toEqual(['2026-11-23']);
  });

  test.each([
    ['2026-11-22', 36, '1990-11-22'],
    ['2028-02-29', 4, '2024-02-29'],
    ['2028-02-29', 18, '2010-02-28'],
    ['2000-02-29', 100, '1900-02-28'],
    ['2026-03-01', 26, '2000-03-01'],
  ])('%s less %i years is %s', (day, years, expected) => {
    expect(yearsBefore(day, years)).toBe(expected);
  });

  test.each([
    ['Asia/Tehran', '2026-11-22', '2026-11-21T20:30:00.000Z', '2026-11-22T20:30:00.000Z'],
    ['Pacific/Kiritimati', '2026-11-22', '2026-11-21T10:00:00.000Z', '2026-11-22T10:00:00.000Z'],
    // 25 hours: the clocks go back in the night.
    ['Europe/Helsinki', '2026-10-25', '2026-10-24T21:00:00.000Z', '2026-10-25T22:00:00.000Z'],
    // The clocks go from 0:00 to 1:00, so the day begins at 1:00.
    ['America/Havana', '2026-03-08', '2026-03-08T05:00:00.000Z', '2026-03-09T04:00:00.000Z'],
  ])('in %s the %s lasts from %s until %s', (zone, day, from, until) => {
    expect(boundsOfDay(zone, day)).toEqual([from, until]);
  });
});
