/**
 * Saved segments: made, changed, copied, archived and taken back, never deleted, because campaigns remember which they used. Writes
 * of a workspace wait for each other, so that no two of them close a circle of segments together.
 */
import { Injectable } from '@nestjs/common';
import { IsNull, LessThan, Not } from 'typeorm';
import type { Actor } from '../accounts/actor.js';
import { audit } from '../accounts/audit.js';
import type { CloneSegment, CreateSegment, SegmentQuery, SegmentUse, SegmentView, UpdateSegment } from '../contract/segments.js';
import type { WorkspaceId } from '../domain/ids.js';
import { problemOfGraph } from '../domain/segment/graph.js';
import type { Language } from '../domain/segment/languages.js';
import type { SegmentDocument } from '../domain/segment/rule.js';
import { Clock } from '../platform/clock.js';
import { Database, type Queryable, type Tx } from '../platform/database/database.js';
import { unlessTaken } from '../platform/database/unless-taken.js';
import { conflict, invalid, notFound } from '../platform/errors.js';
import { decodeIdCursor, type Page, toPage } from '../platform/http/cursor.js';
import { freeName } from './free-name.js';
import { loadReferenced, type Place, requireReferences } from './referenced.js';
import { SegmentUses } from './segment-uses.js';
import { toView } from './segment-view.js';
import { ruleOf, Segment } from './segment.entity.js';
import { lockSegments, selectNamesLike, selectSegmentsAbove } from './segments.sql.js';
import { SegmentsService } from './segments.service.js';

/** Where the rule stands in the body of a request. */
const inBody: Place = { pointer: '/rule/rule' };

