/**
 * What delivery does at each sweep, for every dispatch that is not over: mend what dead workers left, expire what is too
 * late, finish a cancel that was cut short, and ring for due slots. With this alone, and no queue, every message still goes.
 */
import type { OpenDispatch } from '../messages/dispatch.sql.js';
import { resolveUnknown } from '../messages/jobs.js';
import { LedgerService } from '../messages/ledger.service.js';
import { MessagesService } from '../messages/messages.service.js';
import { Clock } from '../platform/clock.js';
import { Sweeps, type SweepTask } from '../platform/jobs/handles.js';
import { Jobs } from '../platform/jobs/jobs.service.js';
import { resendAfterMs } from './resolve-unknown.job.js';

@Sweeps()
export class SweepDispatches implements SweepTask {
  constructor(
    private readonly ledger: LedgerService,
    private readonly messages: MessagesService,
    private readonly jobs: Jobs,
    private readonly clock: Clock,
  ) {}

  async sweep(): Promise<void> {
    for (const dispatch of await this.messages.listOpenDispatches()) await this.sweepDispatch(dispatch);
  }

  private async sweepDispatch({ workspaceId, id, state, endsAt, hasUnknown }: OpenDispatch): Promise<void> {
    const recovered = await this.ledger.recover(workspaceId, id);
    if (state === 'canceled') await this.messages.endPlanned(workspaceId, id, 'canceled');
    if (hasUnknown || recovered.unknown > 0)
      await this.jobs.ring(resolveUnknown, { workspaceId, dispatchId: id }, recovered.unknown > 0 ? resendAfterMs : 0);
    if (state !== 'sending') return;
    if (endsAt && endsAt <= this.clock.now()) await this.messages.endPlanned(workspaceId, id, 'expired');
    await this.messages.ringDrains(workspaceId, id);
    await this.ledger.finishIfDrained(workspaceId, id);
  }
}
