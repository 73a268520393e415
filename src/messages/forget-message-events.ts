/** Lets go of single answers to messages; response_tally keeps their counts. */
import { type Forgetter, Forgets } from '../accounts/forgets.js';
import type { WorkspaceId } from '../domain/ids.js';
import { type Sql, sql } from '../domain/sql.js';
import type { Queryable } from '../platform/database/database.js';
import { countOld, forgetBatch } from '../platform/database/old-rows.js';

const old = (workspaceId: WorkspaceId, before: Date): Sql => sql`workspace_id = ${workspaceId} and at < ${before}`;

@Forgets('messageEvents')
export class ForgetMessageEvents implements Forgetter {
  count(db: Queryable, workspaceId: WorkspaceId, before: Date): Promise<number> {
    return countOld(db, 'message_event', old(workspaceId, before));
  }

  forget(tx: Queryable, workspaceId: WorkspaceId, before: Date, limit: number): Promise<number> {
    return forgetBatch(tx, 'message_event', old(workspaceId, before), limit);
  }
}
