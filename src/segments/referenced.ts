/**
 * What rules refer to: lists, tags, custom attributes and segments, and what those segments refer to in turn. A rule on a list that
 * is gone must not run: "not on it" would be everyone. So whoever compiles checks first, and the answer names what is missing.
 */
import { loadAttributes, Registry } from '../contacts/attributes/registry.js';
import type { WorkspaceId } from '../domain/ids.js';
import { problemOfGraph, type Saved } from '../domain/segment/graph.js';
import { noNames, type Names } from '../domain/segment/phrases.js';
import { idsOf, type Reference, referencesOf } from '../domain/segment/references.js';
import type { Rule, SegmentDocument } from '../domain/segment/rule.js';
import type { Queryable } from '../platform/database/database.js';
import { AppError, type FieldError } from '../platform/errors.js';
import { nameReferences, selectReachableSegments } from './segments.sql.js';

export type Referenced = { names: Names; segments: ReadonlyMap<string, Saved>; registry: Registry };

type SegmentRow = { id: string; name: string; rule: SegmentDocument; isArchived: boolean };
type NameRow = { kind: 'list' | 'tag'; id: string; name: string };

/** Everything the rules lead to, in three statements at most. */
export async function loadReferenced(db: Queryable, workspaceId: WorkspaceId, rules: readonly Rule[]): Promise<Referenced> {
  const segments = await reachableSegments(db, workspaceId, idsOf('segment', rules));
  const everywhere = [...rules, ...[...segments.values()].map(({ rule }) => rule)];
  const asksRegistry = [...idsOf('attribute', everywhere), ...idsOf('sensitive', everywhere)].length > 0;
  const registry = asksRegistry ? await loadAttributes(db, workspaceId) : new Registry([], new Set());
  const groups = await namesOfGroups(db, workspaceId, idsOf('list', everywhere), idsOf('tag', everywhere));
  const named = new Map([...segments].map(([id, { name }]) => [id, name]));
  const labels = new Map(registry.all.map(({ id, label }) => [id, label]));
  return { names: { ...groups, segments: named, attributes: labels }, segments, registry };
}

async function reachableSegments(db: Queryable, workspaceId: WorkspaceId, ids: string[]): Promise<Map<string, Saved>> {
  if (ids.length === 0) return new Map();
  const rows = await db.rows<SegmentRow>(selectReachableSegments(workspaceId, ids));
  return new Map(rows.map(({ rule, ...row }) => [row.id, { ...row, rule: rule.rule }]));
}

async function namesOfGroups(
  db: Queryable,
  workspaceId: WorkspaceId,
  listIds: string[],
  tagIds: string[],
): Promise<Pick<Names, 'lists' | 'tags'>> {
  if (listIds.length + tagIds.length === 0) return noNames;
  const rows = await db.rows<NameRow>(nameReferences(workspaceId, listIds, tagIds));
  const of = (kind: NameRow['kind']): Map<string, string> =>
    new Map(rows.filter(row => row.kind === kind).map(({ id, name }) => [id, name]));
  return { lists: of('list'), tags: of('tag') };
}

export type Place = {
  /** Where the rule stands in the request. */
  pointer: string;
  /** The saved segment whose rule it is. */
  self?: { id: string; name: string };
  /** Said before each problem: which saved segment it is about. */
  where?: string;
};

/** Throws a 422 with all that is wrong with what the rule refers to. */
export function requireReferences(rule: Rule, referenced: Referenced, { pointer, self, where = '' }: Place): void {
  const graph = problemOfGraph(rule, referenced.segments, self, pointer);
  const fields = graph ? [graph] : problemsOf(rule, referenced, pointer);
  const [first] = fields;
  if (first) throw new AppError('invalid', where + first.message, fields);
}

/** The graph has no circle. What is wrong inside a named segment is said at the leaf that names it. */
function problemsOf(rule: Rule, referenced: Referenced, pointer: string): FieldError[] {
  return referencesOf(rule, pointer).flatMap(reference => {
    const message = problemOf(reference, referenced);
    if (message !== null) return [{ pointer: reference.pointer, message }];
    const segment = reference.kind === 'segment' ? referenced.segments.get(reference.id) : undefined;
    const [inner] = segment ? problemsOf(segment.rule, referenced, '') : [];
    return segment && inner ? [{ pointer: reference.pointer, message: `Segment "${segment.name}": ${inner.message}` }] : [];
  });
}

function problemOf(reference: Reference, { names, segments, registry }: Referenced): string | null {
  const { kind, id } = reference;
  switch (kind) {
    case 'list':
      return names.lists.has(id) ? null : `There is no list ${id}`;
    case 'tag':
      return names.tags.has(id) ? null : `There is no tag ${id}`;
    case 'segment': {
      const segment = segments.get(id);
      if (!segment) return `There is no segment ${id}`;
      return segment.isArchived ? `The segment "${segment.name}" is archived` : null;
    }
    case 'attribute': {
      const known = registry.get(id);
      if (!known) return `There is no attribute ${id}`;
      if (!known.isOn) return `The attribute "${known.label}" is archived, or sensitive and not turned on`;
      return known.type === reference.type
        ? null
        : `The attribute "${known.label}" is of type ${known.type}, not ${reference.type}`;
    }
    case 'option': {
      const known = registry.get(id);
      const isThere = known?.options.some(({ value }) => value === reference.value) ?? true;
      return isThere ? null : `The attribute "${known?.label}" has no option "${reference.value}"`;
    }
    case 'sensitive':
      return registry.isFieldOn(id) ? null : `${id} is sensitive and is not turned on in this workspace`;
  }
}
