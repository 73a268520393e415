/** At each sweep: some batches of what retention wants gone. What is left over is gone on with at the next; the row says how far it is. */
import { type SweepTask, Sweeps } from '../platform/jobs/handles.js';
import { RetentionService } from './retention.service.js';

/** Of one subject of one workspace a sweep: others shall be swept too. */
const batchesASweep = 20;

@Sweeps()
export class EnforceRetention implements SweepTask {
  constructor(private readonly retention: RetentionService) {}

  async sweep(): Promise<void> {
    for (const due of await this.retention.listDue())
      for (let batches = 0; batches < batchesASweep && (await this.retention.enforce(due)); batches++);
  }
}
