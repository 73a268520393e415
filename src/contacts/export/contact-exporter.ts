/** Contacts as lines of CSV, read in one moment. Which contacts is the caller's to say: a condition over `c`. */
import { Injectable } from '@nestjs/common';
import type { Attribute } from '../../domain/attribute/types.js';
import type { WorkspaceId } from '../../domain/ids.js';
import { csvLine } from '../../domain/csv.js';
import type { Sql } from '../../domain/sql.js';
import { Database } from '../../platform/database/database.js';
import { inSnapshot, type Snapshot } from '../../platform/database/snapshot.js';
import { loadAttributes, type Registry } from '../attributes/registry.js';
import { type ExportColumn, toCell, usualColumns } from './columns.js';
import { selectAttributeIds, selectExport } from './export.sql.js';

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
  const registry = await loadAttributes(snapshot, workspaceId);
  const columns = chosen ?? usualColumns(await occurring(snapshot, workspaceId, condition, registry));
  yield csvLine(columns.map(column => column.header));
  const { sources, cells } = readers(columns, registry);
  for await (const row of snapshot.stream<Row>(selectExport(workspaceId, condition, sources)))
    yield csvLine(cells.map(cell => toCell(cell(row))));
}

async function occurring(snapshot: Snapshot, workspaceId: WorkspaceId, condition: Sql, registry: Registry): Promise<Attribute[]> {
  const rows = await snapshot.rows<{ id: string }>(selectAttributeIds(workspaceId, condition));
  const ids = new Set(rows.map(({ id }) => id));
  return registry.all.filter(({ id }) => ids.has(id)).sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Looked up once for the file, not once a row. */
function readers(columns: readonly ExportColumn[], registry: Registry): { sources: Sql[]; cells: ((row: Row) => unknown)[] } {
  const sources: Sql[] = [];
  const cells = columns.map((column): ((row: Row) => unknown) => {
    if ('attribute' in column) {
      const id = registry.find(column.attribute)?.id ?? '';
      return row => row.attributes[id];
    }
    const name = `s${sources.push(column.source) - 1}`;
    return row => row[name];
  });
  return { sources, cells };
}
