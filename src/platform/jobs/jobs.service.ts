/** Rings doorbells: puts declared jobs on their queues. Always called after the commit of the row the job will read. */
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { type JobsOptions, Queue } from 'bullmq';
import { Logs } from '../log.js';
import { type JobDeclaration, type QueueName, queueNames } from './define-job.js';
import { QueueConnection } from './queue-connection.js';

export type QueueLook = { queue: QueueName; waiting: number; delayed: number; active: number; nextSince: number | null };

@Injectable()
export class Jobs implements OnModuleInit, OnApplicationShutdown {
  private readonly queues = new Map<QueueName, Queue>();

  constructor(
    connection: QueueConnection,
    private readonly logs: Logs,
  ) {
    for (const name of queueNames) {
      const queue = new Queue(name, { connection: connection.options });
      // Without a listener a lost connection would end the process; the queue reconnects by itself.
      queue.on('error', error => this.logs.log.warn({ queue: name, error: error.message }, 'queue connection'));
      this.queues.set(name, queue);
    }
  }

  /** A queue whose first connection fails would refuse every job from then on: better not to start. */
  async onModuleInit(): Promise<void> {
    await Promise.all([...this.queues.values()].map(queue => queue.waitUntilReady()));
  }

  /** One job. `delayMs` postpones it. Job ids are the queue's own: a ring is never swallowed by the id of a job that ended. */
  async ring<Payload>(job: JobDeclaration<Payload>, payload: Payload, delayMs = 0): Promise<void> {
    await this.ringAll(job, [payload], delayMs);
  }

  async ringAll<Payload>(job: JobDeclaration<Payload>, payloads: readonly Payload[], delayMs = 0): Promise<void> {
    if (payloads.length === 0) return;
    const queue = this.queues.get(job.queue);
    if (!queue) throw new Error(`no queue ${job.queue}`);
    await queue.addBulk(
      payloads.map(data => ({ name: job.name, data: job.payload.parse(data), opts: options(job, data, delayMs) })),
    );
  }

  /** All jobs of each queue that wait, are delayed or run. */
  async depths(): Promise<Record<QueueName, number>> {
    const looks = await this.look();
    return Object.fromEntries(looks.map(one => [one.queue, one.waiting + one.delayed + one.active])) as Record<QueueName, number>;
  }

  /** Each queue as it is now; `nextSince` (Unix ms) is when the job that is next was rung for. */
  look(): Promise<QueueLook[]> {
    return Promise.all(
      [...this.queues].map(async ([name, queue]) => {
        const counts = await queue.getJobCounts('waiting', 'prioritized', 'delayed', 'active');
        const count = (type: string): number => counts[type] ?? 0;
        const waiting = count('waiting') + count('prioritized');
        const next = waiting === 0 ? [] : await queue.getJobs(['waiting', 'prioritized'], 0, 0, true);
        const nextSince = next[0]?.timestamp ?? null;
        return { queue: name, waiting, delayed: count('delayed'), active: count('active'), nextSince };
      }),
    );
  }

  /** For the queue board. */
  all(): readonly Queue[] {
    return [...this.queues.values()];
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.queues.values()].map(queue => queue.close()));
  }
}

function options<Payload>(job: JobDeclaration<Payload>, payload: Payload, delayMs: number): JobsOptions {
  const once = job.once && { id: `${job.name}.${job.once(payload)}`, keepLastIfActive: true, replace: true };
  return {
    attempts: job.attempts,
    backoff: { type: 'exponential', delay: job.backoffMs },
    delay: delayMs,
    removeOnComplete: true,
    removeOnFail: true,
    ...(once && { deduplication: once }),
    ...(job.priority && { priority: job.priority(payload) }),
  };
}
