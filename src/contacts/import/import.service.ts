/**
 * Imports: receive a file into staging, show progress, cancel. The merge itself is a job; the state is a row: uploading →
 * merging → done, and from either to failed or canceled.
 */
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type pg from 'pg';
import type { Readable } from 'node:stream';
import { AccountsService } from '../../accounts/accounts.service.js';
import type { Actor } from '../../accounts/actor.js';
import { audit } from '../../accounts/audit.js';
import { type ImportMapping, type ImportOptions, importOptions, type ImportView } from '../../contract/imports.js';
import type { WorkspaceId } from '../../domain/ids.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { AppError, conflict, invalid, notFound } from '../../platform/errors.js';
import { decodeIdCursor, type Page, toPage } from '../../platform/http/cursor.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { Signing } from '../../platform/signing.js';
import { bindAttributes } from './attribute-columns.js';
import { tryLock, unlock, withClient } from './import-lock.js';
import {
  endImport,
  failUpload,
  type ImportRow,
  insertImport,
  listImports,
  selectImport,
  selectRejects,
  startMerge,
} from './import.sql.js';
import { mergeImport } from './jobs.js';
import { type SavedMapping, selectMapping, touchMapping } from './mappings.sql.js';
import { foldOrders } from './orders.sql.js';
import { rejectsCsv, type RejectRow } from './rejects-csv.js';
import { stageFile } from './stage-file.js';
import { countStaged, dropStaging, sealStaging } from './staging.sql.js';
import { readUpload, type UploadForm } from './upload-form.js';
import { toView } from './import-view.js';

@Injectable()
export class ImportService {
  private uploads = 0;
  private readonly maxUploads: number;
  /**
   * Larger files are merged while they are still received; a smaller one that turns out to be broken leaves nothing behind.
   * Some 1.5 s of reading.
   */
  earlyRows = 50_000;

  constructor(
    private readonly db: Database,
    private readonly accounts: AccountsService,
    private readonly clock: Clock,
    private readonly signing: Signing,
    private readonly jobs: Jobs,
  ) {
    // Each upload holds a connection; the rest of the API must not starve.
    this.maxUploads = Math.max(1, Math.floor((db.pool.options.max ?? 10) / 3));
  }

  /** Answers when every row is staged; what follows can no longer fail for a reason the caller could mend. */
  async upload(actor: Actor, request: FastifyRequest): Promise<ImportView> {
    if (this.uploads >= this.maxUploads)
      throw new AppError('unavailable', 'Too many uploads at once; try again when one has ended');
    this.uploads++;
    try {
      const id = await withClient(this.db, client => this.receive(client, actor, request));
      await this.jobs.ring(mergeImport, { workspaceId: actor.workspaceId, importId: id });
      return await this.get(actor, id);
    } finally {
      this.uploads--;
    }
  }

  async get(actor: Actor, id: string): Promise<ImportView> {
    return toView(await this.getRow(actor, id), this.clock.now());
  }

  async list(actor: Actor, page: { after?: string; limit: number }): Promise<Page<ImportView>> {
    const rows = await this.db.rows<ImportRow>(listImports(actor.workspaceId, decodeIdCursor(page.after), page.limit + 1));
    const now = this.clock.now();
    return toPage(
      rows,
      page.limit,
      row => [row.id],
      row => toView(row, now),
    );
  }

  /** What is merged stays merged; the rest is dropped. */
  async cancel(actor: Actor, id: string): Promise<ImportView> {
    const { state } = await this.getRow(actor, id);
    const canceled = await this.db.transaction(async tx => {
      const changed = await tx.run(
        endImport(actor.workspaceId, id, ['uploading', 'merging'], 'canceled', null, this.clock.now()),
      );
      if (changed > 0) await audit(tx, actor, 'import.canceled', `import:${id}`);
      return changed > 0;
    });
    if (!canceled) throw conflict(`The import is ${state} and cannot be canceled`);
    return this.get(actor, id);
  }

  /** Lines of CSV; the row set is read as a stream. */
  async rejects(actor: Actor, id: string): Promise<AsyncGenerator<string>> {
    const { headers } = await this.getRow(actor, id);
    return rejectsCsv(headers, this.streamRejects(actor, id));
  }

  private async *streamRejects(actor: Actor, id: string): AsyncGenerator<RejectRow> {
    for (let after = '-1'; ;) {
      const rows = await this.db.rows<RejectRow>(selectRejects(actor.workspaceId, id, after, rejectsPage));
      yield* rows;
      const last = rows.at(-1);
      if (!last || rows.length < rejectsPage) return;
      after = last.row_number;
    }
  }

  private async getRow(actor: Actor, id: string): Promise<ImportRow> {
    const row = await this.db.row<ImportRow>(selectImport(actor.workspaceId, id));
    if (!row) throw notFound('import', id);
    return row;
  }

