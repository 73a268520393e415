/** What waits in the queues, and for how long: the first thing to look at when sending seems slow. */
import { Clock } from '../clock.js';
import { type Measure, Measures } from '../measures.js';
import { gauge } from '../metrics.js';
import { Jobs } from './jobs.service.js';

const jobsByState = gauge('muster_queue_jobs', 'Jobs in a queue by state: waiting, delayed or active.', ['queue', 'state']);
const oldest = gauge('muster_queue_oldest_seconds', 'How long the job that is next in a queue has waited; 0 when none waits.', [
  'queue',
]);

@Measures()
export class MeasureQueues implements Measure {
  constructor(
    private readonly jobs: Jobs,
    private readonly clock: Clock,
  ) {}

  async measure(): Promise<void> {
    const now = this.clock.now().getTime();
    for (const { queue, waiting, delayed, active, nextSince } of await this.jobs.look()) {
      jobsByState.set({ queue, state: 'waiting' }, waiting);
      jobsByState.set({ queue, state: 'delayed' }, delayed);
      jobsByState.set({ queue, state: 'active' }, active);
      oldest.set({ queue }, nextSince === null ? 0 : Math.max(0, now - nextSince) / 1000);
    }
  }
}
