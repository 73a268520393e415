// A row of table import as the API shows it, with its pace and the time it still needs.
import type { ImportView } from '../../contract/imports.js';
import type { ImportRow } from './import.sql.js';

export function toView(row: ImportRow, now: Date): ImportView {
  const { id, kind, state, mapping, error } = row;
  const pace = paceOf(row, now);
  const left = Number(row.rows_staged) - Number(row.merged_to);
  return {
    id,
    kind,
    state,
    fileName: row.file_name,
    mapping,
    rowsRead: Number(row.rows_read),
    rowsMerged: Number(row.rows_merged),
    rowsSkipped: Number(row.rows_skipped),
    rowsRejected: Number(row.rows_rejected),
    contactsCreated: Number(row.contacts_created),
    contactsUpdated: Number(row.contacts_updated),
    rowsPerSecond: pace === null ? null : Math.round(pace),
    etaSeconds: state === 'merging' && pace !== null && pace > 0 ? Math.ceil(left / pace) : null,
    error,
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}

/** Rows a second of the phase under way; null before there is anything to divide. */
function paceOf(row: ImportRow, now: Date): number | null {
  const { merge_started_at: mergeStartedAt } = row;
  const isMerging = mergeStartedAt !== null && row.state !== 'uploading';
  const startedAt = isMerging ? mergeStartedAt : row.created_at;
  const rows = Number(isMerging ? row.merged_to : row.rows_read);
  const seconds = ((row.finished_at ?? now).getTime() - startedAt.getTime()) / 1000;
  return rows > 0 && seconds > 0 ? rows / seconds : null;
}
