/** Reading the audit trail; writing it is `audit()` in audit.ts, inside the transaction of what was done. */
import { Injectable } from '@nestjs/common';
import type { AuditEntryView } from '../contract/accounts.js';
import { sql } from '../domain/sql.js';
import { Database } from '../platform/database/database.js';
import { decodeIdCursor, type Page, toPage } from '../platform/http/cursor.js';
import type { Actor } from './actor.js';

type AuditRow = Omit<AuditEntryView, 'requestId' | 'at'> & { request_id: string | null; at: Date };

@Injectable()
export class AuditService {
  constructor(private readonly db: Database) {}

  async list(actor: Actor, page: { after?: string; limit: number }): Promise<Page<AuditEntryView>> {
    const before = decodeIdCursor(page.after);
    const rows = await this.db.rows<AuditRow>(sql`
      select id, at, actor, action, target, request_id, details from audit_entry
      where workspace_id = ${actor.workspaceId} and (${before}::bigint is null or id < ${before}::bigint)
      order by id desc limit ${page.limit + 1}`);
    return toPage(rows, page.limit, row => [row.id], toView);
  }
}

function toView({ at, request_id: requestId, ...row }: AuditRow): AuditEntryView {
  return { ...row, at: at.toISOString(), requestId };
}
