/** Looks up the lists and tags that rules refer to. A rule on a list that is gone must not run: "not on it" would be everyone. */
import type { WorkspaceId } from '../domain/ids.js';
import { type Names, noNames } from '../domain/segment/phrases.js';
import { type Reference, referencesOf } from '../domain/segment/references.js';
import type { Rule } from '../domain/segment/rule.js';
import type { Queryable } from '../platform/database/database.js';
import { AppError } from '../platform/errors.js';
import { nameReferences } from './segments.sql.js';

export async function namesFor(db: Queryable, workspaceId: WorkspaceId, rules: readonly Rule[]): Promise<Names> {
  const references = rules.flatMap(rule => referencesOf(rule));
  const names = { ...noNames, lists: new Map<string, string>(), tags: new Map<string, string>() };
  if (references.length === 0) return names;
  const idsOf = (kind: Reference['kind']): string[] => references.filter(one => one.kind === kind).map(one => one.id);
  const rows = await db.rows<{ kind: Reference['kind']; id: string; name: string }>(
    nameReferences(workspaceId, idsOf('list'), idsOf('tag')),
  );
  for (const row of rows) (row.kind === 'list' ? names.lists : names.tags).set(row.id, row.name);
  return names;
}

/** Throws when one is missing; `pointer` is where the rule stands in the request, `where` names the segment that holds it. */
export function requireReferences(rule: Rule, names: Names, pointer: string, where = ''): void {
  const missing = referencesOf(rule, pointer).filter(({ kind, id }) => !(kind === 'list' ? names.lists : names.tags).has(id));
  const [first] = missing;
  if (!first) return;
  const fields = missing.map(one => ({ pointer: one.pointer, message: `There is no ${one.kind} ${one.id}` }));
  throw new AppError('invalid', `${where}There is no ${first.kind} ${first.id}`, fields);
}
