/**
 * The sweeper: a timer in each worker behind an advisory lock, so that one of them sweeps at a time. It runs every class
 * marked @Sweeps, once at start and then each period: a flushed queue or a killed worker costs one period and no message.
 */
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Config } from '../config.js';
import { Database } from '../database/database.js';
import { locks } from '../database/locks.js';
import { Logs } from '../log.js';
import { histogram } from '../metrics.js';
import { sweepsKey, type SweepTask } from './handles.js';

const sweepSeconds = histogram(
  'muster_sweep_seconds',
  'How long each task of a sweep ran.',
  ['task', 'outcome'],
  [0.01, 0.1, 1, 10, 60],
);

/** Another worker sweeps, or one that just died still holds the lock: look again soon. */
const busyRetryMs = 2_000;

@Injectable()
export class Sweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly db: Database,
    private readonly config: Config,
    private readonly logs: Logs,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule(0);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** One sweep now; returns false when another worker is sweeping. Tests call it instead of waiting for the timer. */
  async sweepOnce(): Promise<boolean> {
    return this.db.session(async client => {
      const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1, 0) as got', [locks.sweep]);
      if (!rows[0]?.got) return false;
      await this.runTasks();
      await client.query('select pg_advisory_unlock($1, 0)', [locks.sweep]);
      return true;
    });
  }

  /** One task's failure must not keep the others from running; it is reported and tried again next period. */
  private async runTasks(): Promise<void> {
    for (const task of this.tasks()) {
      if (this.stopped) return;
      await this.runTask(task);
    }
  }

  private async runTask(task: SweepTask): Promise<void> {
    const end = sweepSeconds.startTimer({ task: task.constructor.name });
    try {
      await task.sweep();
      end({ outcome: 'done' });
    } catch (error) {
      end({ outcome: 'failed' });
      this.logs.log.error({ task: task.constructor.name, err: error }, 'sweep failed');
    }
  }

  private tasks(): SweepTask[] {
    return this.discovery
      .getProviders()
      .filter(({ metatype }) => metatype && (Reflect.getMetadata(sweepsKey, metatype) as boolean | undefined))
      .map(({ instance }) => instance as SweepTask);
  }

  private schedule(delayMs: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.sweepOnce()
        .catch((error: unknown) => {
          this.logs.log.warn({ err: error }, 'sweep could not start');
          return false;
        })
        .then(swept => this.schedule(swept ? this.config.sweepMs : Math.min(this.config.sweepMs, busyRetryMs)));
    }, delayMs);
  }
}
