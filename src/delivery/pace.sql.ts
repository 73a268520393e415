/**
 * Rates as rows, the same on both queue back ends: GCRA (the leaky bucket of ITU-T I.371). `tat` is the theoretical arrival
 * time of the next unit; a wave moves it on by its units in one update, so two workers never spend the same second twice.
 * A gateway that asked for a rest has a second row, whose `tat` is the end of it.
 */
import type { WorkspaceId } from '../domain/ids.js';
import { type Sql, sql } from '../domain/sql.js';

/** A gateway may be this far ahead of its even pace: one second's worth of units. */
export const burstMs = 1_000;

export type Rate = { key: string; unitsPerSecond: number };

/** Returns a row when the units are granted; none when they come too early. */
export function reserveUnits(workspaceId: WorkspaceId, { key, unitsPerSecond }: Rate, units: number, now: Date): Sql {
  const costMs = (units * 1000) / unitsPerSecond;
  return sql`
    insert into pace as p (workspace_id, key, tat) values (${workspaceId}, ${key}, ${now}::timestamptz + ${costMs} * interval '1 ms')
    on conflict (workspace_id, key) do update set tat = greatest(p.tat, ${now}) + ${costMs} * interval '1 ms'
      where greatest(p.tat, ${now}) <= ${now}::timestamptz + ${burstMs - Math.min(costMs, burstMs)} * interval '1 ms'
    returning tat`;
}

/** Gives back what a wave reserved and did not use. */
export function returnUnits(workspaceId: WorkspaceId, { key, unitsPerSecond }: Rate, units: number): Sql {
  return sql`update pace set tat = tat - ${(units * 1000) / unitsPerSecond} * interval '1 ms' where workspace_id = ${workspaceId} and key = ${key}`;
}

export type Ahead = { key: string; ahead_ms: number };

/** How far these rates are ahead of now; a rate that was never used has no row. */
export function selectAhead(workspaceId: WorkspaceId, keys: readonly string[], now: Date): Sql {
  return sql`select key, greatest(0, extract(epoch from (tat - ${now}::timestamptz)) * 1000)::float8 as ahead_ms
    from pace where workspace_id = ${workspaceId} and key = any (${keys}::text[])`;
}

/** No rest that was asked for earlier is cut short. */
export function extendRest(workspaceId: WorkspaceId, key: string, until: Date): Sql {
  return sql`insert into pace as p (workspace_id, key, tat) values (${workspaceId}, ${key}, ${until})
    on conflict (workspace_id, key) do update set tat = greatest(p.tat, excluded.tat)`;
}
