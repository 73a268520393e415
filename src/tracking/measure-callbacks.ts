/** Receipts that are stored and not applied yet. A backlog that grows means that workers are too few or that none runs. */
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { type Measure, Measures } from '../platform/measures.js';
import { gauge } from '../platform/metrics.js';
import { measureOpen } from './callbacks.sql.js';

const waiting = gauge('muster_callbacks_waiting', 'Receipts stored and not applied yet.');
const oldest = gauge('muster_callbacks_oldest_seconds', 'Age of the oldest receipt that is not applied; 0 when there is none.');

@Measures()
export class MeasureCallbacks implements Measure {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  async measure(): Promise<void> {
    const row = await this.db.row<{ waiting: number; since: Date | null }>(measureOpen());
    waiting.set(row?.waiting ?? 0);
    oldest.set(row?.since ? Math.max(0, this.clock.now().getTime() - row.since.getTime()) / 1000 : 0);
  }
}
