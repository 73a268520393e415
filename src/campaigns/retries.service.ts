/**
 * An operator's retry of what failed. Campaign and dispatch go on from where they ended; whoever was erased, suppressed or unsubscribed
 * meanwhile is refused at the claim, as everybody is. Pressing it twice is the same as once: what is planned has not failed.
 */
import { Injectable } from '@nestjs/common';
import type { Actor } from '../accounts/actor.js';
import { audit } from '../accounts/audit.js';
import type { RetryCampaign, RetryResult } from '../contract/campaigns.js';
import type { CampaignState } from '../domain/campaign/states.js';
import type { DispatchId } from '../domain/ids.js';
import { MessagesService } from '../messages/messages.service.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { conflict } from '../platform/errors.js';
import type { Campaign } from './campaign.js';
import { CampaignsService } from './campaigns.service.js';
import { lockCampaign, moveCampaign } from './campaigns.sql.js';
import { RunsService } from './runs.service.js';

const retriable: readonly CampaignState[] = ['sending', 'paused', 'done'];

@Injectable()
export class RetriesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly campaigns: CampaignsService,
    private readonly messages: MessagesService,
    private readonly runs: RunsService,
  ) {}

  async retryFailed(actor: Actor, id: string, { errors }: RetryCampaign): Promise<RetryResult> {
    const { workspaceId } = actor;
    const reasons = errors ?? null;
    const dispatchId = await this.runs.latestDispatch(workspaceId, id);
    this.requireRetriable(await this.campaigns.get(workspaceId, id));
    if (!dispatchId || !(await this.messages.hasFailed(workspaceId, dispatchId, reasons))) return this.answer(actor, id, []);
    await this.reopen(actor, id, dispatchId, reasons);
    const retried = await this.messages.retryFailed(workspaceId, dispatchId, reasons);
    // It may have ended in between: there was nothing to do yet.
    await this.runs.follow(workspaceId, dispatchId);
    await this.messages.ringDrains(workspaceId, dispatchId);
    return this.answer(actor, id, retried);
  }

  private async reopen(actor: Actor, id: string, dispatchId: DispatchId, reasons: readonly string[] | null): Promise<void> {
    const { workspaceId } = actor;
    await this.db.transaction(async tx => {
      // Held, so that nobody archives or cancels it between the look and the move.
      const campaign = await tx.row<Campaign>(lockCampaign(workspaceId, id));
      if (campaign) this.requireRetriable(campaign);
      await tx.run(moveCampaign(workspaceId, id, { to: 'sending', from: ['done'], dispatchId }, this.clock.now()));
      await this.messages.reopenDispatch(tx, workspaceId, dispatchId);
      await audit(tx, actor, 'campaign.retried', `campaign:${id}`, { dispatchId, errors: reasons ?? 'all' });
    });
  }

  private requireRetriable({ id, state, archivedAt, endsAt }: Campaign): void {
    if (archivedAt) throw conflict(`Campaign ${id} is archived`);
    if (!retriable.includes(state))
      throw conflict(`Campaign ${id} is ${state}; what failed can be retried while it is ${retriable.join(', ')}`);
    if (endsAt && endsAt <= this.clock.now()) throw conflict(`Campaign ${id} ended at ${endsAt.toISOString()}`);
  }

  private async answer(
    { workspaceId }: Actor,
    id: string,
    counts: readonly { reason: string; messages: number }[],
  ): Promise<RetryResult> {
    const errors: Record<string, number> = {};
    for (const { reason, messages } of counts) errors[reason] = (errors[reason] ?? 0) + messages;
    const { state } = await this.campaigns.get(workspaceId, id);
    return { retried: counts.reduce((sum, { messages }) => sum + messages, 0), errors, state };
  }
}
