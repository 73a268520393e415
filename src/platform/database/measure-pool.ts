/** The connections of this process to PostgreSQL. Callers that wait for one for long want a larger DATABASE_POOL. */
import { type Measure, Measures } from '../measures.js';
import { gauge } from '../metrics.js';
import { Database } from './database.js';

const connections = gauge(
  'muster_database_connections',
  'Connections of this process: busy, idle, and callers waiting for one.',
  ['state'],
);

@Measures()
export class MeasurePool implements Measure {
  constructor(private readonly db: Database) {}

  measure(): Promise<void> {
    const { totalCount, idleCount, waitingCount } = this.db.pool;
    connections.set({ state: 'busy' }, totalCount - idleCount);
    connections.set({ state: 'idle' }, idleCount);
    connections.set({ state: 'waiting' }, waitingCount);
    return Promise.resolve();
  }
}
