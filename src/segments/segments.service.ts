/**
 * Rules, saved or sent with a request, made ready to run: found, checked, compiled. `audienceSql` is what a launch asks; `preview`
 * (its own service) counts. Saved segments are kept by library.service.ts.
 */
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { AccountsService } from '../accounts/accounts.service.js';
import type { WorkspaceId } from '../domain/ids.js';
import { compileSegment } from '../domain/segment/compile.js';
import type { Names } from '../domain/segment/phrases.js';
import type { Rule, SegmentDocument } from '../domain/segment/rule.js';
import type { Sql } from '../domain/sql.js';
import { Database } from '../platform/database/database.js';
import { AppError, invalid, notFound } from '../platform/errors.js';
import { audienceRule } from './audience.js';
import { loadReferenced, requireReferences } from './referenced.js';
import { ruleOf, Segment } from './segment.entity.js';

/** PostgreSQL takes 65 535 parameters in a statement; the statement around a condition needs some too. */
const maxValues = 60_000;

@Injectable()
export class SegmentsService {
  constructor(
    private readonly db: Database,
    private readonly accounts: AccountsService,
  ) {}

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

  /**
   * A condition over `c` (table contact): in any of the includes and in none of the excludes. The caller adds
   * `c.workspace_id = … and c.erased_at is null`. Throws for a segment that is missing, archived, or refers to what is gone.
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
    return this.compile(workspaceId, audienceRule(includes.map(ruleOf), excludes.map(ruleOf)), now);
  }

  /** Checks what the rule refers to again, so that nothing runs on a list that went meanwhile. */
  async compile(workspaceId: WorkspaceId, rule: Rule, now: Date): Promise<Sql> {
    const { timeZone } = await this.accounts.getWorkspace(workspaceId);
    const referenced = await loadReferenced(this.db, workspaceId, [rule]);
    requireReferences(rule, referenced, { pointer: '' });
    const segments = new Map([...referenced.segments].map(([id, saved]) => [id, saved.rule]));
    const condition = compileSegment(workspaceId, rule, { now, timeZone, segments });
    if (condition.values.length > maxValues) throw new AppError('too-large', 'These segments are too large together');
    return condition;
  }

  /** The rule that a request means by itself or by a saved segment; throws when it refers to what is not there. */
  async wantedRule(workspaceId: WorkspaceId, wanted: { rule?: SegmentDocument; segmentId?: string }): Promise<Rule> {
    return (await this.resolve(workspaceId, wanted)).rule;
  }

  /** The same, with the names of what the rule refers to. In a request a rule stands at /rule/rule. */
  async resolve(
    workspaceId: WorkspaceId,
    wanted: { rule?: SegmentDocument; segmentId?: string },
  ): Promise<{ rule: Rule; names: Names }> {
    if (!wanted.rule) {
      const segment = await this.get(workspaceId, wanted.segmentId ?? '');
      return { rule: ruleOf(segment), names: await this.requireWhole(workspaceId, [segment]) };
    }
    const { rule } = wanted.rule;
    const referenced = await loadReferenced(this.db, workspaceId, [rule]);
    requireReferences(rule, referenced, { pointer: '/rule/rule' });
    return { rule, names: referenced.names };
  }

  /** Names for saved segments, whose lists and tags may have been deleted since. */
  private async requireWhole(workspaceId: WorkspaceId, segments: readonly Segment[]): Promise<Names> {
    const referenced = await loadReferenced(this.db, workspaceId, segments.map(ruleOf));
    for (const self of segments)
      requireReferences(ruleOf(self), referenced, { pointer: '', self, where: `Segment "${self.name}": ` });
    return referenced.names;
  }
}
