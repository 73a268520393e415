/** What the templates of a workspace may name: its partials, the standard merge fields and custom attributes. */
import { loadAttributes } from '../contacts/attributes/registry.js';
import type { WorkspaceId } from '../domain/ids.js';
import type { Queryable } from '../platform/database/database.js';
import type { Vocabulary, WrittenContent } from './content-check.js';
import { fieldWords } from './merge-fields.js';
import type { PartialBook } from './partial-expansion.js';
import { type PartialRow, selectPartialBodies } from './partials.sql.js';

export async function vocabularyFor(db: Queryable, workspaceId: WorkspaceId, written: WrittenContent): Promise<Vocabulary> {
  return readVocabulary(db, workspaceId, namesPartial(written) ? await readPartialBook(db, workspaceId) : new Map());
}

export async function readVocabulary(db: Queryable, workspaceId: WorkspaceId, partials: PartialBook): Promise<Vocabulary> {
  return { partials, ...fieldWords(await loadAttributes(db, workspaceId)) };
}

export async function readPartialBook(db: Queryable, workspaceId: WorkspaceId): Promise<PartialBook> {
  const rows = await db.rows<PartialRow>(selectPartialBodies(workspaceId));
  return new Map(rows.map(row => [row.name, row]));
}

const namesPartial = (written: WrittenContent): boolean => /\{\{~?\s*>/.test(Object.values(written).join('\n'));
