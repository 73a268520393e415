/** Pages of recipients: filled from one part after the other. The cursor names the part and the contact in it. */
import type { RecipientQuery, RecipientView } from '../contract/recipients.js';
import { slotOf } from '../domain/hash.js';
import type { WorkspaceId } from '../domain/ids.js';
import type { MessageState } from '../domain/message/states.js';
import type { Queryable } from '../platform/database/database.js';
import { invalid } from '../platform/errors.js';
import { decodeCursor, type Page, toPage } from '../platform/http/cursor.js';
import { toView } from './recipient.js';
import { type Part, type Place, type RecipientRow, selectParts, selectRecipients } from './recipients.sql.js';

type Cursor = Part & { contactId: string };

const start: Place = { slot: -1, contactId: '0' };

/** While a campaign runs, somebody who moves from state to state between two pages may be on both, or on none. */
export async function readPage(
  db: Queryable,
  workspaceId: WorkspaceId,
  campaignId: string,
  { after, limit, ...filter }: RecipientQuery,
): Promise<Page<RecipientView>> {
  const cursor = after === undefined ? null : readCursor(after);
  const rows: RecipientRow[] = [];
  for (const part of await db.rows<Part>(selectParts(workspaceId, campaignId, filter))) {
    const order = cursor ? compare(part, cursor) : 1;
    if (order < 0) continue;
    const place = cursor && order === 0 ? { slot: slotOf(cursor.contactId), contactId: cursor.contactId } : start;
    rows.push(...(await db.rows<RecipientRow>(selectRecipients(workspaceId, part, place, limit + 1 - rows.length))));
    if (rows.length > limit) break;
  }
  return toPage(rows, limit, row => [row.dispatchId, row.state, row.refusal ?? '', row.contactId], toView);
}

/** As the parts are sorted: newest run first. */
function compare(a: Part, b: Part): number {
  if (a.dispatchId !== b.dispatchId) return BigInt(a.dispatchId) > BigInt(b.dispatchId) ? -1 : 1;
  if (a.state !== b.state) return a.state < b.state ? -1 : 1;
  return a.refusal === b.refusal ? 0 : a.refusal < b.refusal ? -1 : 1;
}

function readCursor(cursor: string): Cursor {
  const [dispatchId = '', state = '', refusal = '', contactId = ''] = decodeCursor(cursor, 4);
  if (![dispatchId, contactId].every(part => /^\d{1,18}$/.test(part))) throw invalid('?after', 'Not a cursor of this list');
  return { dispatchId, state: state as MessageState, refusal, contactId };
}
