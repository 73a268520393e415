/** Saved mappings of import columns: what people worked out for one file, kept for the next one of the same source. */
import { Injectable } from '@nestjs/common';
import type { Actor } from '../../accounts/actor.js';
import { audit } from '../../accounts/audit.js';
import type { PageQuery } from '../../contract/contacts.js';
import type {
  CreateImportMapping,
  MappingSuggestion,
  SavedMappingView,
  SuggestImportMapping,
  UpdateImportMapping,
} from '../../contract/import-mappings.js';
import { type ImportMapping, importOptions } from '../../contract/imports.js';
import { Clock } from '../../platform/clock.js';
import { Database, type Queryable, type Tx } from '../../platform/database/database.js';
import { unlessTaken } from '../../platform/database/unless-taken.js';
import { invalid, notFound } from '../../platform/errors.js';
import { decodeIdCursor, type Page, toPage } from '../../platform/http/cursor.js';
import { type ImportRow, selectImport } from './import.sql.js';
import {
  deleteMapping,
  insertMapping,
  listMappings,
  lockMapping,
  type SavedMapping,
  selectBestMapping,
  updateMapping,
} from './mappings.sql.js';
import { checkFields, chooseFields } from './plan.js';

type Wanted = Pick<SavedMapping, 'kind' | 'headers' | 'mapping' | 'options'>;

@Injectable()
export class ImportMappingsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** Newest first. */
  async list({ workspaceId }: Actor, { after, limit }: PageQuery): Promise<Page<SavedMappingView>> {
    const rows = await this.db.rows<SavedMapping>(listMappings(workspaceId, decodeIdCursor(after), limit + 1));
    return toPage(rows, limit, row => [row.id], toView);
  }

  async create(actor: Actor, wanted: CreateImportMapping): Promise<SavedMappingView> {
    const { name } = wanted;
    return this.named(name, async tx => {
      const saved = { name, ...(await contentOf(tx, actor, wanted)) };
      const made = await tx.row<SavedMapping>(insertMapping(actor.workspaceId, saved, this.clock.now()));
      if (!made) throw new Error('a mapping that was saved and is not there');
      await audit(tx, actor, 'import-mapping.created', `import-mapping:${made.id}`, { name, kind: made.kind });
      return toView(made);
    });
  }

  async update(actor: Actor, id: string, wanted: UpdateImportMapping): Promise<SavedMappingView> {
    const { workspaceId } = actor;
    return this.named(wanted.name ?? '', async tx => {
      const before = await tx.row<SavedMapping>(lockMapping(workspaceId, id));
      if (!before) throw notFound('import mapping', id);
      const { name = before.name, mapping = before.mapping, options = before.options } = wanted;
      const headers = wanted.mapping ? headersOf(before.kind, wanted.mapping) : before.headers;
      const after = { name, mapping, options, headers };
      const changed = await tx.row<SavedMapping>(updateMapping(workspaceId, id, after, this.clock.now()));
      await audit(tx, actor, 'import-mapping.updated', `import-mapping:${id}`, { fields: Object.keys(wanted) });
      return toView(changed ?? before);
    });
  }

  /** Imports that used it keep what they did. */
  async delete(actor: Actor, id: string): Promise<void> {
    await this.db.transaction(async tx => {
      if ((await tx.run(deleteMapping(actor.workspaceId, id))) === 0) throw notFound('import mapping', id);
      await audit(tx, actor, 'import-mapping.deleted', `import-mapping:${id}`);
    });
  }

  async suggest({ workspaceId }: Actor, { kind, headers }: SuggestImportMapping): Promise<MappingSuggestion> {
    const best = await this.db.row<SavedMapping & { share: number }>(selectBestMapping(workspaceId, kind, headers));
    const chosen = new Map(Object.entries(best?.mapping ?? {}));
    const fields = chooseFields(kind, headers, chosen);
    const columns = headers.map((header, i) => ({
      header,
      field: fields[i] ?? 'ignore',
      from: chosen.has(header) ? ('saved' as const) : ('header' as const),
    }));
    if (!best) return { saved: null, share: 0, columns };
    const { share, ...saved } = best;
    return { saved: toView(saved), share, columns };
  }

  private named<Result>(name: string, work: (tx: Tx) => Promise<Result>): Promise<Result> {
    return unlessTaken('import_mapping_name_key', `an import mapping named "${name}"`, () => this.db.transaction(work));
  }
}

async function contentOf(
  db: Queryable,
  actor: Actor,
  { importId, kind, mapping, options }: CreateImportMapping,
): Promise<Wanted> {
  if (kind && mapping) return { kind, mapping, options: options ?? importOptions.parse({}), headers: headersOf(kind, mapping) };
  const row = await db.row<ImportRow>(selectImport(actor.workspaceId, importId ?? ''));
  if (!row) throw invalid('/importId', `There is no import ${importId}`);
  if (row.headers.length === 0) throw invalid('/importId', 'The header of that file was never read');
  return { kind: row.kind, mapping: row.mapping, options: row.options, headers: row.headers };
}

/** The headers that a mapping names; throws when it names none, or what is no field. */
function headersOf(kind: SavedMapping['kind'], mapping: ImportMapping): string[] {
  checkFields(kind, mapping);
  const headers = Object.keys(mapping);
  if (headers.length === 0) throw invalid('/mapping', 'Names no column');
  return headers;
}

function toView(row: SavedMapping): SavedMappingView {
  const { createdAt, updatedAt, lastUsedAt } = row;
  return {
    ...row,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  };
}
