/** A dispatch ended or paused itself: its campaign follows. Running it twice is the same as once; the sweeper does the same for a lost ring. */
import type { DispatchId, WorkspaceId } from '../domain/ids.js';
import { dispatchFinished } from '../messages/jobs.js';
import { Handles, type JobHandler } from '../platform/jobs/handles.js';
import { RunsService } from './runs.service.js';

type Payload = { workspaceId: WorkspaceId; dispatchId: DispatchId };

@Handles(dispatchFinished)
export class FinishCampaignJob implements JobHandler<Payload> {
  constructor(private readonly runs: RunsService) {}

  async handle({ workspaceId, dispatchId }: Payload): Promise<void> {
    await this.runs.follow(workspaceId, dispatchId);
  }
}
