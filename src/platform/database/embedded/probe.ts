/** Asks a port who answers there. Only a database that accepts our password and names our data directory is ours. */
import { realpathSync } from 'node:fs';
import pg from 'pg';
import { codeOf } from '../../errno.js';
import type { Place } from './place.js';

/** `busy`: some PostgreSQL that starts up, recovers or shuts down. `stranger`: another database or no database at all. */
export type Answer = 'ours' | 'busy' | 'stranger' | 'nobody';

export const user = 'muster';

/** cannot_connect_now and too_many_connections: it lives, but not for us at this moment. */
const busyCodes = new Set(['57P03', '53300']);
const timeoutMs = 2000;

export function urlOf(port: number, password: string, database: string): string {
  return `postgresql://${user}:${password}@127.0.0.1:${port}/${database}`;
}

export async function probe(place: Place, port: number, password: string): Promise<Answer> {
  const client = new pg.Client({
    connectionString: urlOf(port, password, 'postgres'),
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
  });
  client.on('error', () => undefined); // a connection that breaks shows up as a failed query
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('show data_directory');
    return realpathSync(rows[0]?.data_directory ?? '/') === place.cluster ? 'ours' : 'stranger';
  } catch (error) {
    return answerOf(codeOf(error));
  } finally {
    void client.end().catch(() => undefined);
  }
}

function answerOf(code = ''): Answer {
  if (busyCodes.has(code)) return 'busy';
  const isSqlState = /^\d[0-9A-Z]{4}$/.test(code); // a PostgreSQL answered, and refused us
  return isSqlState ? 'stranger' : 'nobody';
}
