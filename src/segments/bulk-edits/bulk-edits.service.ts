/** Edits of everybody whom a rule picks: counted, begun, followed, canceled. The work itself is apply-bulk-edit.job.ts. */
import { Injectable } from '@nestjs/common';
import type { Actor } from '../../accounts/actor.js';
import { audit } from '../../accounts/audit.js';
import { audienceTables } from '../../contacts/audience-tables.js';
import { UpsertService } from '../../contacts/upsert.service.js';
import type { BulkEditPlan, BulkEditView, ContactEdit, CreateBulkEdit } from '../../contract/bulk-edits.js';
import type { PageQuery } from '../../contract/contacts.js';
import { describe } from '../../domain/segment/describe.js';
import { type Sql, sql } from '../../domain/sql.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { Statistics } from '../../platform/database/statistics.js';
import { conflict, notFound } from '../../platform/errors.js';
import { decodeIdCursor, type Page, toPage } from '../../platform/http/cursor.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { SegmentsService } from '../segments.service.js';
import {
  type BulkEditRow,
  countPeople,
  dropTargets,
  endBulkEdit,
  freezeTargets,
  insertBulkEdit,
  selectBulkEdits,
} from './bulk-edits.sql.js';
import { applyBulkEdit } from './jobs.js';

@Injectable()
export class BulkEditsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly segments: SegmentsService,
    private readonly upserts: UpsertService,
    private readonly statistics: Statistics,
    private readonly jobs: Jobs,
  ) {}

  /** Writes nothing. */
  async plan(actor: Actor, wanted: CreateBulkEdit): Promise<BulkEditPlan> {
    await this.upserts.checkEdit(actor, editOf(wanted));
    const { rule, names } = await this.segments.resolve(actor.workspaceId, wanted);
    const condition = await this.conditionOf(actor, wanted);
    const found = await this.db.row<{ matched: number }>(countPeople(actor.workspaceId, condition));
    return { matched: found?.matched ?? 0, summary: describe(rule, names) };
  }

  /** Whom the rule picks is decided here, once: what the edit changes does not change whom it is for. */
  async start(actor: Actor, wanted: CreateBulkEdit): Promise<BulkEditView> {
    const { workspaceId } = actor;
    const edit = editOf(wanted);
    await this.upserts.checkEdit(actor, edit);
    const rule = await this.segments.wantedRule(workspaceId, wanted);
    const condition = await this.conditionOf(actor, wanted);
    const segmentId = wanted.segmentId ?? null;
    const id = await this.db.transaction(async tx => {
      const row = await tx.row<{ id: string }>(
        insertBulkEdit(workspaceId, { rule, segmentId, edit, actor: actor.name }, this.clock.now()),
      );
      const bulkEditId = row?.id ?? '';
      await tx.run(freezeTargets(workspaceId, bulkEditId, condition));
      await audit(tx, actor, 'bulk-edit.started', `bulk-edit:${bulkEditId}`, { rule, changes: Object.keys(edit) });
      return bulkEditId;
    });
    await this.jobs.ring(applyBulkEdit, { workspaceId, bulkEditId: id });
    return this.get(actor, id);
  }

  /** Newest first. */
  async list({ workspaceId }: Actor, { after, limit }: PageQuery): Promise<Page<BulkEditView>> {
    const before = decodeIdCursor(after);
    const older = before === null ? sql`true` : sql`id < ${before}::bigint`;
    const rows = await this.db.rows<BulkEditRow>(selectBulkEdits(workspaceId, older, limit + 1));
    return toPage(rows, limit, row => [row.id], toView);
  }

  async get({ workspaceId }: Actor, id: string): Promise<BulkEditView> {
    const row = await this.db.row<BulkEditRow>(selectBulkEdits(workspaceId, sql`id = ${id}`, 1));
    if (!row) throw notFound('bulk edit', id);
    return toView(row);
  }

  /** Who was edited stays edited. */
  async cancel(actor: Actor, id: string): Promise<BulkEditView> {
    const { state } = await this.get(actor, id);
    await this.db.transaction(async tx => {
      if ((await tx.run(endBulkEdit(actor.workspaceId, id, 'canceled', this.clock.now()))) === 0)
        throw conflict(`The bulk edit is ${state} and cannot be canceled`);
      await tx.run(dropTargets(actor.workspaceId, id));
      await audit(tx, actor, 'bulk-edit.canceled', `bulk-edit:${id}`);
    });
    return this.get(actor, id);
  }

  private async conditionOf({ workspaceId }: Actor, wanted: CreateBulkEdit): Promise<Sql> {
    const rule = await this.segments.wantedRule(workspaceId, wanted);
    await this.statistics.freshen(audienceTables);
    return this.segments.compile(workspaceId, rule, this.clock.now());
  }
}

function editOf({ rule: _rule, segmentId: _segmentId, ...edit }: CreateBulkEdit): ContactEdit {
  return edit;
}

function toView(row: BulkEditRow): BulkEditView {
  return { ...row, createdAt: row.createdAt.toISOString(), finishedAt: row.finishedAt?.toISOString() ?? null };
}
