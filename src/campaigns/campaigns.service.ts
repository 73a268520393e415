/** Campaigns before and after they run: made, changed, listed, archived, planned and reported. Running them is launches.service.ts. */
import { Injectable } from '@nestjs/common';
import type { Actor } from '../accounts/actor.js';
import { audit } from '../accounts/audit.js';
import type {
  CampaignPlan,
  CampaignQuery,
  CampaignReport,
  CampaignView,
  CreateCampaign,
  DuplicateCampaign,
  UpdateCampaign,
} from '../contract/campaigns.js';
import type { CampaignState } from '../domain/campaign/states.js';
import type { Channel, WorkspaceId } from '../domain/ids.js';
import { MessagesService } from '../messages/messages.service.js';
import { Clock } from '../platform/clock.js';
import { Database, type Queryable } from '../platform/database/database.js';
import { unlessTaken } from '../platform/database/unless-taken.js';
import { HeavyReads } from '../platform/database/heavy-reads.js';
import { conflict, invalid, notFound } from '../platform/errors.js';
import { decodeIdCursor, type Page, toPage } from '../platform/http/cursor.js';
import { SegmentsService } from '../segments/segments.service.js';
import { type Campaign, type CampaignContent, toView } from './campaign.js';
import * as statements from './campaigns.sql.js';
import { copyNames } from './copy-name.js';
import { requireReferences } from './references.js';
import { selectStandings, type Standing, toCampaignReport } from './report.js';
import { changeSender } from './sender.js';
import { changeTemplates } from './template-choice.js';

const editable: readonly CampaignState[] = ['draft', 'scheduled'];
/** Nothing is going on and nothing will start by itself. */
const archivable: readonly CampaignState[] = ['draft', 'done', 'canceled', 'failed'];

