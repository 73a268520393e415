/** Message ids of events are remembered for 7 days (senders retry for hours, not weeks); each sweep drops older ones. */
import { Database } from '../platform/database/database.js';
import { Sweeps, type SweepTask } from '../platform/jobs/handles.js';
import { forgetSeenEvents } from './events.sql.js';

@Sweeps()
export class ForgetSeenEvents implements SweepTask {
  constructor(private readonly db: Database) {}

  async sweep(): Promise<void> {
    await this.db.run(forgetSeenEvents());
  }
}
