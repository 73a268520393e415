/**
 * Saved segments: made, changed, archived, never deleted, because campaigns remember which they used. `audienceSql` is
 * what a launch asks; `preview` (its own service) counts.
 */
import { Injectable } from '@nestjs/common';
import { In, IsNull, LessThan, Not } from 'typeorm';
import { AccountsService } from '../accounts/accounts.service.js';
import type { Actor } from '../accounts/actor.js';
import { audit } from '../accounts/audit.js';
import type { UpdateSegment, CreateSegment, SegmentQuery, SegmentView } from '../contract/segments.js';
import type { WorkspaceId } from '../domain/ids.js';
import { compileSegment } from '../domain/segment/compile.js';
import { describe } from '../domain/segment/describe.js';
import type { Names } from '../domain/segment/phrases.js';
import type { Rule, SegmentDocument } from '../domain/segment/rule.js';
import type { Sql } from '../domain/sql.js';
import { Clock } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database/database.js';
import { unlessTaken } from '../platform/database/unless-taken.js';
import { AppError, conflict, invalid, notFound } from '../platform/errors.js';
import { decodeIdCursor, type Page, toPage } from '../platform/http/cursor.js';
import { audienceRule } from './audience.js';
import { namesFor, requireReferences } from './reference-names.js';
import { Segment } from './segment.entity.js';

/** PostgreSQL takes 65 535 parameters in a statement; the statement around an audience needs some too. */
const maxAudienceValues = 60_000;