@Injectable()
export class CampaignsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly messages: MessagesService,
    private readonly segments: SegmentsService,
    private readonly heavy: HeavyReads,
  ) {}

  async create(actor: Actor, { channel, ...wanted }: CreateCampaign): Promise<CampaignView> {
    const templateId = wanted.variants[0]?.templateId ?? wanted.templateId ?? '';
    const content = { ...wanted, templateId, endsAt: this.readEnd(wanted.endsAt) };
    await requireReferences(this.db, actor.workspaceId, { channel, ...content });
    return this.insert(actor, channel, content);
  }

  async update(actor: Actor, id: string, change: UpdateCampaign): Promise<CampaignView> {
    const { workspaceId } = actor;
    return unlessNameTaken(change.name ?? '', () =>
      this.db.transaction(async tx => {
        const known = await lockCampaign(tx, workspaceId, id);
        if (!editable.includes(known.state))
          throw conflict(`Campaign ${id} is ${known.state}; it can be changed while it is ${editable.join(' or ')}`);
        const content = this.applyChange(known, change);
        if (known.launchAt && content.endsAt && content.endsAt <= known.launchAt)
          throw invalid('/endsAt', 'Must be after the campaign launches');
        await requireReferences(tx, workspaceId, { channel: known.channel, ...content });
        const campaign = await tx.row<Campaign>(statements.updateCampaign(workspaceId, id, content, this.clock.now()));
        if (!campaign) throw notFound('campaign', id);
        await audit(tx, actor, 'campaign.updated', `campaign:${id}`, { fields: Object.keys(change) });
        return toView(campaign);
      }),
    );
  }

  /** Archiving twice is the same as once. */
  async archive(actor: Actor, id: string): Promise<void> {
    await this.db.transaction(async tx => {
      const known = await readCampaign(tx, actor.workspaceId, id);
      if (known.archivedAt) return;
      const { state } = await lockCampaign(tx, actor.workspaceId, id);
      if (!archivable.includes(state))
        throw conflict(`Campaign ${id} is ${state}; it can be archived while it is ${archivable.join(', ')}`);
      await tx.run(statements.archiveCampaign(actor.workspaceId, id, this.clock.now()));
      await audit(tx, actor, 'campaign.archived', `campaign:${id}`);
    });
  }

  /** To where it was before; nothing starts by itself by that. */
  async unarchive(actor: Actor, id: string): Promise<CampaignView> {
    const { workspaceId } = actor;
    const { name, archivedAt } = await this.get(workspaceId, id);
    if (!archivedAt) return this.view(workspaceId, id);
    return unlessNameTaken(name, () =>
      this.db.transaction(async tx => {
        const campaign = await tx.row<Campaign>(statements.unarchiveCampaign(workspaceId, id, this.clock.now()));
        if (!campaign) throw notFound('campaign', id);
        await audit(tx, actor, 'campaign.unarchived', `campaign:${id}`);
        return toView(campaign);
      }),
    );
  }

  /** A draft with the same content. What it names may be archived by now; that is said when it is planned or launched. */
  async duplicate(actor: Actor, id: string, { name }: DuplicateCampaign): Promise<CampaignView> {
    const { workspaceId } = actor;
    const known = await this.get(workspaceId, id);
    const isOver = known.endsAt !== null && known.endsAt <= this.clock.now();
    const content = {
      ...known,
      name: name ?? (await this.freeName(workspaceId, known.name)),
      endsAt: isOver ? null : known.endsAt,
    };
    return this.insert(actor, known.channel, content, { copyOf: id });
  }

  async view(workspaceId: WorkspaceId, id: string): Promise<CampaignView> {
    return toView(await this.get(workspaceId, id));
  }

  get(workspaceId: WorkspaceId, id: string): Promise<Campaign> {
    return readCampaign(this.db, workspaceId, id);
  }

  async list(workspaceId: WorkspaceId, { state, channel, limit, archived, after }: CampaignQuery): Promise<Page<CampaignView>> {
    const filter = { state, channel, limit: limit + 1, isArchived: archived === 'true', before: decodeIdCursor(after) };
    const rows = await this.db.rows<Campaign>(statements.selectCampaigns(workspaceId, filter));
    return toPage(rows, limit, row => [row.id], toView);
  }

  /** Who would get it now, and why others would not. Writes nothing. */
  async plan(workspaceId: WorkspaceId, id: string): Promise<CampaignPlan> {
    const campaign = await this.get(workspaceId, id);
    const { includeSegmentIds, excludeSegmentIds } = campaign;
    const audience = await this.segments.audienceSql(workspaceId, includeSegmentIds, excludeSegmentIds, this.clock.now());
    return this.heavy.run(() => this.messages.plan(workspaceId, campaign, audience));
  }

  async report(workspaceId: WorkspaceId, id: string): Promise<CampaignReport> {
    const standing = await this.db.row<Standing>(selectStandings([{ workspaceId, id }]));
    if (!standing) throw notFound('campaign', id);
    return toCampaignReport(standing);
  }

  private insert(actor: Actor, channel: Channel, content: CampaignContent, details: object = {}): Promise<CampaignView> {
    return unlessNameTaken(content.name, () =>
      this.db.transaction(async tx => {
        const campaign = await tx.row<Campaign>(statements.insertCampaign(actor.workspaceId, channel, content, this.clock.now()));
        if (!campaign) throw new Error('a campaign was not inserted');
        await audit(tx, actor, 'campaign.created', `campaign:${campaign.id}`, { channel, ...details });
        return toView(campaign);
      }),
    );
  }

  private async freeName(workspaceId: WorkspaceId, name: string): Promise<string> {
    const names = copyNames(name);
    const taken = await this.db.rows<{ name: string }>(statements.selectTakenNames(workspaceId, names));
    const free = names.find(one => !taken.some(row => row.name === one));
    if (free === undefined) throw invalid('/name', 'There are a hundred copies already; say what this one is called');
    return free;
  }

  private applyChange(known: Campaign, { sender, endsAt, ...change }: UpdateCampaign): CampaignContent {
    const sent = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    return {
      ...known,
      ...sent,
      ...changeTemplates(known, change),
      sender: changeSender(known.channel, known.sender, sender),
      endsAt: endsAt === undefined ? known.endsAt : this.readEnd(endsAt),
    };
  }

  private readEnd(endsAt: string | null): Date | null {
    if (endsAt === null) return null;
    const end = new Date(endsAt);
    if (end <= this.clock.now()) throw invalid('/endsAt', 'Must be in the future');
    return end;
  }
}

async function readCampaign(db: Queryable, workspaceId: WorkspaceId, id: string): Promise<Campaign> {
  const campaign = await db.row<Campaign>(statements.selectCampaign(workspaceId, id));
  if (!campaign) throw notFound('campaign', id);
  return campaign;
}

async function lockCampaign(db: Queryable, workspaceId: WorkspaceId, id: string): Promise<Campaign> {
  const campaign = await db.row<Campaign>(statements.lockCampaign(workspaceId, id));
  if (!campaign) throw notFound('campaign', id);
  if (campaign.archivedAt) throw conflict(`Campaign ${id} is archived`);
  return campaign;
}

function unlessNameTaken<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  return unlessTaken('campaign_name_idx', `a campaign named "${name}"`, work);
}
