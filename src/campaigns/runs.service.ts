/**
 * A campaign that runs: pause, resume, cancel, and following its dispatch where that goes by itself (done, or paused because its
 * gateway kept failing). The campaign and its dispatch move in one transaction wherever both move.
 */
import { Injectable } from '@nestjs/common';
import type { Actor } from '../accounts/actor.js';
import { audit } from '../accounts/audit.js';
import type { CampaignView } from '../contract/campaigns.js';
import type { DispatchState } from '../domain/campaign/states.js';
import type { DispatchId, WorkspaceId } from '../domain/ids.js';
import { MessagesService } from '../messages/messages.service.js';
import { Clock } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database/database.js';
import { conflict } from '../platform/errors.js';
import { toView } from './campaign.js';
import { type CampaignMove, moveCampaign } from './campaigns.sql.js';
import { moveOrRefuse } from './move-campaign.js';

/** Where a dispatch takes its campaign; from fewer states than the table allows, so that a person's pause is not undone. */
const followed: Record<DispatchState, CampaignMove | null> = {
  freezing: null,
  sending: { to: 'sending', from: ['launching', 'done'] },
  paused: { to: 'paused' },
  done: { to: 'done' },
  canceled: { to: 'canceled', from: ['launching', 'sending', 'paused'] },
  failed: { to: 'failed' },
};

@Injectable()
export class RunsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly messages: MessagesService,
  ) {}

  /** Nothing more is claimed; what is on the wire ends. */
  pause(actor: Actor, id: string): Promise<CampaignView> {
    return this.change(actor, id, 'campaign.paused', { to: 'paused', from: ['sending'] }, (tx, dispatchId) =>
      this.messages.pauseDispatch(tx, actor.workspaceId, dispatchId, null),
    );
  }

  async resume(actor: Actor, id: string): Promise<CampaignView> {
    const view = await this.change(actor, id, 'campaign.resumed', { to: 'sending', from: ['paused'] }, (tx, dispatchId) =>
      this.messages.resumeDispatch(tx, actor.workspaceId, dispatchId),
    );
    const dispatchId = await this.latestDispatch(actor.workspaceId, id);
    if (dispatchId) await this.messages.ringDrains(actor.workspaceId, dispatchId);
    return view;
  }

  /** For good: what has not left the house stays. Should this process die in between, the sweeper stops the dispatch. */
  async cancel(actor: Actor, id: string): Promise<CampaignView> {
    const { workspaceId } = actor;
    const dispatchId = await this.latestDispatch(workspaceId, id);
    if (dispatchId) await this.follow(workspaceId, dispatchId);
    const view = await this.db.transaction(async tx => {
      const campaign = await moveOrRefuse(tx, workspaceId, id, { to: 'canceled' }, this.clock.now());
      await audit(tx, actor, 'campaign.canceled', `campaign:${id}`);
      return toView(campaign);
    });
    if (dispatchId) await this.messages.cancelDispatch(workspaceId, dispatchId);
    return view;
  }

  /** Brings a campaign to where its latest dispatch is. Changes nothing when it is there, or was stopped by a person. */
  async follow(workspaceId: WorkspaceId, dispatchId: DispatchId): Promise<void> {
    const { sourceKind, sourceId, state, stateReason } = await this.messages.getDispatch(workspaceId, dispatchId);
    const move = followed[state];
    if (sourceKind !== 'campaign' || !move) return;
    await this.db.run(moveCampaign(workspaceId, sourceId, { ...move, reason: stateReason, dispatchId }, this.clock.now()));
  }

  private async change(
    actor: Actor,
    id: string,
    action: string,
    move: CampaignMove,
    moveDispatch: (tx: Tx, dispatchId: DispatchId) => Promise<void>,
  ): Promise<CampaignView> {
    const { workspaceId } = actor;
    const dispatchId = await this.latestDispatch(workspaceId, id);
    if (dispatchId) await this.follow(workspaceId, dispatchId);
    return this.db.transaction(async tx => {
      const campaign = await moveOrRefuse(tx, workspaceId, id, move, this.clock.now());
      if (!dispatchId) throw conflict(`Campaign ${id} has not been launched`);
      await moveDispatch(tx, dispatchId);
      await audit(tx, actor, action, `campaign:${id}`);
      return toView(campaign);
    });
  }

  async latestDispatch(workspaceId: WorkspaceId, id: string): Promise<DispatchId | null> {
    return (await this.messages.dispatchesOf(workspaceId, 'campaign', id)).at(-1)?.id ?? null;
  }
}
