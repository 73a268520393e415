/**
 * Jobs are declared as data where the noun lives and handled where the verb lives. A job is a doorbell: its payload is ids
 * and nothing else, running it twice is the same as once, and losing it costs one sweep and no message.
 */
import type { z } from 'zod';

export type JobDeclaration<Payload = unknown> = {
  /** `noun.verb`, on the wire; never reused for another meaning. */
  readonly name: string;
  /** Queues keep slow work from blocking fast work: `send` (drains), `bulk` (freezes, imports), `track` (what comes back). */
  readonly queue: QueueName;
  readonly payload: z.ZodType<Payload>;
  /** Tries before the job is given up to the sweeper. */
  readonly attempts: number;
  /** Delay before the second try, doubled for each further one. */
  readonly backoffMs: number;
  /**
   * Names what is rung for. Of one name at most one job runs and one waits: further rings change nothing, one during a run is heard after
   * it, and one while an earlier is delayed takes its place. Without it every ring is a job.
   */
  once?(payload: Payload): string;
  /** From 1; lower numbers are run first, equal ones in the order they were rung. */
  priority?(payload: Payload): number;
};

export const queueNames = ['send', 'bulk', 'track'] as const;
export type QueueName = (typeof queueNames)[number];

const declared = new Map<string, JobDeclaration>();

export function defineJob<Payload>(declaration: JobDeclaration<Payload>): JobDeclaration<Payload> {
  if (!/^[a-z-]+\.[a-z-]+$/.test(declaration.name)) throw new Error(`a job is named noun.verb, not "${declaration.name}"`);
  if (declared.has(declaration.name)) throw new Error(`job "${declaration.name}" is declared twice`);
  declared.set(declaration.name, declaration as JobDeclaration);
  return declaration;
}

export function declaredJobs(): readonly JobDeclaration[] {
  return [...declared.values()];
}
