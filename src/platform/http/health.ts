/**
 * Liveness, readiness and metrics, on the API's port and on a worker's health port alike. Plain functions over Fastify:
 * they must answer when everything else is busy, and they need no key.
 */
import type { FastifyInstance } from 'fastify';
import { sql } from '../../domain/sql.js';
import type { Database } from '../database/database.js';
import type { Jobs } from '../jobs/jobs.service.js';
import type { Measurements } from '../measures.js';
import { registry } from '../metrics.js';

/** A readiness check that takes longer than this has failed. */
const checkTimeoutMs = 2_000;

export function mountHealth(fastify: FastifyInstance, db: Database, jobs: Jobs, measurements: Measurements): void {
  fastify.get('/health/live', () => ({ status: 'ok' }));
  fastify.get('/health/ready', async (_request, reply) => {
    const checks = { database: await isUp(db.row(sql`select 1`)), queue: await isUp(jobs.depths()) };
    const isReady = Object.values(checks).every(check => check);
    return reply.status(isReady ? 200 : 503).send({ status: isReady ? 'ok' : 'unavailable', checks });
  });
  fastify.get('/metrics', async (_request, reply) => {
    await measurements.take();
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}

async function isUp(check: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<boolean>(resolve => (timer = setTimeout(() => resolve(false), checkTimeoutMs)));
  try {
    return await Promise.race([check.then(() => true), timeout]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