  /** From the first byte of the file until the import is handed to the merge, its lock says that somebody works on it. */
  private async receive(client: pg.PoolClient, actor: Actor, request: FastifyRequest): Promise<string> {
    let id: string | undefined;
    try {
      await readUpload(request, async (form, file) => {
        const whole = await this.complete(actor, form);
        id = await this.begin(client, actor, whole);
        await this.stage(client, actor, id, whole, file);
      });
      if (id === undefined) throw new Error('an upload without an import');
      await this.startMerge(actor, id);
      return id;
    } catch (error) {
      if (id !== undefined)
        await this.fail(actor, id, error instanceof AppError ? error.message : 'The upload failed on our side');
      throw error;
    } finally {
      if (id !== undefined) await unlock(client, 'import', id);
    }
  }

  /** What the caller left open is the saved mapping's to say, then the workspace's. */
  private async complete(actor: Actor, form: UploadForm): Promise<WholeForm> {
    const { defaultCountry, timeZone, currency } = await this.accounts.getWorkspace(actor.workspaceId);
    const saved = await this.savedMapping(actor.workspaceId, form);
    const options = importOptions.parse({ ...saved?.options, ...form.options });
    return {
      ...form,
      savedMapping: saved?.mapping ?? {},
      options: {
        ...options,
        defaultCountry: options.defaultCountry ?? defaultCountry,
        timeZone: options.timeZone ?? timeZone,
        currency: options.currency ?? currency,
      },
    };
  }

  private async savedMapping(workspaceId: WorkspaceId, { mappingId, kind }: UploadForm): Promise<SavedMapping | null> {
    if (mappingId === null) return null;
    const saved = await this.db.row<SavedMapping>(selectMapping(workspaceId, mappingId));
    if (!saved) throw invalid('/mappingId', `There is no import mapping ${mappingId}`);
    if (saved.kind !== kind) throw invalid('/mappingId', `The mapping "${saved.name}" is for ${saved.kind}`);
    return saved;
  }

  /** The row is seen by others only when its lock is held, so that no sweep takes the upload for a dead one. */
  private async begin(client: pg.PoolClient, actor: Actor, form: WholeForm): Promise<string> {
    const now = this.clock.now();
    const statement = insertImport(actor.workspaceId, { ...form, actor: actor.name, now }).render();
    await client.query('begin');
    try {
      const { rows } = await client.query<{ id: string }>(statement);
      if (form.mappingId !== null) await client.query(touchMapping(actor.workspaceId, form.mappingId, now).render());
      const id = rows[0]?.id ?? '';
      if (!(await tryLock(client, 'import', id))) throw new AppError('unavailable', 'Another import is in the way; try again');
      await client.query('commit');
      return id;
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      throw error;
    }
  }

  private async stage(client: pg.PoolClient, actor: Actor, importId: string, form: WholeForm, file: Readable): Promise<void> {
    const { workspaceId } = actor;
    const { kind, mapping, savedMapping, options } = form;
    await stageFile(client, file, {
      workspaceId,
      importId,
      kind,
      mapping,
      savedMapping,
      options,
      settings: { ...options, now: this.clock.now() },
      hash: (channel, address) => this.signing.hashAddressHex(workspaceId, channel, address),
      bindAttributes: columns => bindAttributes(this.db, actor, columns),
      now: () => this.clock.now(),
      earlyRows: kind === 'contacts' ? this.earlyRows : null,
      onEarlyRows: () => this.jobs.ring(mergeImport, { workspaceId, importId }),
    });
    if (kind !== 'orders') return;
    const fold = foldOrders(importId, { isLines: options.rows === 'lines', currency: options.currency });
    for (const step of [...fold, ...sealStaging(importId), countStaged(workspaceId, importId)]) await client.query(step.render());
  }

  private async startMerge(actor: Actor, id: string): Promise<void> {
    const started = await this.db.transaction(async tx => {
      const changed = await tx.run(startMerge(actor.workspaceId, id, this.clock.now()));
      if (changed > 0) await audit(tx, actor, 'import.uploaded', `import:${id}`);
      return changed > 0;
    });
    if (!started) throw conflict('The import was ended while the file was uploaded');
  }

  private async fail(actor: Actor, id: string, error: string): Promise<void> {
    await this.db.run(failUpload(actor.workspaceId, id, error, this.clock.now()));
    await this.db.run(dropStaging(id));
  }
}

const rejectsPage = 1000;

type WholeForm = Omit<UploadForm, 'options'> & {
  savedMapping: ImportMapping;
  options: ImportOptions & Required<Pick<ImportOptions, 'defaultCountry' | 'timeZone' | 'currency'>>;
};
