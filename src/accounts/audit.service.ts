/** Reading and exporting the audit trail; writing it is `audit()` in audit.ts, inside the transaction of what was done. */
import { Injectable, type StreamableFile } from '@nestjs/common';
import type { AuditEntryView } from '../contract/accounts.js';
import { sql } from '../domain/sql.js';
import { Database } from '../platform/database/database.js';
import { decodeIdCursor, type Page, toPage } from '../platform/http/cursor.js';
import { Downloads } from '../platform/http/download.js';
import type { Actor } from './actor.js';
import { audit } from './audit.js';
import { auditCsv } from './audit-csv.js';

type AuditRow = Omit<AuditEntryView, 'requestId' | 'at'> & { request_id: string | null; at: Date };

/** Of the whole process: few look at all of it, and each holds a connection. */
const maxExports = 2;

@Injectable()
export class AuditService {
  private readonly downloads = new Downloads(maxExports);

  constructor(private readonly db: Database) {}

  async list(actor: Actor, page: { after?: string; limit: number }): Promise<Page<AuditEntryView>> {
    const before = decodeIdCursor(page.after);
    const rows = await this.db.rows<AuditRow>(sql`
      select id, at, actor, action, target, request_id, details from audit_entry
      where workspace_id = ${actor.workspaceId} and (${before}::bigint is null or id < ${before}::bigint)
      order by id desc limit ${page.limit + 1}`);
    return toPage(rows, page.limit, row => [row.id], toView);
  }

  /** An export is an entry itself, its own last one. */
  async export(actor: Actor): Promise<StreamableFile> {
    this.downloads.requirePlace();
    await audit(this.db, actor, 'audit.exported', null);
    return this.downloads.csv('audit.csv', auditCsv(this.db, actor.workspaceId));
  }
}

function toView({ at, request_id: requestId, ...row }: AuditRow): AuditEntryView {
  return { ...row, at: at.toISOString(), requestId };
}
