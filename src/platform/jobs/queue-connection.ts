/**
 * Where the queue lives: Redis when REDIS_URL is set, else PostgreSQL. BullMQ picks its back end from a process-wide
 * factory, read whenever a Queue or Worker is made; nothing else in the product differs between the two.
 */
import { type ConnectionOptions, createPostgresBackend, setDefaultBackendFactory } from 'bullmq';
import type { Config } from '../config.js';

/** Connections BullMQ may open per Queue or Worker (plus one that listens): 3 queues and 3 workers stay under 25. */
const poolSize = 3;

export function queueConnection(config: Pick<Config, 'redisUrl' | 'databaseUrl'>): ConnectionOptions {
  if (config.redisUrl !== null) {
    setDefaultBackendFactory();
    // Workers block on Redis, so commands must wait for a reconnect rather than fail after n tries.
    return { url: config.redisUrl, maxRetriesPerRequest: null };
  }
  setDefaultBackendFactory(createPostgresBackend);
  const connection = { connectionString: config.databaseUrl, schema: 'bullmq', max: poolSize };
  return connection as unknown as ConnectionOptions;
}

/** Injection token for the connection both queues and workers use. */
export abstract class QueueConnection {
  abstract readonly options: ConnectionOptions;
}
