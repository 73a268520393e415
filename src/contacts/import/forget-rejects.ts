/** Lets go of the rejected rows of imports that ended long ago; the import keeps their number. */
import { type Forgetter, Forgets } from '../../accounts/forgets.js';
import type { WorkspaceId } from '../../domain/ids.js';
import { type Sql, sql } from '../../domain/sql.js';
import type { Queryable } from '../../platform/database/database.js';
import { countOld, forgetBatch } from '../../platform/database/old-rows.js';

const old = (workspaceId: WorkspaceId, before: Date): Sql =>
  sql`workspace_id = ${workspaceId} and import_id in (select id from import where workspace_id = ${workspaceId} and finished_at < ${before})`;

@Forgets('importRejects')
export class ForgetRejects implements Forgetter {
  count(db: Queryable, workspaceId: WorkspaceId, before: Date): Promise<number> {
    return countOld(db, 'import_reject', old(workspaceId, before));
  }

  forget(tx: Queryable, workspaceId: WorkspaceId, before: Date, limit: number): Promise<number> {
    return forgetBatch(tx, 'import_reject', old(workspaceId, before), limit);
  }
}
