// The queue on both of its back ends: the same declarations, the same handlers, the same promises.
import 'reflect-metadata';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { INestApplicationContext } from '@nestjs/common';
import { z } from 'zod';
import { SystemClock } from '../../src/platform/clock.js';
import { loadConfig, withDatabase } from '../../src/platform/config.js';
import { type JobDeclaration, defineJob } from '../../src/platform/jobs/define-job.js';
import { Handles, type JobHandler, type SweepTask, Sweeps } from '../../src/platform/jobs/handles.js';
import { Jobs } from '../../src/platform/jobs/jobs.service.js';
import { Sweeper } from '../../src/platform/jobs/sweeper.js';
import { createLog } from '../../src/platform/log.js';
import { PlatformModule } from '../../src/platform/platform.module.js';
import { eventually } from '../support/eventually.js';
import { createTestDatabase, type TestDatabase } from '../support/db.js';
import { hasRedis, startRedis, type TestRedis } from '../support/redis.js';

const ring = (name: string): JobDeclaration<{ n: number }> =>
  defineJob({ name, queue: 'track', payload: z.object({ n: z.number() }), attempts: 3, backoffMs: 10 });
const echo = ring('test.echo');
const flaky = ring('test.flaky');
const slow = ring('test.slow');

const heard: number[] = [];
const tries: number[] = [];
const slept: string[] = [];

@Handles(echo)
class EchoJob implements JobHandler<{ n: number }> {
  handle({ n }: { n: number }): Promise<void> {
    heard.push(n);
    return Promise.resolve();
  }
}

@Handles(flaky)
class FlakyJob implements JobHandler<{ n: number }> {
  handle({ n }: { n: number }): Promise<void> {
    tries.push(n);
    return tries.length < 3 ? Promise.reject(new Error('not yet')) : Promise.resolve();
  }
}

@Handles(slow)
class SlowJob implements JobHandler<{ n: number }> {
  async handle(_payload: { n: number }, signal: AbortSignal): Promise<void> {
    slept.push('began');
    await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve(), { once: true }));
    slept.push('put down');
  }
}

let sweeps = 0;
/** Sweeps wait here while it is closed; `inside` counts those that do. */
let gate: Promise<void> | null = null;
let inside = 0;

@Sweeps()
class CountSweeps implements SweepTask {
  async sweep(): Promise<void> {
    sweeps++;
    inside++;
    await gate;
    inside--;
  }
}

@Injectable()
class Unrelated {}

@Module({ providers: [EchoJob, FlakyJob, SlowJob, CountSweeps, Unrelated] })
class TestJobsModule {}

const backEnds = hasRedis() ? (['postgresql', 'redis'] as const) : (['postgresql'] as const);

describe.each(backEnds)('jobs on %s', backEnd => {
  let database: TestDatabase;
  let redis: TestRedis | undefined;
  let context: INestApplicationContext;

  const boot = async (role = 'worker'): Promise<INestApplicationContext> => {
    const environment = { DATA_DIR: '/tmp', SECRET_KEY: 's'.repeat(32), ROLE: role, LOG_LEVEL: 'silent', SWEEP_SECONDS: '0.05' };
    const config = withDatabase(loadConfig(redis ? { ...environment, REDIS_URL: redis.url } : environment), database.url);
    @Module({ imports: [PlatformModule.forRoot(config, new SystemClock(), createLog('silent', role)), TestJobsModule] })
    class Root {}
    return NestFactory.createApplicationContext(Root, { logger: false });
  };

  beforeAll(async () => {
    database = await createTestDatabase('jobs');
    redis = backEnd === 'redis' ? await startRedis() : undefined;
    context = await boot();
  });
  afterAll(async () => {
    await context.close();
    await redis?.stop();
    await database.drop();
  });

  test('every ring is heard, also when one rings twice for the same thing', async () => {
    heard.length = 0;
    await context.get(Jobs).ringAll(
      echo,
      Array.from({ length: 50 }, (_, n) => ({ n })),
    );
    await context.get(Jobs).ring(echo, { n: 7 });
    await eventually(() => heard.length === 51);
    expect(heard.filter(n => n === 7)).toHaveLength(2);
  });

  test('a job that throws is tried again', async () => {
    tries.length = 0;
    await context.get(Jobs).ring(flaky, { n: 1 });
    await eventually(() => tries.length === 3);
  });

  test('a delayed ring comes later than one rung after it', async () => {
    heard.length = 0;
    await context.get(Jobs).ring(echo, { n: 1 }, 1_500);
    await context.get(Jobs).ring(echo, { n: 2 });
    await eventually(() => heard.length === 2);
    expect(heard).toEqual([2, 1]);
  });

  test('a payload that is not of its shape never reaches the queue', async () => {
    await expect(context.get(Jobs).ring(echo, { n: 'seven' } as unknown as { n: number })).rejects.toThrow();
  });

  test('done jobs leave nothing behind', async () => {
    await eventually(async () => Object.values(await context.get(Jobs).depths()).every(depth => depth === 0));
  });

  test('the sweep runs by itself, in one process at a time', async () => {
    const before = sweeps;
    await eventually(() => sweeps > before);
    const other = await boot();
    let open = (): void => undefined;
    gate = new Promise(resolve => (open = resolve));
    await eventually(() => inside === 1);
    expect(await Promise.all([context.get(Sweeper).sweepOnce(), other.get(Sweeper).sweepOnce()])).toEqual([false, false]);
    expect(inside).toBe(1);
    gate = null;
    open();
    await other.close();
  });

  test('a shutdown asks running jobs to put down what they hold, and waits for it', async () => {
    slept.length = 0;
    const other = await boot();
    await other.get(Jobs).ring(slow, { n: 1 });
    await eventually(() => slept.includes('began'));
    const closing = [other.close(), context.close()];
    await Promise.all(closing);
    expect(slept).toEqual(['began', 'put down']);
    context = await boot();
  });

  test('a worker that lacks the handler of a declared job does not start', async () => {
    const environment = { DATA_DIR: '/tmp', SECRET_KEY: 's'.repeat(32), ROLE: 'worker', LOG_LEVEL: 'silent' };
    const config = withDatabase(loadConfig(redis ? { ...environment, REDIS_URL: redis.url } : environment), database.url);
    @Module({ imports: [PlatformModule.forRoot(config, new SystemClock(), createLog('silent', 'worker'))] })
    class Bare {}
    await expect(NestFactory.createApplicationContext(Bare, { logger: false, abortOnError: false })).rejects.toThrow(
      'no handler for job',
    );
  });
});
