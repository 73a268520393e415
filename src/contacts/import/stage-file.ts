/**
 * An upload on its way into the staging table: CSV records → typed rows → COPY, a chunk at a time, so that memory is flat
 * in the size of the file and a slow database slows the client down.
 */
import type pg from 'pg';
import type { Readable } from 'node:stream';
import type { ImportKind, ImportMapping, ImportOptions } from '../../contract/imports.js';
import type { WorkspaceId } from '../../domain/ids.js';
import type { Sql } from '../../domain/sql.js';
import { AppError, invalid } from '../../platform/errors.js';
import type { ReadSettings } from './coerce.js';
import { CopyBuffer, copyLine } from './copy-buffer.js';
import { type CsvRecord, readCsv, type ReadSome } from './csv-source.js';
import { copyIntoRejects, type UploadProgress, updatePlan, updateUpload } from './import.sql.js';
import { planColumns, type PlannedColumn } from './plan.js';
import { type AddressHash, type RowReject, RowReader, stagingColumns } from './row-reader.js';
import { copyIntoStaging, createStaging, sealStaging } from './staging.sql.js';

/** Rejected rows kept for the file of rejects; the count goes on beyond them. */
export const maxStoredRejects = 100_000;
/** Columns of an import_reject row with no cells to show are told by an empty array. */
type Cells = readonly string[];

export type FileToStage = {
  workspaceId: WorkspaceId;
  importId: string;
  kind: ImportKind;
  mapping: ImportMapping;
  /** For what the mapping leaves open. */
  savedMapping: ImportMapping;
  options: ImportOptions;
  settings: ReadSettings;
  hash: AddressHash;
  /** Looks the attribute columns of a contacts file up in the registry. */
  bindAttributes: (columns: readonly PlannedColumn[]) => Promise<PlannedColumn[]>;
  now: () => Date;
  /** From how many staged rows on the merge may begin while the rest of the file comes; null: not before its end. */
  earlyRows: number | null;
  /** Called when enough rows for the merge are staged, and again as they grow. */
  onEarlyRows: () => Promise<void>;
};

/** Reads the file to its end. Resolves when every row is committed to staging. */
export async function stageFile(client: pg.PoolClient, file: Readable, order: FileToStage): Promise<UploadProgress> {
  const stager = new Stager(client, order);
  for await (const readSome of readCsv(file, order.options.delimiter)) await stager.take(readSome);
  return stager.finish();
}

class Stager {
  private columns: { reader: RowReader; rows: CopyBuffer } | undefined;
  private readonly rejects: CopyBuffer;
  private read = 0;
  private staged = 0;
  private rejected = 0;
  private isSealed = false;
  private telling: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly client: pg.PoolClient,
    private readonly order: FileToStage,
  ) {
    this.rejects = new CopyBuffer(client, copyIntoRejects);
  }

  async take(readSome: ReadSome): Promise<void> {
    if (!this.columns) return this.takeFirst(readSome);
    const { reader, rows } = this.columns;
    // Nothing is awaited in between: a promise for each row would cost as much as parsing it.
    readSome(record => this.takeRow(record, reader, rows));
    await this.flushFull(rows);
  }

  /** The first record of all is the header: from there on we know the columns. */
  private async takeFirst(readSome: ReadSome): Promise<void> {
    const records: CsvRecord[] = [];
    readSome(record => records.push(record));
    const [header, ...rest] = records;
    if (!header) return;
    const { reader, rows } = (this.columns = await this.start(header));
    for (const record of rest) this.takeRow(record, reader, rows);
  }

  private takeRow(record: CsvRecord, reader: RowReader, rows: CopyBuffer): void {
    this.read++;
    const row = 'broken' in record ? { column: null, reason: record.broken } : reader.read(record.cells);
    if (!Array.isArray(row)) return this.reject(record, row);
    rows.add(`${++this.staged}\t${record.line}\t${copyLine(row)}`);
  }

  private async flushFull(rows: CopyBuffer): Promise<void> {
    if (this.rejects.isFull) await this.rejects.flush();
    if (!rows.isFull) return;
    await rows.flush();
    await this.telling;
    // Queued on the connection behind the rows, so what it says is there; the next rows are read meanwhile.
    this.telling = this.tell();
    this.telling.catch(() => undefined);
  }

  async finish(): Promise<UploadProgress> {
    if (!this.columns) throw invalid('/file', 'The file is empty');
    if (this.read === 0) throw invalid('/file', 'The file has a header and no rows');
    await this.columns.rows.finish();
    await this.rejects.finish();
    await this.telling;
    await this.seal();
    return this.tell();
  }

  private async start(record: CsvRecord): Promise<{ reader: RowReader; rows: CopyBuffer }> {
    if ('broken' in record) throw invalid('/file', `The header is not CSV: ${record.broken}`);
    const { workspaceId, importId, kind, mapping, savedMapping, options, settings, hash } = this.order;
    const named = planColumns(kind, record.cells, mapping, savedMapping);
    checkConsentSource(named, options);
    const plan = kind === 'contacts' ? await this.order.bindAttributes(named) : named;
    const columns = stagingColumns(kind, plan);
    await this.run(
      updatePlan(
        workspaceId,
        importId,
        plan.map(({ header }) => header),
        mappingOf(plan),
      ),
    );
    await this.run(createStaging(importId, columns));
    return {
      rows: new CopyBuffer(this.client, copyIntoStaging(importId, columns)),
      reader: new RowReader(kind, plan, options, settings, hash),
    };
  }

  private reject(record: CsvRecord, { column, reason }: RowReject): void {
    this.rejected++;
    if (this.rejected > maxStoredRejects) return;
    const cells: Cells = 'cells' in record ? record.cells.map(cell => cell.replaceAll('\0', '\ufffd')) : [];
    const { workspaceId, importId } = this.order;
    this.rejects.add(copyLine([workspaceId, importId, String(record.line), column, reason, cells]));
  }

  /** Progress for whoever watches; finds out that the import was canceled. */
  private async tell(): Promise<UploadProgress> {
    const progress = { read: this.read, staged: this.staged, rejected: this.rejected, now: this.order.now() };
    const told = await this.run(updateUpload(this.order.workspaceId, this.order.importId, progress));
    if (told === 0) throw new AppError('conflict', 'The import was ended while the file was uploaded');
    await this.letMerge(progress.staged);
    return progress;
  }

  private async letMerge(staged: number): Promise<void> {
    const { earlyRows, onEarlyRows } = this.order;
    if (earlyRows === null || staged < earlyRows) return;
    await this.seal();
    await onEarlyRows();
  }

  /** Orders are folded first, by the caller. */
  private async seal(): Promise<void> {
    if (this.isSealed || this.order.kind === 'orders') return;
    this.isSealed = true;
    for (const step of sealStaging(this.order.importId)) await this.run(step);
  }

  private async run(statement: Sql): Promise<number> {
    return (await this.client.query(statement.render())).rowCount ?? 0;
  }
}

/** What each header turned out to mean, as the caller will see it. */
function mappingOf(plan: readonly PlannedColumn[]): ImportMapping {
  return Object.fromEntries(plan.map(({ header, field }) => [header, field]));
}

function checkConsentSource(plan: readonly PlannedColumn[], options: ImportOptions): void {
  const consent = plan.find(({ meaning }) => meaning.kind === 'consent');
  const hasSource = options.consentSource !== undefined || plan.some(({ meaning }) => meaning.kind === 'consentSource');
  if (consent && !hasSource)
    throw invalid(
      '/options/consentSource',
      `The column "${consent.header}" sets consent, which needs a source: send consentSource or map a column to it`,
    );
}
