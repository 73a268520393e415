/** Lets go of old messages in the sandbox's mailbox and phones; those whose receipt is still to be sent stay. */
import { type Forgetter, Forgets } from '../accounts/forgets.js';
import type { WorkspaceId } from '../domain/ids.js';
import { type Sql, sql } from '../domain/sql.js';
import type { Queryable } from '../platform/database/database.js';
import { countOld, forgetBatch } from '../platform/database/old-rows.js';

const old = (workspaceId: WorkspaceId, before: Date): Sql =>
  sql`workspace_id = ${workspaceId} and received_at < ${before} and receipt_state <> 'due'`;

@Forgets('sandboxMessages')
export class ForgetSandboxMessages implements Forgetter {
  count(db: Queryable, workspaceId: WorkspaceId, before: Date): Promise<number> {
    return countOld(db, 'sandbox_message', old(workspaceId, before));
  }

  forget(tx: Queryable, workspaceId: WorkspaceId, before: Date, limit: number): Promise<number> {
    return forgetBatch(tx, 'sandbox_message', old(workspaceId, before), limit);
  }
}