@Injectable()
export class SegmentsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly accounts: AccountsService,
  ) {}

  async list({ workspaceId }: Actor, query: SegmentQuery): Promise<Page<SegmentView>> {
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
    const names = await namesFor(this.db, workspaceId, rows.map(ruleOf));
    return toPage(
      rows,
      query.limit,
      row => [row.id],
      row => toView(row, names),
    );
  }

  async view({ workspaceId }: Actor, id: string): Promise<SegmentView> {
    const segment = await this.get(workspaceId, id);
    return toView(segment, await namesFor(this.db, workspaceId, [ruleOf(segment)]));
  }

  async get(workspaceId: WorkspaceId, id: string): Promise<Segment> {
    const segment = await this.db.repository(Segment).findOneBy({ workspaceId, id });
    if (!segment) throw notFound('segment', id);
    return segment;
  }

  /** In the order of the ids; throws, with a pointer under `pointer`, for one that is missing or archived. */
  async getMany(workspaceId: WorkspaceId, ids: readonly string[], pointer = ''): Promise<Segment[]> {
    if (ids.length === 0) return [];
    const found = await this.db.repository(Segment).findBy({ workspaceId, id: In([...ids]) });
    const byId = new Map(found.map(segment => [segment.id, segment]));
    return ids.map((id, index) => {
      const segment = byId.get(id);
      if (!segment) throw invalid(`${pointer}/${index}`, `There is no segment ${id}`);
      if (segment.archivedAt) throw invalid(`${pointer}/${index}`, `The segment "${segment.name}" is archived`);
      return segment;
    });
  }

  async create(actor: Actor, wanted: CreateSegment): Promise<SegmentView> {
    const names = await this.checkedNames(actor.workspaceId, wanted.rule.rule);
    const now = this.clock.now();
    return this.write(wanted.name, async tx => {
      const row = { workspaceId: actor.workspaceId, ...wanted, createdAt: now, updatedAt: now, archivedAt: null };
      const segment = await tx.repository(Segment).save(row);
      await audit(tx, actor, 'segment.created', `segment:${segment.id}`, { name: segment.name });
      return toView(segment as Segment, names);
    });
  }

  /** What is not sent stays. An archived segment is changed no more. */
  async update(actor: Actor, id: string, wanted: UpdateSegment): Promise<SegmentView> {
    if (wanted.rule) await this.checkedNames(actor.workspaceId, wanted.rule.rule);
    return this.write(wanted.name ?? '', async tx => {
      const segment = await lockSegment(tx, actor.workspaceId, id);
      if (segment.archivedAt) throw conflict(`The segment "${segment.name}" is archived`);
      Object.assign(segment, wanted, { updatedAt: this.clock.now(), version: segment.version + (wanted.rule ? 1 : 0) });
      await tx.repository(Segment).save(segment);
      await audit(tx, actor, 'segment.updated', `segment:${id}`, { fields: Object.keys(wanted), version: segment.version });
      return toView(segment, await namesFor(tx, actor.workspaceId, [ruleOf(segment)]));
    });
  }

  /** Archiving twice is the same as once. The name stays taken: reports go on naming it. */
  async archive(actor: Actor, id: string): Promise<void> {
    await this.db.transaction(async tx => {
      const segment = await lockSegment(tx, actor.workspaceId, id);
      if (segment.archivedAt) return;
      await tx.repository(Segment).update({ workspaceId: actor.workspaceId, id }, { archivedAt: this.clock.now() });
      await audit(tx, actor, 'segment.archived', `segment:${id}`);
    });
  }

  /**
   * A condition over `c` (table contact): in any of the includes and in none of the excludes. The caller adds
   * `c.workspace_id = … and c.erased_at is null`. Throws for a segment that is missing, archived, or refers to a list or tag that is gone.
   */
  async audienceSql(
    workspaceId: WorkspaceId,
    includeIds: readonly string[],
    excludeIds: readonly string[],
    now: Date,
  ): Promise<Sql> {
    const includes = await this.getMany(workspaceId, includeIds, '/includeSegmentIds');
    const excludes = await this.getMany(workspaceId, excludeIds, '/excludeSegmentIds');
    await this.requireWhole(workspaceId, [...includes, ...excludes]);
    const condition = await this.compile(workspaceId, audienceRule(includes.map(ruleOf), excludes.map(ruleOf)), now);
    if (condition.values.length > maxAudienceValues) throw new AppError('too-large', 'These segments are too large together');
    return condition;
  }

  async compile(workspaceId: WorkspaceId, rule: Rule, now: Date): Promise<Sql> {
    const { timeZone } = await this.accounts.getWorkspace(workspaceId);
    return compileSegment(workspaceId, rule, { now, timeZone, segments: new Map() });
  }

  /** The rule that a request means by itself or by a saved segment; throws when it refers to what is not there. */
  async wantedRule(workspaceId: WorkspaceId, wanted: { rule?: SegmentDocument; segmentId?: string }): Promise<Rule> {
    if (wanted.rule) {
      await this.checkedNames(workspaceId, wanted.rule.rule);
      return wanted.rule.rule;
    }
    const segment = await this.get(workspaceId, wanted.segmentId ?? '');
    await this.requireWhole(workspaceId, [segment]);
    return ruleOf(segment);
  }

  /** Names for a rule as it came in a request (its place: /rule/rule), all of which must exist. */
  async checkedNames(workspaceId: WorkspaceId, rule: Rule): Promise<Names> {
    const names = await namesFor(this.db, workspaceId, [rule]);
    requireReferences(rule, names, '/rule/rule');
    return names;
  }

  /** Names for saved segments, whose lists and tags may have been deleted since. */
  async requireWhole(workspaceId: WorkspaceId, segments: readonly Segment[]): Promise<Names> {
    const names = await namesFor(this.db, workspaceId, segments.map(ruleOf));
    for (const segment of segments) requireReferences(ruleOf(segment), names, '', `Segment "${segment.name}": `);
    return names;
  }

  private write<Result>(name: string, work: (tx: Tx) => Promise<Result>): Promise<Result> {
    const what = `a segment named "${name}" (it may be archived)`;
    return unlessTaken('segment_name_key', what, () => this.db.transaction(work));
  }
}

async function lockSegment(tx: Tx, workspaceId: WorkspaceId, id: string): Promise<Segment> {
  const segment = await tx.repository(Segment).findOne({ where: { workspaceId, id }, lock: { mode: 'pessimistic_write' } });
  if (!segment) throw notFound('segment', id);
  return segment;
}

function ruleOf(segment: Segment): Rule {
  return segment.rule.rule;
}

function toView(row: Segment, names: Names): SegmentView {
  const { id, name, description, folder, rule, version } = row;
  return {
    id,
    name,
    description,
    folder,
    rule,
    version,
    summary: describe(rule.rule, names),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    archivedAt: row.archivedAt?.toISOString() ?? null,
  };
}
