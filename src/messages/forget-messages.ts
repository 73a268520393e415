/**
 * Empties old messages of dispatches that ended: address, what filled the holes, and the provider's words go; who, when, state and reason stay, so
 * every report stays true. What may still get a receipt is not touched: a dispatch ended at least 30 days ago by the contract's minimum.
 */
import { type Forgetter, Forgets } from '../accounts/forgets.js';
import type { WorkspaceId } from '../domain/ids.js';
import { type Sql, sql } from '../domain/sql.js';
import type { Queryable } from '../platform/database/database.js';
import { countOld } from '../platform/database/old-rows.js';

const old = (workspaceId: WorkspaceId, before: Date): Sql => sql`workspace_id = ${workspaceId}
  and dispatch_id in (select id from dispatch where workspace_id = ${workspaceId} and finished_at < ${before})
  and (address is not null or merge_values is not null or error_detail is not null) and state not in ('planned', 'claimed', 'sending')`;

@Forgets('messages')
export class ForgetMessages implements Forgetter {
  count(db: Queryable, workspaceId: WorkspaceId, before: Date): Promise<number> {
    return countOld(db, 'message', old(workspaceId, before));
  }

  forget(tx: Queryable, workspaceId: WorkspaceId, before: Date, limit: number): Promise<number> {
    return tx.run(sql`update message set address = null, merge_values = null, error_detail = null
      where ctid = any (array(select ctid from message where ${old(workspaceId, before)} limit ${limit}))`);
  }
}
