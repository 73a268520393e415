/**
 * Facts that are read when /metrics is asked for, not counted as they happen: queue depths, open campaigns. Rooms mark a class with @Measures;
 * each sets its gauges from one cheap statement. Scrapes that overlap share one reading.
 */
import { applyDecorators, Injectable, SetMetadata } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { counter } from './metrics.js';

const measuresKey = 'muster:measures';

const failures = counter(
  'muster_measure_failures_total',
  'Gauges that could not be read at a scrape and keep their last value.',
  ['measure'],
);

export interface Measure {
  measure(): Promise<void>;
}

export function Measures(): ClassDecorator {
  return applyDecorators(Injectable(), SetMetadata(measuresKey, true));
}

@Injectable()
export class Measurements {
  private reading: Promise<void> | undefined;

  constructor(private readonly discovery: DiscoveryService) {}

  /** Brings every gauge up to date; one that cannot be read is counted and does not keep the others from being shown. */
  async take(): Promise<void> {
    this.reading ??= this.readAll().finally(() => (this.reading = undefined));
    await this.reading;
  }

  private async readAll(): Promise<void> {
    const found = this.discovery
      .getProviders()
      .filter(({ metatype }) => metatype && (Reflect.getMetadata(measuresKey, metatype) as boolean | undefined))
      .map(({ instance }) => instance as Measure);
    await Promise.all(found.map(one => one.measure().catch(() => failures.inc({ measure: one.constructor.name }))));
  }
}
