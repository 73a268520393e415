/**
 * The file of rejected rows: where, which column, why, then the columns as they came, so that it can be mended and
 * uploaded again. Cells that a spreadsheet would run as a formula get an apostrophe, which the reader takes off again.
 */
import { stringify } from 'csv-stringify/sync';
import { defuse } from '../../domain/csv.js';

/** Columns that we add; an import leaves them out by itself. */
export const rejectHeaders: readonly string[] = ['import_row', 'import_column', 'import_reason'];

export type RejectRow = { row_number: string; column_name: string | null; reason: string; raw: string[] };

/** Lines of CSV, as a stream of pieces. */
export async function* rejectsCsv(headers: readonly string[], rows: AsyncIterable<RejectRow>): AsyncGenerator<string> {
  yield stringify([[...rejectHeaders, ...headers].map(defuse)]);
  let piece = '';
  for await (const row of rows) {
    piece += stringify([[row.row_number, row.column_name ?? '', row.reason, ...row.raw].map(defuse)]);
    if (piece.length < 64 * 1024) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}
