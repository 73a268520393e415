/** Reach after a change of addresses, consents or suppressions, in the transaction of that change. */
import type { WorkspaceId } from '../domain/ids.js';
import type { Sql } from '../domain/sql.js';
import type { Queryable } from '../platform/database/database.js';
import { demotePrimaries, electPrimaries, promotePrimaries, refreshSuppressed, refreshTopics } from './reach.sql.js';

/**
 * Brings topics, suppression and primaries of these contacts up to date. `contacts` selects contact_id; `preferred` selects
 * (contact_id, channel, address) that shall become primary. The contacts are locked already (`touchContacts` or inserted).
 */
export async function refreshReach(
  tx: Queryable,
  workspaceId: WorkspaceId,
  contacts: Sql,
  now: Date,
  preferred?: Sql,
): Promise<void> {
  await tx.run(refreshTopics(workspaceId, contacts, now));
  await tx.run(refreshSuppressed(workspaceId, contacts, now));
  if (preferred) {
    await tx.run(demotePrimaries(workspaceId, preferred));
    await tx.run(promotePrimaries(workspaceId, preferred));
  }
  await tx.run(electPrimaries(workspaceId, contacts));
}