@Injectable()
export class LibraryService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly segments: SegmentsService,
    private readonly uses: SegmentUses,
  ) {}

  async list({ workspaceId }: Actor, query: SegmentQuery, language: Language): Promise<Page<SegmentView>> {
    const before = decodeIdCursor(query.after);
    const rows = await this.db.repository(Segment).find({
      where: {
        workspaceId,
        archivedAt: query.archived === 'true' ? Not(IsNull()) : IsNull(),
        ...(query.folder === undefined ? {} : { folder: query.folder }),
        ...(before === null ? {} : { id: LessThan(before) }),
      },
      order: { id: 'DESC' },
      take: query.limit + 1,
    });
    const { names } = await loadReferenced(this.db, workspaceId, rows.map(ruleOf));
    return toPage(
      rows,
      query.limit,
      row => [row.id],
      row => toView(row, names, language),
    );
  }

  async view({ workspaceId }: Actor, id: string, language: Language): Promise<SegmentView> {
    return this.viewOf(this.db, await this.segments.get(workspaceId, id), language);
  }

  async create(actor: Actor, wanted: CreateSegment, language: Language): Promise<SegmentView> {
    return this.write(actor.workspaceId, wanted.name, async tx =>
      this.viewOf(tx, await this.insert(tx, actor, wanted, inBody), language),
    );
  }

  /** In the caller's transaction, which holds the lock of `write`. */
  async insert(tx: Tx, actor: Actor, wanted: CreateSegment, place: Place): Promise<Segment> {
    await this.check(tx, actor.workspaceId, wanted, place);
    const now = this.clock.now();
    const row = { workspaceId: actor.workspaceId, ...wanted, createdAt: now, updatedAt: now, archivedAt: null };
    const segment = (await tx.repository(Segment).save(row)) as Segment;
    await audit(tx, actor, 'segment.created', `segment:${segment.id}`, { name: segment.name });
    return segment;
  }

  /** What is not sent stays. An archived segment is changed no more. */
  async update(actor: Actor, id: string, wanted: UpdateSegment, language: Language): Promise<SegmentView> {
    return this.write(actor.workspaceId, wanted.name ?? '', async tx => {
      const segment = await this.change(tx, actor, await find(tx, actor.workspaceId, id), wanted, inBody);
      if (wanted.rule) await requireSoundAbove(tx, actor.workspaceId, id);
      return this.viewOf(tx, segment, language);
    });
  }

  /** In the caller's transaction, which holds the lock of `write`. */
  async change(tx: Tx, actor: Actor, segment: Segment, wanted: UpdateSegment, place: Place): Promise<Segment> {
    const { id, workspaceId } = segment;
    if (segment.archivedAt) throw conflict(`The segment "${segment.name}" is archived`);
    if (wanted.rule) await this.check(tx, workspaceId as WorkspaceId, { rule: wanted.rule }, { ...place, self: segment });
    Object.assign(segment, wanted, { updatedAt: this.clock.now(), version: segment.version + (wanted.rule ? 1 : 0) });
    await tx.repository(Segment).save(segment);
    await audit(tx, actor, 'segment.updated', `segment:${id}`, { fields: Object.keys(wanted), version: segment.version });
    return segment;
  }

  /** A copy to change: the same rule and folder under another name. Of an archived one too. */
  async clone(actor: Actor, id: string, { name }: CloneSegment, language: Language): Promise<SegmentView> {
    const { workspaceId } = actor;
    return this.write(workspaceId, name ?? '', async tx => {
      const { description, folder, rule, name: original } = await find(tx, workspaceId, id);
      const taken = await tx.rows<{ name: string }>(selectNamesLike(workspaceId, original));
      const own = name ?? freeName(original, new Set(taken.map(row => row.name)));
      const place = { pointer: '', where: `Segment "${original}": ` };
      return this.viewOf(tx, await this.insert(tx, actor, { name: own, description, folder, rule }, place), language);
    });
  }

  async usedBy({ workspaceId }: Actor, id: string): Promise<{ data: SegmentUse[] }> {
    await this.segments.get(workspaceId, id);
    return { data: await this.uses.of(this.db, workspaceId, id) };
  }

  /** Archiving twice is the same as once. The name stays taken: reports go on naming it. */
  async archive(actor: Actor, id: string): Promise<void> {
    await this.write(actor.workspaceId, '', async tx => {
      const segment = await find(tx, actor.workspaceId, id);
      if (segment.archivedAt) return;
      await this.uses.requireNone(tx, actor.workspaceId, id);
      await tx.repository(Segment).update({ workspaceId: actor.workspaceId, id }, { archivedAt: this.clock.now() });
      await audit(tx, actor, 'segment.archived', `segment:${id}`);
    });
  }

  /** Back from the archive, even when what it refers to is gone: it can be changed only here. */
  async restore(actor: Actor, id: string, language: Language): Promise<SegmentView> {
    return this.write(actor.workspaceId, '', async tx => {
      const segment = await find(tx, actor.workspaceId, id);
      if (segment.archivedAt) {
        segment.archivedAt = null;
        await tx.repository(Segment).save(segment);
        await audit(tx, actor, 'segment.restored', `segment:${id}`);
      }
      return this.viewOf(tx, segment, language);
    });
  }

  /** One transaction, alone among the writes of segments of this workspace. */
  write<Result>(workspaceId: WorkspaceId, name: string, work: (tx: Tx) => Promise<Result>): Promise<Result> {
    return unlessTaken('segment_name_key', `a segment named "${name}" (it may be archived)`, () =>
      this.db.transaction(async tx => {
        await tx.run(lockSegments(workspaceId));
        return work(tx);
      }),
    );
  }

  private async check(tx: Tx, workspaceId: WorkspaceId, { rule }: Pick<CreateSegment, 'rule'>, place: Place): Promise<void> {
    requireReferences(rule.rule, await loadReferenced(tx, workspaceId, [rule.rule]), place);
  }

  private async viewOf(db: Queryable, segment: Segment, language: Language): Promise<SegmentView> {
    const { names } = await loadReferenced(db, segment.workspaceId as WorkspaceId, [ruleOf(segment)]);
    return toView(segment, names, language);
  }
}

async function find(tx: Tx, workspaceId: WorkspaceId, id: string): Promise<Segment> {
  const segment = await tx.repository(Segment).findOneBy({ workspaceId, id });
  if (!segment) throw notFound('segment', id);
  return segment;
}

/** With its new rule the segment may make others too deep or too large, and a campaign to come would fail on them. */
async function requireSoundAbove(tx: Tx, workspaceId: WorkspaceId, id: string): Promise<void> {
  const above = await tx.rows<{ id: string; name: string; rule: SegmentDocument }>(selectSegmentsAbove(workspaceId, id));
  const { segments } = await loadReferenced(
    tx,
    workspaceId,
    above.map(({ rule }) => rule.rule),
  );
  for (const self of above) {
    const problem = problemOfGraph(self.rule.rule, segments, self);
    if (problem) throw invalid(inBody.pointer, `The segment "${self.name}" uses this one. ${problem.message}`);
  }
}
