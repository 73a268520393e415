/**
 * Runs job handlers in workers. At boot each declared job must have exactly one handler; a job with an unknown name fails
 * loudly. On shutdown nothing new is taken, and what runs gets an abort signal and time to put down what it holds.
 */
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { type Job, UnrecoverableError, Worker } from 'bullmq';
import { Config } from '../config.js';
import { Logs } from '../log.js';
import { histogram } from '../metrics.js';
import { declaredJobs, type JobDeclaration, queueNames, type QueueName } from './define-job.js';
import { handlesKey, type JobHandler } from './handles.js';
import { QueueConnection } from './queue-connection.js';
import { WorkerIdentity } from './worker-identity.js';

const jobSeconds = histogram(
  'muster_job_seconds',
  'How long jobs ran.',
  ['job', 'outcome'],
  [0.01, 0.05, 0.25, 1, 5, 30, 120, 600],
);

/** A dead worker's jobs come back after one lock and one check: seconds, not the default minute. */
const lockDurationMs = 6_000;
const stalledIntervalMs = 3_000;
/** After a lost connection a worker asks for jobs again this soon (the default is 15 s). */
const reconnectMs = 500;

@Injectable()
export class JobHost implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly workers: Worker[] = [];
  private readonly stopping = new AbortController();
  private handlers = new Map<string, JobHandler<unknown>>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly connection: QueueConnection,
    private readonly config: Config,
    private readonly worker: WorkerIdentity,
    private readonly logs: Logs,
  ) {}

  /** Before anything is bootstrapped: a worker that lacks a handler neither takes a job nor sweeps. */
  onModuleInit(): void {
    this.handlers = this.findHandlers();
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.worker.take();
    for (const name of queueNames) this.workers.push(this.startWorker(name));
    // BullMQ remembers a first connection that failed for ever, and its loop then spins without letting anything else run.
    await Promise.all(this.workers.map(worker => worker.waitUntilReady()));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.workers.map(worker => worker.close()));
    this.worker.giveUp();
  }

  private findHandlers(): Map<string, JobHandler<unknown>> {
    const found = new Map<string, JobHandler<unknown>>();
    for (const { metatype, instance } of this.discovery.getProviders()) {
      const name = metatype ? (Reflect.getMetadata(handlesKey, metatype) as string | undefined) : undefined;
      if (name === undefined) continue;
      if (found.has(name)) throw new Error(`job "${name}" has two handlers`);
      found.set(name, instance as JobHandler<unknown>);
    }
    const orphans = declaredJobs().filter(job => !found.has(job.name));
    if (orphans.length > 0) throw new Error(`no handler for job ${orphans.map(job => `"${job.name}"`).join(', ')}`);
    return found;
  }

  private startWorker(queue: QueueName): Worker {
    const jobs = new Map(
      declaredJobs()
        .filter(job => job.queue === queue)
        .map(job => [job.name, job]),
    );
    const worker = new Worker(queue, job => this.run(jobs, job), {
      connection: this.connection.options,
      concurrency: this.concurrency(queue),
      lockDuration: lockDurationMs,
      stalledInterval: stalledIntervalMs,
      maxStalledCount: 1000,
      runRetryDelay: reconnectMs,
    });
    worker.on('error', error => this.logs.log.warn({ queue, error: error.message }, 'worker connection'));
    return worker;
  }

  private async run(jobs: Map<string, JobDeclaration>, job: Job<unknown>): Promise<void> {
    const declaration = jobs.get(job.name);
    const handler = this.handlers.get(job.name);
    if (!declaration || !handler) {
      this.logs.log.error({ job: job.name }, 'unknown job');
      throw new UnrecoverableError(`unknown job ${job.name}`);
    }
    const end = jobSeconds.startTimer({ job: job.name });
    try {
      await handler.handle(declaration.payload.parse(job.data), this.stopping.signal);
      end({ outcome: 'done' });
    } catch (error) {
      end({ outcome: 'failed' });
      this.logs.log.error({ job: job.name, data: job.data, attempt: job.attemptsMade + 1, err: error }, 'job failed');
      throw error;
    }
  }

  private concurrency(queue: QueueName): number {
    return queue === 'send' ? this.config.drainConcurrency : 2;
  }
}
