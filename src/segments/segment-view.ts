// A saved segment as the API shows it, with its rule in words.
import type { SegmentView } from '../contract/segments.js';
import { describe } from '../domain/segment/describe.js';
import { type Language, phrasesOf } from '../domain/segment/languages.js';
import type { Names } from '../domain/segment/phrases.js';
import type { Segment } from './segment.entity.js';

export function toView(row: Segment, names: Names, language: Language): SegmentView {
  const { id, name, description, folder, rule, version } = row;
  return {
    id,
    name,
    description,
    folder,
    rule,
    version,
    summary: describe(rule.rule, names, phrasesOf(language)),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    archivedAt: row.archivedAt?.toISOString() ?? null,
  };
}
