/** Lets go of old entries of the audit trail. */
import type { WorkspaceId } from '../domain/ids.js';
import { type Sql, sql } from '../domain/sql.js';
import { forgetBatch, countOld } from '../platform/database/old-rows.js';
import type { Queryable } from '../platform/database/database.js';
import { type Forgetter, Forgets } from './forgets.js';

const old = (workspaceId: WorkspaceId, before: Date): Sql => sql`workspace_id = ${workspaceId} and at < ${before}`;

@Forgets('audit')
export class ForgetAudit implements Forgetter {
  count(db: Queryable, workspaceId: WorkspaceId, before: Date): Promise<number> {
    return countOld(db, 'audit_entry', old(workspaceId, before));
  }

  forget(tx: Queryable, workspaceId: WorkspaceId, before: Date, limit: number): Promise<number> {
    return forgetBatch(tx, 'audit_entry', old(workspaceId, before), limit);
  }
}
