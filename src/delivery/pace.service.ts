/**
 * The pace of a gateway: how much of it is free, reserving, and rests it asks for. The rates are in PostgreSQL, so all workers share
 * them. A drain looks for room before it begins: one that found none comes back later, and other gateways' drains get its place.
 */
import { Injectable } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import type { WorkspaceId } from '../domain/ids.js';
import type { OpenGateway } from '../gateways/open-gateway.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { type Ahead, burstMs, extendRest, type Rate, reserveUnits, returnUnits, selectAhead } from './pace.sql.js';

/** Shortest and longest nap between two looks at the pace, for a wave that waits a moment for its units. */
const napMs = { min: 5, max: 1_000 };
/** What one drain takes at a time: enough to be worth a turn, little enough that 64 slots have a turn each in a few seconds. */
const turnMs = 100;
/** A drain without room looks again this much later: often enough to use all of the pace, seldom enough for 64 slots. */
const lookAgainMs = 750;
/** When a provider does not say how long to rest. */
const usualRestMs = 10_000;

/** Messages that may go now (one unit each), or when to look again. */
export type Room = { messages: number } | { lookAgainAt: Date };

@Injectable()
export class PaceService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  async room(workspaceId: WorkspaceId, gateway: OpenGateway): Promise<Room> {
    const rate = rateOf(gateway);
    const ahead = await this.aheadOf(workspaceId, [restKey(gateway.id), ...(rate ? [rate.key] : [])]);
    const restMs = ahead.get(restKey(gateway.id)) ?? 0;
    if (restMs > 0) return { lookAgainAt: this.after(restMs) };
    if (!rate) return { messages: Infinity };
    const freeMs = burstMs - (ahead.get(rate.key) ?? 0);
    const messages = Math.max(1, Math.floor((turnMs * rate.unitsPerSecond) / 1_000));
    const missingMs = (messages * 1_000) / rate.unitsPerSecond - freeMs;
    return missingMs > 0 ? { lookAgainAt: this.after(Math.max(lookAgainMs, missingMs)) } : { messages };
  }

  /** Resolves to true when the units are reserved, to false when `signal` aborted first. */
  async reserve(workspaceId: WorkspaceId, rate: Rate, units: number, signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      if (await this.db.row(reserveUnits(workspaceId, rate, units, this.clock.now()))) return true;
      const costMs = Math.min((units * 1_000) / rate.unitsPerSecond, burstMs);
      const waitMs = ((await this.aheadOf(workspaceId, [rate.key])).get(rate.key) ?? 0) + costMs - burstMs;
      await delay(Math.min(napMs.max, Math.max(napMs.min, waitMs)), undefined, { signal }).catch(() => undefined);
    }
    return false;
  }

  async giveBack(workspaceId: WorkspaceId, rate: Rate, units: number): Promise<void> {
    if (units > 0) await this.db.run(returnUnits(workspaceId, rate, units));
  }

  /** The gateway throttles: nothing more is claimed for it until it had its rest. */
  async rest(workspaceId: WorkspaceId, gatewayId: string, restMs = usualRestMs): Promise<void> {
    await this.db.run(extendRest(workspaceId, restKey(gatewayId), this.after(restMs)));
  }

  private after(ms: number): Date {
    return new Date(this.clock.now().getTime() + ms);
  }

  private async aheadOf(workspaceId: WorkspaceId, keys: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.db.rows<Ahead>(selectAhead(workspaceId, keys, this.clock.now()));
    return new Map(rows.map(row => [row.key, row.ahead_ms]));
  }
}

/** Null for a gateway that takes all it gets. */
export function rateOf({ id, unitsPerSecond }: OpenGateway): Rate | null {
  return unitsPerSecond === null ? null : { key: `gateway:${id}`, unitsPerSecond };
}

const restKey = (gatewayId: string): string => `rest:${gatewayId}`;
