/** Recipients as lines of CSV, read in one moment. */
import type { RecipientFilter } from '../contract/recipients.js';
import { csvLine } from '../domain/csv.js';
import type { WorkspaceId } from '../domain/ids.js';
import type { Database } from '../platform/database/database.js';
import { inSnapshot, type Snapshot } from '../platform/database/snapshot.js';
import { type Part, type RecipientRow, selectPart, selectParts } from './recipients.sql.js';

/** Header and cell of each column. */
const columns: readonly [string, (row: RecipientRow) => string | number | Date | null][] = [
  ['contactId', row => row.contactId],
  ['firstName', row => row.firstName],
  ['lastName', row => row.lastName],
  ['address', row => row.address],
  ['state', row => row.state],
  ['refusal', row => row.refusal],
  ['errorKind', row => row.errorKind],
  ['errorCode', row => row.errorCode],
  ['errorDetail', row => row.errorDetail],
  ['attempt', row => row.attempt],
  ['parts', row => row.parts],
  ['variant', row => row.variant],
  ['sendAfter', row => row.sendAfter],
  ['sentAt', row => row.sentAt],
  ['updatedAt', row => row.updatedAt],
  ['dispatchId', row => row.dispatchId],
];

export function recipientsCsv(
  db: Database,
  workspaceId: WorkspaceId,
  campaignId: string,
  filter: RecipientFilter,
): AsyncIterable<string> {
  return inSnapshot(db, snapshot => readLines(snapshot, workspaceId, campaignId, filter));
}

async function* readLines(
  snapshot: Snapshot,
  workspaceId: WorkspaceId,
  campaignId: string,
  filter: RecipientFilter,
): AsyncGenerator<string> {
  yield csvLine(columns.map(([header]) => header));
  for (const part of await snapshot.rows<Part>(selectParts(workspaceId, campaignId, filter)))
    for await (const row of snapshot.stream<RecipientRow>(selectPart(workspaceId, part)))
      yield csvLine(columns.map(([, cell]) => toCell(cell(row))));
}

function toCell(value: string | number | Date | null): string {
  if (value === null) return '';
  return value instanceof Date ? value.toISOString() : String(value);
}
