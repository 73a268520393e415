/** Lets go of what providers posted, once applied: evidence for a quarrel with them. What waits to be applied stays, however old. */
import { type Forgetter, Forgets } from '../accounts/forgets.js';
import type { WorkspaceId } from '../domain/ids.js';
import { type Sql, sql } from '../domain/sql.js';
import type { Queryable } from '../platform/database/database.js';
import { countOld, forgetBatch } from '../platform/database/old-rows.js';

const old = (workspaceId: WorkspaceId, before: Date): Sql => sql`workspace_id = ${workspaceId} and applied_at < ${before}`;

@Forgets('callbacks')
export class ForgetCallbacks implements Forgetter {
  count(db: Queryable, workspaceId: WorkspaceId, before: Date): Promise<number> {
    return countOld(db, 'gateway_callback', old(workspaceId, before));
  }

  forget(tx: Queryable, workspaceId: WorkspaceId, before: Date, limit: number): Promise<number> {
    return forgetBatch(tx, 'gateway_callback', old(workspaceId, before), limit);
  }
}
