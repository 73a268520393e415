/**
 * The second half of a launch: resolves the audience, freezes it, lets the campaign send and rings for the first messages. Running
 * it twice is the same as once: a dispatch leaves `freezing` only with its rows. Retried by the queue, rung again by the sweeper.
 */
import type { DispatchId, WorkspaceId } from '../domain/ids.js';
import type { Dispatch } from '../messages/dispatch.js';
import { MessagesService } from '../messages/messages.service.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { AppError } from '../platform/errors.js';
import { Handles, type JobHandler } from '../platform/jobs/handles.js';
import { SegmentsService } from '../segments/segments.service.js';
import { moveCampaign } from './campaigns.sql.js';
import { launchCampaign } from './jobs.js';
import { RunsService } from './runs.service.js';

type Payload = { workspaceId: WorkspaceId; campaignId: string; dispatchId: DispatchId };

@Handles(launchCampaign)
export class LaunchCampaignJob implements JobHandler<Payload> {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly messages: MessagesService,
    private readonly segments: SegmentsService,
    private readonly runs: RunsService,
  ) {}

  async handle({ workspaceId, campaignId, dispatchId }: Payload): Promise<void> {
    const dispatch = await this.messages.getDispatch(workspaceId, dispatchId);
    if (dispatch.state === 'freezing') await this.freezeOrGiveUp(workspaceId, campaignId, dispatch);
    await this.runs.follow(workspaceId, dispatchId);
    await this.messages.ringDrains(workspaceId, dispatchId);
    await this.messages.freshenStatistics();
  }

  /** A segment that is gone will not come back by trying again: the campaign fails and says why. Other errors are tried again. */
  private async freezeOrGiveUp(workspaceId: WorkspaceId, campaignId: string, { id, audience }: Dispatch): Promise<void> {
    try {
      const condition = await this.segments.audienceSql(workspaceId, audience.include, audience.exclude, this.clock.now());
      await this.messages.freeze(workspaceId, id, condition);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      await this.db.run(
        moveCampaign(workspaceId, campaignId, { to: 'failed', reason: error.message, dispatchId: id }, this.clock.now()),
      );
      await this.messages.cancelDispatch(workspaceId, id);
    }
  }
}
