/**
 * At each sweep: some batches of what retention wants gone. What is left over is gone on with at the next, in turn; the row says how far
 * it is. A subject that fails keeps no other from its turn.
 */
import { type SweepTask, Sweeps } from '../platform/jobs/handles.js';
import { RetentionService } from './retention.service.js';

/** Of one subject of one workspace a sweep: others shall be swept too. */
const batchesASweep = 20;
/** Of a sweep: what else is swept (messages of a dead worker, launches that are due) must not wait long for it. */
const longestMs = 5_000;

@Sweeps()
export class EnforceRetention implements SweepTask {
  constructor(private readonly retention: RetentionService) {}

  async sweep(): Promise<void> {
    const end = performance.now() + longestMs;
    const failures: unknown[] = [];
    for (const due of await this.retention.listDue()) {
      if (performance.now() > end) break;
      try {
        for (let batches = 0; batches < batchesASweep && (await this.retention.enforce(due)); batches++);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
