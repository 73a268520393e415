/**
 * What campaigns need at each sweep: launch what is due, ring again for launches whose job was lost, follow dispatches that moved
 * on, and stop dispatches whose campaign was stopped by a process that died. With this alone every launch still happens.
 */
import { systemActor } from '../accounts/actor.js';
import { MessagesService } from '../messages/messages.service.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { AppError } from '../platform/errors.js';
import { Sweeps, type SweepTask } from '../platform/jobs/handles.js';
import { Jobs } from '../platform/jobs/jobs.service.js';
import type { Campaign } from './campaign.js';
import { type Orphan, selectDueCampaigns, selectOrphans, selectStrays, type Stray } from './campaigns.sql.js';
import { launchCampaign } from './jobs.js';
import { LaunchesService } from './launches.service.js';
import { RunsService } from './runs.service.js';

/** Younger launches are most likely being frozen right now: a million people take some four seconds. */
const launchPatienceMs = 5_000;

@Sweeps()
export class SweepCampaigns implements SweepTask {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly messages: MessagesService,
    private readonly launches: LaunchesService,
    private readonly runs: RunsService,
    private readonly jobs: Jobs,
  ) {}

  async sweep(): Promise<void> {
    const now = this.clock.now();
    for (const due of await this.db.rows<Campaign>(selectDueCampaigns(now))) await this.launchDue(due);
    const launchedBefore = new Date(now.getTime() - launchPatienceMs);
    for (const stray of await this.db.rows<Stray>(selectStrays(launchedBefore))) await this.bringHome(stray);
    for (const orphan of await this.db.rows<Orphan>(selectOrphans())) await this.takeIn(orphan);
  }

  /** What cannot be launched any more goes back to its author with the reason. */
  private async launchDue(due: Campaign): Promise<void> {
    const actor = systemActor(due.workspaceId, 'sweep:campaign.launch');
    try {
      await this.launches.launchNow(actor, due.id);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      await this.launches.giveBack(actor, due, `It could not be launched: ${error.message}`);
    }
  }

  private async takeIn({ workspaceId, dispatchId, isRetried }: Orphan): Promise<void> {
    if (isRetried) await this.runs.follow(workspaceId, dispatchId);
    else await this.messages.cancelDispatch(workspaceId, dispatchId);
  }

  private async bringHome({ workspaceId, campaignId, dispatchId, isLaunching }: Stray): Promise<void> {
    if (isLaunching) await this.jobs.ring(launchCampaign, { workspaceId, campaignId, dispatchId });
    else await this.runs.follow(workspaceId, dispatchId);
  }
}
