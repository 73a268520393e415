/** Conditions on the contact's own day as SQL over `c`: one branch per day of the world, with its zones, never an `at time zone` per row. */
import { type Sql, sql } from '../sql.js';
import { boundsOfDay, type Day, dayIn, zonesOnOtherDays } from './local-day.js';
import type { Context } from './profile.js';
import { zoneGroups } from './zone-names.js';

/** What `branch` makes of the contact's today. */
export function byOwnDay({ now, timeZone }: Context, branch: (today: Day) => Sql): Sql {
  return byZones(
    zonesOnOtherDays(timeZone, now).map(([day, zones]) => [zones, branch(day)]),
    branch(dayIn(timeZone, now)),
  );
}

/** The column lies on that day of the contact's own calendar, which begins at some forty moments around the world. */
export function isOnOwnDay(column: Sql, { now, timeZone }: Context, dayFrom: (today: Day) => Day): Sql {
  const boundsIn = (zone: string): [string, string] => boundsOfDay(zone, dayFrom(dayIn(zone, now)));
  const isWithin = ([from, until]: [string, string]): Sql =>
    sql`${column} >= ${from}::timestamptz and ${column} < ${until}::timestamptz`;
  const home = boundsIn(timeZone);
  const others = new Map<string, { bounds: [string, string]; zones: string[] }>();
  for (const zones of zoneGroups) {
    const bounds = boundsIn(zones[0] ?? timeZone);
    const key = bounds.join();
    if (key !== home.join()) others.set(key, { bounds, zones: [...(others.get(key)?.zones ?? []), ...zones] });
  }
  return byZones(
    [...others.values()].map(({ bounds, zones }) => [zones, isWithin(bounds)]),
    isWithin(home),
  );
}

function byZones(branches: [string[], Sql][], otherwise: Sql): Sql {
  const whens = branches.map(([zones, then]) => sql`when c.time_zone = any(${zones}::text[]) then ${then} `);
  return whens.length === 0 ? otherwise : sql`case ${whens.reduce((all, next) => sql`${all}${next}`)}else ${otherwise} end`;
}
