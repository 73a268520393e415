/** What a bulk edit would do, before it is begun: the edit and its rule checked, and whom the rule picks counted. Never writes. */
import { Injectable } from '@nestjs/common';
import type { Actor } from '../../accounts/actor.js';
import { audienceTables } from '../../contacts/audience-tables.js';
import { UpsertService } from '../../contacts/upsert.service.js';
import type { BulkEditPlan, ContactEdit, CreateBulkEdit } from '../../contract/bulk-edits.js';
import { describe } from '../../domain/segment/describe.js';
import type { Names } from '../../domain/segment/phrases.js';
import type { Rule } from '../../domain/segment/rule.js';
import type { Sql } from '../../domain/sql.js';
import { Clock } from '../../platform/clock.js';
import { BoundedReads } from '../../platform/database/bounded-reads.js';
import { SegmentsService } from '../segments.service.js';
import { countPeople } from './bulk-edits.sql.js';

/** `condition`: over `c`, what the rule is in SQL now. */
type Prepared = { edit: ContactEdit; rule: Rule; names: Names; condition: Sql };

@Injectable()
export class BulkEditPlans {
  constructor(
    private readonly clock: Clock,
    private readonly segments: SegmentsService,
    private readonly upserts: UpsertService,
    private readonly reads: BoundedReads,
  ) {}

  async plan(actor: Actor, wanted: CreateBulkEdit): Promise<BulkEditPlan> {
    const { rule, names, condition } = await this.prepare(actor, wanted);
    const count = countPeople(actor.workspaceId, condition);
    const found = await this.reads.run(audienceTables, tx => tx.row<{ matched: number }>(count));
    return { matched: found?.matched ?? 0, summary: describe(rule, names) };
  }

  /** Throws for an edit that could be applied to nobody, and for a rule that names what is not there. */
  async prepare(actor: Actor, wanted: CreateBulkEdit): Promise<Prepared> {
    const { rule: _rule, segmentId: _segmentId, ...edit } = wanted;
    await this.upserts.checkEdit(actor, edit);
    const { rule, names } = await this.segments.resolve(actor.workspaceId, wanted);
    return { edit, rule, names, condition: await this.segments.compile(actor.workspaceId, rule, this.clock.now()) };
  }
}
