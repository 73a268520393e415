/**
 * An address added while it is being suppressed: two transactions that cannot see each other both commit, and reach would allow
 * what is forbidden; or forbid what is allowed, when the suppression is being lifted. Locks could prevent it only by making every
 * STOP wait for every import; each sweep mends it instead, for which `recent_suppression` keeps the address, where the
 * suppression itself has only a hash.
 */
import type { Channel, ContactId, WorkspaceId } from '../domain/ids.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { Sweeps, type SweepTask } from '../platform/jobs/handles.js';
import { recordChange } from './changes.js';
import { refreshSuppressedAt } from './reach.sql.js';
import { deleteRecent, listRecent } from './suppression.sql.js';

/** Longer than any transaction that adds addresses: a merge of an import is done in batches of seconds. */
const lookBackMs = 60 * 60 * 1000;

type Recent = { workspaceId: WorkspaceId; channel: Channel; addresses: string[] };

@Sweeps()
export class MendSuppression implements SweepTask {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  async sweep(): Promise<void> {
    const now = this.clock.now();
    for (const recent of await this.db.rows<Recent>(listRecent)) await this.mend(recent, now);
    await this.db.run(deleteRecent(new Date(now.getTime() - lookBackMs)));
  }

  private async mend({ workspaceId, channel, addresses }: Recent, now: Date): Promise<void> {
    await this.db.transaction(async tx => {
      const changed = await tx.rows<{ contact_id: ContactId }>(refreshSuppressedAt(workspaceId, channel, addresses, now));
      await recordChange(tx, workspaceId, { kind: 'suppression', contactIds: changed.map(row => row.contact_id) });
    });
  }
}
