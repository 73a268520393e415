/** Waits for the pace of a gateway. The rate is in PostgreSQL; only the waiting is here. */
import { Injectable } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import type { WorkspaceId } from '../domain/ids.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { type Rate, reserveUnits, returnUnits, selectWait } from './pace.sql.js';

/** Shortest and longest nap between two looks at the pace. */
const napMs = { min: 5, max: 1_000 };

@Injectable()
export class PaceService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** Resolves to true when the units are reserved, to false when `signal` aborted first. */
  async reserve(workspaceId: WorkspaceId, rate: Rate, units: number, signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      if (await this.db.row(reserveUnits(workspaceId, rate, units, this.clock.now()))) return true;
      const row = await this.db.row<{ wait_ms: string }>(selectWait(workspaceId, rate, units, this.clock.now()));
      const waitMs = Math.min(napMs.max, Math.max(napMs.min, Number(row?.wait_ms ?? 0)));
      await delay(waitMs, undefined, { signal }).catch(() => undefined);
    }
    return false;
  }

  async giveBack(workspaceId: WorkspaceId, rate: Rate, units: number): Promise<void> {
    if (units > 0) await this.db.run(returnUnits(workspaceId, rate, units));
  }
}
