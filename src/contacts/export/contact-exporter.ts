/** Contacts as lines of CSV, read in one moment. Which contacts is the caller's to say: a condition over `c`. */
import { Injectable } from '@nestjs/common';
import type { WorkspaceId } from '../../domain/ids.js';
import { csvLine } from '../../domain/csv.js';
import type { Sql } from '../../domain/sql.js';
import { Database } from '../../platform/database/database.js';
import { inSnapshot, type Snapshot } from '../../platform/database/snapshot.js';
import { type ExportColumn, toCell, usualColumns } from './columns.js';
import { selectAttributeKeys, selectExport } from './export.sql.js';

type Row = Record<string, unknown> & { attributes: Record<string, unknown> };

@Injectable()
export class ContactExporter {
  constructor(private readonly db: Database) {}

  /** `columns` null: the usual ones. */
  lines(workspaceId: WorkspaceId, condition: Sql, columns: readonly ExportColumn[] | null): AsyncIterable<string> {
    return inSnapshot(this.db, snapshot => readLines(snapshot, workspaceId, condition, columns));
  }
}

async function* readLines(
  snapshot: Snapshot,
  workspaceId: WorkspaceId,
  condition: Sql,
  chosen: readonly ExportColumn[] | null,
): AsyncGenerator<string> {
  const columns = chosen ?? usualColumns(await snapshot.rows(selectAttributeKeys(workspaceId, condition)));
  yield csvLine(columns.map(column => column.header));
  const { sources, cells } = readers(columns);
  for await (const row of snapshot.stream<Row>(selectExport(workspaceId, condition, sources)))
    yield csvLine(cells.map(cell => toCell(cell(row))));
}

/** Looked up once for the file, not once a row. */
function readers(columns: readonly ExportColumn[]): { sources: Sql[]; cells: ((row: Row) => unknown)[] } {
  const sources: Sql[] = [];
  const cells = columns.map((column): ((row: Row) => unknown) => {
    if ('attribute' in column)
      return row => (Object.hasOwn(row.attributes, column.attribute) ? row.attributes[column.attribute] : null);
    const name = `s${sources.push(column.source) - 1}`;
    return row => row[name];
  });
  return { sources, cells };
}
