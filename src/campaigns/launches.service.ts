/**
 * Launching, now or later. The campaign moves and its dispatch is made in one transaction; a second caller finds it moved and gets
 * a 409, so a double click never makes a second dispatch. The doorbell rings after the commit.
 */
import { Injectable } from '@nestjs/common';
import type { Actor } from '../accounts/actor.js';
import { audit } from '../accounts/audit.js';
import type { CampaignView, LaunchCampaign } from '../contract/campaigns.js';
import { resolveWallTime, type WallTime } from '../domain/schedule/wall-time.js';
import { GatewaysService } from '../gateways/gateways.service.js';
import type { NewDispatch } from '../messages/dispatch.js';
import { MessagesService } from '../messages/messages.service.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { invalid } from '../platform/errors.js';
import { counter } from '../platform/metrics.js';
import { Jobs } from '../platform/jobs/jobs.service.js';
import { type Campaign, toView } from './campaign.js';
import { moveCampaign } from './campaigns.sql.js';
import { CampaignsService } from './campaigns.service.js';
import { launchCampaign } from './jobs.js';
import { moveOrRefuse } from './move-campaign.js';
import { type PinnedContent, requireReferences } from './references.js';

/** A time that has just passed means now: clocks differ and requests travel. */
const lateMs = 5 * 60_000;
/** A launch further away than two years is a slip of the keyboard. */
const farMs = 2 * 366 * 24 * 3_600_000;

/** `pointer`: the field that said when. */
type Launch = { launchAt: Date; launchWall: WallTime | null; pointer: string };

const launches = counter('muster_campaign_launches_total', 'Campaigns launched, by channel.', ['channel']);

@Injectable()
export class LaunchesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly campaigns: CampaignsService,
    private readonly messages: MessagesService,
    private readonly gateways: GatewaysService,
    private readonly jobs: Jobs,
  ) {}

  async launch(actor: Actor, id: string, body: LaunchCampaign): Promise<CampaignView> {
    const launch = this.readLaunch(body);
    return toView(launch ? await this.schedule(actor, id, launch) : await this.launchNow(actor, id));
  }

  /** The sweeper launches it when its time has come. */
  private async schedule(actor: Actor, id: string, { launchAt, launchWall, pointer }: Launch): Promise<Campaign> {
    const { workspaceId } = actor;
    const known = await this.campaigns.get(workspaceId, id);
    await requireReferences(this.db, workspaceId, known);
    if (known.endsAt && known.endsAt <= launchAt) throw invalid(pointer, 'Must be before the campaign ends');
    return this.db.transaction(async tx => {
      const moved = await moveOrRefuse(tx, workspaceId, id, { to: 'scheduled', launchAt, launchWall }, this.clock.now());
      await audit(tx, actor, 'campaign.scheduled', `campaign:${id}`, { at: launchAt, ...launchWall });
      return moved;
    });
  }

  /** Back to draft. */
  async unschedule(actor: Actor, id: string): Promise<CampaignView> {
    return this.db.transaction(async tx => {
      const moved = await moveOrRefuse(tx, actor.workspaceId, id, { to: 'draft' }, this.clock.now());
      await audit(tx, actor, 'campaign.unscheduled', `campaign:${id}`);
      return toView(moved);
    });
  }

  /** Its time had come and it could not be launched: back to its author with the reason, unless somebody changed it meanwhile. */
  async giveBack(actor: Actor, { workspaceId, id, updatedAt: readAt }: Campaign, reason: string): Promise<void> {
    await this.db.transaction(async tx => {
      const moved = await tx.row(moveCampaign(workspaceId, id, { to: 'draft', reason, readAt }, this.clock.now()));
      if (moved) await audit(tx, actor, 'campaign.unscheduled', `campaign:${id}`, { reason });
    });
  }

  /** Throws AppError when something it names is gone. */
  async launchNow(actor: Actor, id: string): Promise<Campaign> {
    const { workspaceId } = actor;
    const known = await this.campaigns.get(workspaceId, id);
    const pinned = await requireReferences(this.db, workspaceId, known);
    const now = this.clock.now();
    if (known.endsAt && known.endsAt <= now) throw invalid('/endsAt', 'The campaign ended before it was launched');
    const gatewayId = await this.gateways.resolve(workspaceId, known.channel, known.gatewayId);
    const { campaign, dispatchId } = await this.db.transaction(async tx => {
      // Pinned to what was read and checked above: a change in between is refused, not launched unseen.
      const moved = await moveOrRefuse(tx, workspaceId, id, { to: 'launching', readAt: known.updatedAt }, now);
      const created = await this.messages.createDispatch(tx, workspaceId, newDispatch(moved, pinned, gatewayId, now));
      await audit(tx, actor, 'campaign.launched', `campaign:${id}`, { dispatchId: created, ...pinned, gatewayId });
      return { campaign: moved, dispatchId: created };
    });
    await this.jobs.ring(launchCampaign, { workspaceId, campaignId: id, dispatchId });
    launches.inc({ channel: campaign.channel });
    return campaign;
  }

  /** null: it is due now. */
  private readLaunch({ at, local, timeZone }: LaunchCampaign): Launch | null {
    if (local !== undefined && timeZone !== undefined) {
      const launchWall = { local, timeZone };
      const launchAt = resolveWallTime(launchWall).at;
      return this.isAhead(launchAt, '/local') ? { launchAt, launchWall, pointer: '/local' } : null;
    }
    if (at === undefined) return null;
    const launchAt = new Date(at);
    return this.isAhead(launchAt, '/at') ? { launchAt, launchWall: null, pointer: '/at' } : null;
  }

  private isAhead(launchAt: Date, pointer: string): boolean {
    const aheadMs = launchAt.getTime() - this.clock.now().getTime();
    if (aheadMs < -lateMs) throw invalid(pointer, 'Must not be in the past');
    if (aheadMs > farMs) throw invalid(pointer, 'Must be within two years');
    return aheadMs > 0;
  }
}

/** Email may go out once more with the same Message-ID when nobody can tell what became of it; an SMS never. */
function newDispatch(
  campaign: Campaign,
  { templateVersion, variants }: PinnedContent,
  gatewayId: string,
  now: Date,
): NewDispatch {
  const { name, channel, topic, templateId, sender, endsAt, includeSegmentIds: include, excludeSegmentIds: exclude } = campaign;
  return {
    name,
    sourceKind: 'campaign',
    sourceId: campaign.id,
    channel,
    class: campaign.class,
    topic,
    templateId,
    templateVersion,
    variants,
    gatewayId,
    sender,
    resendPolicy: channel === 'email' ? 'once' : 'never',
    sendAfter: now,
    endsAt,
    audience: { include, exclude },
  };
}
