/** At each sweep: sends receipts that no living process will send, e.g. after a kill. */
import { Database } from '../platform/database/database.js';
import { type SweepTask, Sweeps } from '../platform/jobs/handles.js';
import { Receipts } from './receipts.js';
import { claimDueReceipts, type DueReceipt } from './sandbox.sql.js';

const batchSize = 20_000;

@Sweeps()
export class SendDueReceipts implements SweepTask {
  constructor(
    private readonly db: Database,
    private readonly receipts: Receipts,
  ) {}

  async sweep(): Promise<void> {
    this.receipts.push(await this.db.rows<DueReceipt>(claimDueReceipts(this.receipts.inHand, batchSize)));
  }
}
