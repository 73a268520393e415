/** Segments that travel: a file of saved segments with names for ids, and the way back into this or another workspace. */
import { Injectable } from '@nestjs/common';
import type { Actor } from '../accounts/actor.js';
import { audit } from '../accounts/audit.js';
import { requireScope } from '../accounts/scopes.js';
import { GroupsService } from '../contacts/groups.service.js';
import type { ImportedSegment, ImportSegments, SegmentFile, SegmentsImported } from '../contract/segments.js';
import { fromPortable, toPortable } from '../domain/segment/portable.js';
import { idsOf } from '../domain/segment/references.js';
import { segmentDocument } from '../domain/segment/rule.js';
import { Database, type Tx } from '../platform/database/database.js';
import { AppError, type FieldError } from '../platform/errors.js';
import { parseAs } from '../platform/http/validation.js';
import { freeName } from './free-name.js';
import { LibraryService } from './library.service.js';
import { inOrder, withPortablePointers } from './portable-rules.js';
import { PortableNames } from './portable-names.js';
import { loadReferenced, requireReferences } from './referenced.js';
import { ruleOf, Segment } from './segment.entity.js';
import { SegmentsService } from './segments.service.js';

/** Thrown to undo a dry run after it was seen what it would do. */
class DryRun extends Error {
  constructor(readonly result: SegmentsImported) {
    super('a dry run');
  }
}

type FileSegment = SegmentFile['segments'][number];

@Injectable()
export class PortableService {
  constructor(
    private readonly db: Database,
    private readonly segments: SegmentsService,
    private readonly library: LibraryService,
    private readonly groups: GroupsService,
  ) {}

  /** A 404 for one that is not there, unlike the list of `export`. */
  async exportOne(actor: Actor, id: string): Promise<SegmentFile> {
    await this.segments.get(actor.workspaceId, id);
    return this.export(actor, [id], '');
  }

  /** With the segments that they name; those come first. */
  async export(actor: Actor, ids: readonly string[], pointer: string): Promise<SegmentFile> {
    const { workspaceId } = actor;
    const wanted = await this.segments.getMany(workspaceId, ids, pointer);
    const referenced = await loadReferenced(this.db, workspaceId, wanted.map(ruleOf));
    for (const self of wanted)
      requireReferences(ruleOf(self), referenced, { pointer: '', self, where: `Segment "${self.name}": ` });
    const inner = await this.segments.getMany(workspaceId, [...referenced.segments.keys()]);
    const all = [...new Map([...wanted, ...inner].map(segment => [segment.id, segment])).values()];
    const byId = new Map(all.map(segment => [segment.id, segment]));
    const ordered = inOrder(all, segment => idsOf('segment', [ruleOf(segment)]).flatMap(id => byId.get(id) ?? []));
    const names = PortableNames.ofIds(referenced);
    await audit(this.db, actor, 'segment.exported', null, { ids });
    return {
      format: 'muster-segments',
      version: 1,
      segments: ordered.map(segment => ({
        name: segment.name,
        description: segment.description,
        folder: segment.folder,
        rule: toPortable(ruleOf(segment), names),
      })),
    };
  }

  /** All or nothing. A dry run does the same and takes it back; what is wrong with the file is then part of its answer. */
  async import(actor: Actor, wanted: ImportSegments): Promise<SegmentsImported> {
    try {
      return await this.library.write(actor.workspaceId, 'of this file', async tx => {
        const result = await this.importIn(tx, actor, wanted);
        if (wanted.dryRun) throw new DryRun(result);
        return result;
      });
    } catch (error) {
      if (error instanceof DryRun) return error.result;
      const isAnswer = wanted.dryRun && error instanceof AppError && error.code === 'invalid';
      if (!isAnswer) throw error;
      return { dryRun: true, segments: [], createdLists: [], createdTags: [], problems: error.fields.map(plain) };
    }
  }

  private async importIn(
    tx: Tx,
    actor: Actor,
    { file, createMissing, onTaken, dryRun }: ImportSegments,
  ): Promise<SegmentsImported> {
    const { workspaceId } = actor;
    const taken = new Map((await tx.repository(Segment).findBy({ workspaceId })).map(segment => [segment.name, segment]));
    refuse(namesTwice(file.segments));
    if (onTaken === 'refuse') refuse(alreadyThere(file.segments, taken));
    const names = await PortableNames.load(tx, workspaceId, file.segments);
    if (createMissing) await this.createMissing(tx, actor, names);
    refuse(names.problems());
    const done = new Map<FileSegment, ImportedSegment>();
    const used = new Set(taken.keys());
    for (const segment of inOrder(file.segments, one => names.fileSegmentsNamedBy(one))) {
      const name = onTaken === 'rename' ? freeName(segment.name, used) : segment.name;
      used.add(name);
      const known = taken.get(name);
      const at = `/file/segments/${file.segments.indexOf(segment)}`;
      const saved = await withPortablePointers(() => this.save(tx, actor, { ...segment, name }, known, names, at));
      names.learn(segment.name, saved.id);
      done.set(segment, { name, action: known ? 'replaced' : 'created', id: dryRun ? null : saved.id });
    }
    const segments = file.segments.flatMap(segment => done.get(segment) ?? []);
    return { dryRun, segments, createdLists: names.created('list'), createdTags: names.created('tag'), problems: [] };
  }

  private async save(
    tx: Tx,
    actor: Actor,
    { rule, ...content }: FileSegment,
    known: Segment | undefined,
    names: PortableNames,
    at: string,
  ): Promise<Segment> {
    const document = parseAs(segmentDocument, { version: 1, rule: fromPortable(rule, names.idOf) }, at);
    const place = { pointer: `${at}/rule`, where: `Segment "${content.name}": ` };
    const wanted = { ...content, rule: document };
    return known ? this.library.change(tx, actor, known, wanted, place) : this.library.insert(tx, actor, wanted, place);
  }

  private async createMissing(tx: Tx, actor: Actor, names: PortableNames): Promise<void> {
    for (const kind of ['list', 'tag'] as const) {
      const missing = names.missing(kind);
      if (missing.length === 0) continue;
      requireScope(actor.scopes, 'contacts:write', '/createMissing');
      names.create(kind, await this.groups.ensure(tx, actor, kind, missing));
    }
  }
}

function namesTwice(segments: readonly FileSegment[]): FieldError[] {
  return segments.flatMap(({ name }, index) =>
    segments.findIndex(one => one.name === name) === index
      ? []
      : [{ pointer: `/file/segments/${index}/name`, message: `"${name}" is in the file twice` }],
  );
}

function alreadyThere(segments: readonly FileSegment[], taken: ReadonlyMap<string, Segment>): FieldError[] {
  return segments.flatMap(({ name }, index) =>
    taken.has(name) ? [{ pointer: `/file/segments/${index}/name`, message: `There is a segment "${name}" already` }] : [],
  );
}

function refuse(fields: readonly FieldError[]): void {
  const [first] = fields;
  if (first) throw new AppError('invalid', first.message, fields);
}

function plain({ pointer, message }: FieldError): { pointer: string; message: string } {
  return { pointer, message };
}
