/** Rings that are the same ring, on both back ends of the queue: one waits, one runs, none is lost. */
import 'reflect-metadata';
import { type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import pg from 'pg';
import { z } from 'zod';
import { SystemClock } from '../../src/platform/clock.js';
import { loadConfig, withDatabase } from '../../src/platform/config.js';
import { defineJob } from '../../src/platform/jobs/define-job.js';
import { Handles, type JobHandler } from '../../src/platform/jobs/handles.js';
import { Jobs } from '../../src/platform/jobs/jobs.service.js';
import { createLog } from '../../src/platform/log.js';
import { PlatformModule } from '../../src/platform/platform.module.js';
import { createTestDatabase, type TestDatabase } from '../support/db.js';
import { eventually } from '../support/eventually.js';
import { hasRedis, startRedis, type TestRedis } from '../support/redis.js';

type Door = { door: string };
const bell = defineJob<Door>({
  name: 'test.bell',
  queue: 'send',
  payload: z.object({ door: z.string() }),
  attempts: 3,
  backoffMs: 10,
  once: ({ door }) => door,
});

const heard: string[] = [];
let running = 0;
let mostAtOnce = 0;
let work: (door: string) => Promise<void>;

@Handles(bell)
class BellJob implements JobHandler<Door> {
  async handle({ door }: Door): Promise<void> {
    heard.push(door);
    mostAtOnce = Math.max(mostAtOnce, ++running);
    await work(door).finally(() => running--);
  }
}

@Module({ providers: [BellJob] })
class TestBellModule {}

const backEnds = hasRedis() ? (['postgresql', 'redis'] as const) : (['postgresql'] as const);

/** Work that goes on until it is let go. */
function held(): { until: Promise<void>; letGo: () => void } {
  let letGo = (): void => undefined;
  const until = new Promise<void>(resolve => (letGo = resolve));
  return { until, letGo };
}

describe.each(backEnds)('rings for one door on %s', backEnd => {
  let database: TestDatabase;
  let redis: TestRedis | undefined;
  let context: INestApplicationContext;
  const boot = (role: string): Promise<INestApplicationContext> => {
    const environment = { DATA_DIR: '/tmp', SECRET_KEY: 's'.repeat(32), ROLE: role, LOG_LEVEL: 'silent' };
    const config = withDatabase(loadConfig(redis ? { ...environment, REDIS_URL: redis.url } : environment), database.url);
    @Module({ imports: [PlatformModule.forRoot(config, new SystemClock(), createLog('silent', role)), TestBellModule] })
    class Root {}
    return NestFactory.createApplicationContext(Root, { logger: false });
  };
  const jobs = () => context.get(Jobs);
  const quiet = () => eventually(async () => Object.values(await jobs().depths()).every(depth => depth === 0));

  beforeAll(async () => {
    database = await createTestDatabase('rings');
    redis = backEnd === 'redis' ? await startRedis() : undefined;
    context = await boot('worker');
  });
  afterAll(async () => {
    await context.close();
    await redis?.stop();
    await database.drop();
  });
  beforeEach(() => {
    heard.length = running = mostAtOnce = 0;
    work = () => Promise.resolve();
  });

  test('many rings during a run are one run after it', async () => {
    const first = held();
    work = () => first.until;
    await jobs().ring(bell, { door: 'a' });
    await eventually(() => running === 1);
    for (let i = 0; i < 5; i++) await jobs().ringAll(bell, [{ door: 'a' }, { door: 'a' }]);
    first.letGo();
    await quiet();
    expect(heard).toEqual(['a', 'a']);
    expect(mostAtOnce).toBe(1);
  });

  test('a handler that rings for its own door runs again, with a delay too', async () => {
    work = async door => {
      if (heard.length < 4) await jobs().ring(bell, { door }, heard.length === 2 ? 200 : 0);
    };
    const began = performance.now();
    await jobs().ring(bell, { door: 'b' });
    await eventually(() => heard.length === 4);
    expect(performance.now() - began).toBeGreaterThanOrEqual(190);
    await quiet();
    expect(heard).toHaveLength(4);
  });

  test('a ring takes the place of a delayed one', async () => {
    await jobs().ring(bell, { door: 'c' }, 30_000);
    await jobs().ring(bell, { door: 'c' });
    await eventually(() => heard.length === 1);
    await quiet();
  });

  test('other doors do not wait', async () => {
    const slow = held();
    work = door => (door === 'slow' ? slow.until : Promise.resolve());
    await jobs().ringAll(bell, [{ door: 'slow' }, { door: 'x' }, { door: 'y' }]);
    await eventually(() => heard.length === 3 && running === 1);
    slow.letGo();
    await quiet();
  });

  test('a run that fails for good leaves the door open for the next ring', async () => {
    work = () => Promise.reject(new Error('broken'));
    await jobs().ring(bell, { door: 'd' });
    await eventually(() => heard.length === 3);
    await quiet();
    work = () => Promise.resolve();
    await jobs().ring(bell, { door: 'd' });
    await eventually(() => heard.length === 4);
  });

  test('a job that was lost does not swallow the next ring', async () => {
    await jobs().ring(bell, { door: 'e' }, 60_000);
    await loseJobs();
    await jobs().ring(bell, { door: 'e' });
    await eventually(() => heard.includes('e'));
  });

  async function loseJobs(): Promise<void> {
    if (backEnd === 'redis') return; // FLUSHALL would take the keys of the doors with it: nothing is left to swallow a ring.
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query('delete from bullmq.job');
    await client.end();
  }
});
