/** Where the messages of running dispatches are, read from their tallies: what is still to go, held, on the wire, done. */
import { Database } from '../platform/database/database.js';
import { type Measure, Measures } from '../platform/measures.js';
import { gauge } from '../platform/metrics.js';
import { sumOpenTallies } from './tally.sql.js';

const open = gauge('muster_open_messages', 'Messages of dispatches that are sending or paused, by channel and state.', [
  'channel',
  'state',
]);

@Measures()
export class MeasureMessages implements Measure {
  constructor(private readonly db: Database) {}

  async measure(): Promise<void> {
    const rows = await this.db.rows<{ channel: string; state: string; messages: number }>(sumOpenTallies());
    open.reset(); // a dispatch that ended is no longer counted
    for (const { channel, state, messages } of rows) open.set({ channel, state }, messages);
  }
}
