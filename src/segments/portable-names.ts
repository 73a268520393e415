/** Names and ids of what portable rules name, both ways. Segments of the file itself come before saved ones of the same name. */
import { loadAttributes } from '../contacts/attributes/registry.js';
import type { SegmentFile } from '../contract/segments.js';
import type { WorkspaceId } from '../domain/ids.js';
import { isStorableText } from '../domain/scalars.js';
import { type NamedKind, type NamedReference, namesIn } from '../domain/segment/portable.js';
import type { Queryable } from '../platform/database/database.js';
import type { FieldError } from '../platform/errors.js';
import type { Referenced } from './referenced.js';
import { selectIdsByName } from './segments.sql.js';

type FileSegment = SegmentFile['segments'][number];
type IdsByName = Record<NamedKind, Map<string, string>>;

const maxNameLength = 200;

export class PortableNames {
  private readonly made: Record<'list' | 'tag', string[]> = { list: [], tag: [] };

  private constructor(
    private readonly ids: IdsByName,
    private readonly file: ReadonlyMap<string, FileSegment>,
    private readonly references: readonly NamedReference[],
  ) {}

  /** The name of each id that rules refer to, all of which were checked to exist. */
  static ofIds({ names, registry }: Referenced): (kind: NamedKind, id: string) => string {
    const of = { list: names.lists, tag: names.tags, segment: names.segments };
    return (kind, id) => (kind === 'attribute' ? registry.get(id)?.key : of[kind].get(id)) ?? id;
  }

  static async load(db: Queryable, workspaceId: WorkspaceId, segments: readonly FileSegment[]): Promise<PortableNames> {
    const references = segments.flatMap(({ rule }, index) => namesIn(rule, `/file/segments/${index}/rule`));
    const wanted = (kind: NamedKind): string[] =>
      references.filter(one => one.kind === kind && isName(one.name)).map(one => String(one.name));
    const { all } = await loadAttributes(db, workspaceId);
    const ids: IdsByName = {
      list: new Map(),
      tag: new Map(),
      segment: new Map(),
      attribute: new Map(all.map(({ id, key }) => [key, id])),
    };
    const statement = selectIdsByName(workspaceId, wanted('list'), wanted('tag'), wanted('segment'));
    for (const { kind, id, name } of await db.rows<{ kind: NamedKind; id: string; name: string }>(statement))
      ids[kind].set(name, id);
    return new PortableNames(ids, new Map(segments.map(segment => [segment.name, segment])), references);
  }

  problems(): FieldError[] {
    return this.references
      .filter(({ kind, name }) => !isName(name) || !this.isKnown(kind, name))
      .map(({ kind, name, pointer }) => ({
        pointer,
        message: isName(name)
          ? `There is no ${kind} "${name}" here`
          : `Must be the name of the ${kind}, at most ${maxNameLength} characters`,
      }));
  }

  missing(kind: 'list' | 'tag'): string[] {
    const names = this.references.filter(one => one.kind === kind).map(one => one.name);
    return [...new Set(names.filter(isName))].filter(name => !this.isKnown(kind, name));
  }

  create(kind: 'list' | 'tag', ids: ReadonlyMap<string, string>): void {
    for (const [name, id] of ids) this.ids[kind].set(name, id);
    this.made[kind].push(...ids.keys());
  }

  created(kind: 'list' | 'tag'): string[] {
    return this.made[kind];
  }

  /** From now on the name means the segment that was made of the file. */
  learn(name: string, id: string): void {
    this.ids.segment.set(name, id);
  }

  readonly idOf = (kind: NamedKind, name: string): string => this.ids[kind].get(name) ?? '';

  fileSegmentsNamedBy({ rule }: FileSegment): FileSegment[] {
    return namesIn(rule, '').flatMap(({ kind, name }) => (kind === 'segment' && isName(name) ? (this.file.get(name) ?? []) : []));
  }

  private isKnown(kind: NamedKind, name: string): boolean {
    return this.ids[kind].has(name) || (kind === 'segment' && this.file.has(name));
  }
}

function isName(name: unknown): name is string {
  return typeof name === 'string' && name.trim() !== '' && name.length <= maxNameLength && isStorableText(name);
}
