/** What the templates of a workspace may name: its partials, the standard merge fields and custom attributes. */
import type { WorkspaceId } from '../domain/ids.js';
import type { Queryable } from '../platform/database/database.js';
import type { Vocabulary, WrittenContent } from './content-check.js';
import { isMergeField, suggestField } from './merge-fields.js';
import type { PartialBook } from './partial-expansion.js';
import { type PartialRow, selectPartialBodies } from './partials.sql.js';

export async function vocabularyFor(db: Queryable, workspaceId: WorkspaceId, written: WrittenContent): Promise<Vocabulary> {
  return readVocabulary(db, workspaceId, namesPartial(written) ? await readPartialBook(db, workspaceId) : new Map());
}

export function readVocabulary(_db: Queryable, _workspaceId: WorkspaceId, partials: PartialBook): Promise<Vocabulary> {
  return Promise.resolve({ partials, isField: isMergeField, suggest: suggestField });
}

export async function readPartialBook(db: Queryable, workspaceId: WorkspaceId): Promise<PartialBook> {
  const rows = await db.rows<PartialRow>(selectPartialBodies(workspaceId));
  return new Map(rows.map(row => [row.name, row]));
}

const namesPartial = (written: WrittenContent): boolean => /\{\{~?\s*>/.test(Object.values(written).join('\n'));
