/**
 * Erasure reaches the ledger: rows of an erased contact keep what was sent when and how it ended, and lose address and merge
 * values. Follows the change feed with its own cursor, so contacts need not know of the ledger; running twice is the same as once.
 */
import type { WorkspaceId } from '../domain/ids.js';
import { type Sql, sql } from '../domain/sql.js';
import { Database } from '../platform/database/database.js';
import { Sweeps, type SweepTask } from '../platform/jobs/handles.js';

const follower = 'ledger.forget-erased';

type Erasure = { workspace_id: WorkspaceId; tx: string; id: string; contact_ids: string[] };

@Sweeps()
export class ForgetErased implements SweepTask {
  constructor(private readonly db: Database) {}

  async sweep(): Promise<void> {
    for (const erasure of await this.db.rows<Erasure>(selectErasures())) {
      await this.db.transaction(async tx => {
        await tx.run(blankMessages(erasure.workspace_id, erasure.contact_ids));
        await tx.run(advanceCursor(erasure));
      });
    }
  }
}

/** Unseen erasures of all workspaces, oldest first; only those that no running transaction could still precede. Relies on contact_change_erase_idx. */
function selectErasures(): Sql {
  return sql`select c.workspace_id, c.tx::text as tx, c.id, c.contact_ids from contact_change c
    left join change_cursor k on k.workspace_id = c.workspace_id and k.follower = ${follower}
    where c.kind = 'erase' and c.contact_ids is not null and (k.last_tx is null or (c.tx, c.id) > (k.last_tx, k.last_id))
      and c.tx < pg_snapshot_xmin(pg_current_snapshot())
    order by c.workspace_id, c.tx, c.id limit 500`;
}

/** Relies on the primary key: a contact's messages lie together. */
function blankMessages(workspaceId: WorkspaceId, contactIds: readonly string[]): Sql {
  return sql`update message set address = null, address_hash = null, merge_values = null, error_detail = null, updated_at = now()
    where workspace_id = ${workspaceId} and contact_id = any (${contactIds}::bigint[])`;
}

function advanceCursor({ workspace_id: workspaceId, tx, id }: Erasure): Sql {
  return sql`insert into change_cursor (workspace_id, follower, last_tx, last_id) values (${workspaceId}, ${follower}, ${tx}::xid8, ${id})
    on conflict (workspace_id, follower) do update set last_tx = excluded.last_tx, last_id = excluded.last_id`;
}
