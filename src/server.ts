/**
 * One running Muster over a migrated database: the launcher starts it, tests start several. Role `worker` serves only health
 * and metrics over HTTP; the others serve the API.
 */
import 'reflect-metadata';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { AppModule } from './app.module.js';
import { type Clock, SystemClock } from './platform/clock.js';
import { Addresses } from './platform/addresses.js';
import type { Config } from './platform/config.js';
import { Database } from './platform/database/database.js';
import { createFastify } from './platform/http/fastify.js';
import { mountHealth } from './platform/http/health.js';
import { mountDocs } from './platform/http/openapi.js';
import { mountProblems } from './platform/http/problem-pages.js';
import { ProblemFilter } from './platform/http/problem.filter.js';
import { ValidationPipe } from './platform/http/validation.js';
import { addAnswerKeeper } from './platform/http/wire-answer.js';
import { Jobs } from './platform/jobs/jobs.service.js';
import { Measurements } from './platform/measures.js';
import { mountQueueBoard } from './queue-board.js';
import { createLog, type Log, NestLog } from './platform/log.js';

export type RunningServer = {
  /** Where it answers: the public URL (role api and all) or the health port (role worker). */
  url: string;
  port: number;
  app: INestApplication;
  /** Stops taking requests and jobs, finishes what is in flight, closes every connection. */
  close(): Promise<void>;
};

type Options = {
  log?: Log;
  clock?: Clock;
  /** Runs when everything is wired and nothing is answered yet. */
  beforeListening?: (app: INestApplication) => Promise<void>;
};

export async function startServer(config: Config, options: Options = {}): Promise<RunningServer> {
  const log = options.log ?? createLog(config.logLevel, config.role);
  const app = await createApp(config, log, options.clock ?? new SystemClock());
  const isWorker = config.role === 'worker';
  try {
    await options.beforeListening?.(app);
    await app.listen(isWorker ? config.workerPort : config.port, isWorker && config.workerPort === 0 ? '127.0.0.1' : config.host);
  } catch (error) {
    await app.close(); // its workers and pools would hold the process and the database
    throw error;
  }
  const { port } = app.getHttpServer().address() as { port: number };
  const addresses = app.get(Addresses);
  addresses.listeningOn(port);
  return { url: isWorker ? `http://127.0.0.1:${port}` : addresses.publicUrl, port, app, close: () => app.close() };
}

/** The wired application, not yet listening: also what the OpenAPI document is made from. */
export async function createApp(config: Config, log: Log, clock: Clock): Promise<NestFastifyApplication> {
  const fastify = createFastify(log, config.trustedProxies);
  addAnswerKeeper(fastify as unknown as FastifyInstance);
  const adapter = new FastifyAdapter(fastify as never);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.forRoot(config, clock, log), adapter, {
    logger: new NestLog(log),
    forceCloseConnections: true,
    bodyParser: false,
    abortOnError: false, // a failed start throws; Nest would end the process and leave the database running
  });
  app.useGlobalPipes(new ValidationPipe());
  app.useGlobalFilters(new ProblemFilter(log, app.get(Addresses)));
  mountHealth(fastify as unknown as FastifyInstance, app.get(Database), app.get(Jobs), app.get(Measurements));
  if (config.role === 'worker') return app;
  mountProblems(fastify as unknown as FastifyInstance);
  mountDocs(app);
  mountQueueBoard(fastify as unknown as FastifyInstance, app);
  return app;
}
