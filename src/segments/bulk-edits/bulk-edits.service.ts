/** Edits of everybody whom a rule picks: begun, followed, canceled. The work itself is apply-bulk-edit.job.ts. */
import { Injectable } from '@nestjs/common';
import type { Actor } from '../../accounts/actor.js';
import { audit } from '../../accounts/audit.js';
import { audienceTables } from '../../contacts/audience-tables.js';
import type { BulkEditView, CreateBulkEdit } from '../../contract/bulk-edits.js';
import type { PageQuery } from '../../contract/contacts.js';
import { type Sql, sql } from '../../domain/sql.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { HeavyReads } from '../../platform/database/heavy-reads.js';
import { Statistics } from '../../platform/database/statistics.js';
import { conflict, notFound } from '../../platform/errors.js';
import { decodeIdCursor, type Page, toPage } from '../../platform/http/cursor.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { BulkEditPlans } from './bulk-edit-plans.js';
import {
  type BulkEditRow,
  dropTargets,
  endBulkEdit,
  freezeTargets,
  insertBulkEdit,
  type NewBulkEdit,
  selectBulkEdits,
} from './bulk-edits.sql.js';
import { applyBulkEdit } from './jobs.js';

@Injectable()
export class BulkEditsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly plans: BulkEditPlans,
    private readonly statistics: Statistics,
    private readonly heavy: HeavyReads,
    private readonly jobs: Jobs,
  ) {}

  /** Whom the rule picks is decided here, once: what the edit changes does not change whom it is for. */
  async start(actor: Actor, wanted: CreateBulkEdit): Promise<BulkEditView> {
    const { workspaceId } = actor;
    const { edit, rule, condition } = await this.plans.prepare(actor, wanted);
    const row = { rule, segmentId: wanted.segmentId ?? null, edit, actor: actor.name };
    const bulkEditId = await this.heavy.run(() => this.freeze(actor, row, condition));
    await this.jobs.ring(applyBulkEdit, { workspaceId, bulkEditId });
    return this.get(actor, bulkEditId);
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

  private async freeze(actor: Actor, bulkEdit: NewBulkEdit, condition: Sql): Promise<string> {
    await this.statistics.freshen(audienceTables);
    return this.db.transaction(async tx => {
      // As where audiences are frozen: with less memory a rule of many parts falls back to a look-up per contact.
      await tx.run(sql`set local work_mem = '64MB'`);
      const row = await tx.row<{ id: string }>(insertBulkEdit(actor.workspaceId, bulkEdit, this.clock.now()));
      const id = row?.id ?? '';
      await tx.run(freezeTargets(actor.workspaceId, id, condition));
      const { rule, edit } = bulkEdit;
      await audit(tx, actor, 'bulk-edit.started', `bulk-edit:${id}`, { rule, changes: Object.keys(edit) });
      return id;
    });
  }
}

function toView(row: BulkEditRow): BulkEditView {
  return { ...row, createdAt: row.createdAt.toISOString(), finishedAt: row.finishedAt?.toISOString() ?? null };
}
