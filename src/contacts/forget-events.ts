/** Lets go of old events; orders and what is kept of them stay. Followers hear whose history changed. */
import { type Forgetter, Forgets } from '../accounts/forgets.js';
import type { WorkspaceId } from '../domain/ids.js';
import { sql } from '../domain/sql.js';
import type { Queryable } from '../platform/database/database.js';
import { countOld } from '../platform/database/old-rows.js';
import { recordChange } from './changes.js';

@Forgets('events')
export class ForgetEvents implements Forgetter {
  count(db: Queryable, workspaceId: WorkspaceId, before: Date): Promise<number> {
    return countOld(db, 'contact_event', sql`workspace_id = ${workspaceId} and at < ${before}`);
  }

  /** Relies on the partitions by month: only those that begin before are looked into. */
  async forget(tx: Queryable, workspaceId: WorkspaceId, before: Date, limit: number): Promise<number> {
    const gone = await tx.rows<{ contact_id: string }>(sql`
      with old as (select contact_id, at, id from contact_event where workspace_id = ${workspaceId} and at < ${before} limit ${limit})
      delete from contact_event e using old o
      where e.workspace_id = ${workspaceId} and e.contact_id = o.contact_id and e.at = o.at and e.id = o.id and e.at < ${before}
      returning e.contact_id`);
    await recordChange(tx, workspaceId, { kind: 'event', contactIds: [...new Set(gone.map(row => row.contact_id))] });
    return gone.length;
  }
}
