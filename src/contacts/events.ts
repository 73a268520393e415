/** Appends to the history of contacts; tracking and other rooms call it inside their own transaction. */
import type { ContactId, WorkspaceId } from '../domain/ids.js';
import type { Tx } from '../platform/database/database.js';
import { recordChange } from './changes.js';
import { ensureMonths, type EventRow, insertEvents, insertSeen } from './events.sql.js';

export type NewEvent = {
  contactId: ContactId;
  /** Exact; surrounding and doubled spaces are dropped, so that rules find it. */
  name: string;
  at: Date;
  properties: object;
  /** Who says so: `api`, `tracking` … Message ids are unique within it. */
  source: string;
  messageId?: string;
};

/**
 * Takes an event with a message id once per 7 days and source; returns how many came in. The contacts exist (their rows are
 * held or locked by the caller where erasure must not come between).
 */
export async function recordEvents(tx: Tx, workspaceId: WorkspaceId, events: readonly NewEvent[]): Promise<number> {
  const rows = withoutTwins(events.map(toRow));
  if (rows.length === 0) return 0;
  await tx.run(ensureMonths(rows));
  const taken = await tx.rows<{ contact_id: ContactId }>(insertEvents(workspaceId, rows));
  await recordChange(tx, workspaceId, { kind: 'event', contactIds: [...new Set(taken.map(row => row.contact_id))] });
  return taken.length;
}

/** Whether a message is heard for the first time in 7 days; of two at one time the second waits for the first. One without an id is. */
export async function isFirst(tx: Tx, workspaceId: WorkspaceId, source: string, messageId: string): Promise<boolean> {
  return messageId === '' || (await tx.run(insertSeen(workspaceId, source, messageId))) > 0;
}

function toRow({ contactId, name, at, properties, source, messageId }: NewEvent): EventRow {
  const plainName = name.trim().replace(/\s+/g, ' ');
  return { contact_id: contactId, name: plainName, at, properties, source, message_id: messageId ?? null };
}

/** Of rows with the same source and message id the first. */
function withoutTwins(rows: EventRow[]): EventRow[] {
  const seen = new Set<string>();
  return rows.filter(({ source, message_id: messageId }) => {
    if (messageId === null) return true;
    const key = JSON.stringify([source, messageId]);
    return seen.has(key) ? false : Boolean(seen.add(key));
  });
}
