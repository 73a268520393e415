/**
 * Templates and their versions. A change of content adds a version; versions never change, so a dispatch that is pinned to one
 * can be rendered again for ever, and compiled versions are kept without ever going stale.
 */
import { Injectable } from '@nestjs/common';
import { type Actor } from '../accounts/actor.js';
import { audit } from '../accounts/audit.js';
import type {
  CreateTemplate,
  TemplateQuery,
  TemplateSummary,
  TemplateVersionView,
  TemplateView,
  UpdateTemplate,
} from '../contract/templates.js';
import type { WorkspaceId } from '../domain/ids.js';
import { Clock } from '../platform/clock.js';
import { Database, type Queryable } from '../platform/database/database.js';
import { notFound } from '../platform/errors.js';
import { decodeIdCursor, type Page, toPage } from '../platform/http/cursor.js';
import { counter } from '../platform/metrics.js';
import { type CompiledVersion, compileVersion } from './compiled-version.js';
import { checkContent, type WrittenContent } from './content-check.js';
import { insertNewTemplate, unlessNameTaken } from './new-template.js';
import { lockForChange, readTemplate } from './read-template.js';
import { applyChange, createdSource, sourceOf, toSummary, toVersionView, toView } from './template-views.js';
import * as statements from './templates.sql.js';
import type { TemplateRow, VersionRow } from './templates.sql.js';
import { vocabularyFor } from './vocabulary.js';

/** Compiled versions kept in memory: far more than are being sent at any time. */
const keptCompiled = 200;

const compilations = counter(
  'muster_template_compilations_total',
  'Versions of templates compiled because they were not remembered.',
);

@Injectable()
export class TemplatesService {
  private readonly compiled = new Map<string, Promise<CompiledVersion>>();

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  async create(actor: Actor, wanted: CreateTemplate): Promise<TemplateView> {
    const { workspaceId } = actor;
    const source = createdSource(wanted);
    const content = await checkContent(source, await vocabularyFor(this.db, workspaceId, source));
    const now = this.clock.now();
    const id = await unlessNameTaken(wanted.name, () =>
      this.db.transaction(tx => insertNewTemplate(tx, actor, { name: wanted.name, channel: wanted.channel, content }, now)),
    );
    return this.get(workspaceId, id);
  }

  /** A change of the name alone makes no version; sending the same content again makes none either. */
  async update(actor: Actor, id: string, change: UpdateTemplate): Promise<TemplateView> {
    const { workspaceId, name: by } = actor;
    await unlessNameTaken(change.name ?? '', () =>
      this.db.transaction(async tx => {
        const known = await lockForChange(tx, workspaceId, id);
        const source = applyChange(known, change);
        const version = source ? known.version + 1 : known.version;
        const now = this.clock.now();
        if (source) await this.addVersion(tx, workspaceId, id, { version, source, by, now });
        await tx.run(statements.updateTemplate(workspaceId, id, change.name ?? known.name, version, now));
        await audit(tx, actor, 'template.updated', `template:${id}`, { version });
      }),
    );
    return this.get(workspaceId, id);
  }

  /** Archived templates take no part in new campaigns; what was sent with them stays readable. */
  async archive(actor: Actor, id: string): Promise<void> {
    await this.db.transaction(async tx => {
      await readTemplate(tx, actor.workspaceId, id);
      const archived = await tx.run(statements.archiveTemplate(actor.workspaceId, id, this.clock.now()));
      if (archived > 0) await audit(tx, actor, 'template.archived', `template:${id}`);
    });
  }

  async get(workspaceId: WorkspaceId, id: string): Promise<TemplateView> {
    return toView(await readTemplate(this.db, workspaceId, id));
  }

  async list(workspaceId: WorkspaceId, query: TemplateQuery): Promise<Page<TemplateSummary>> {
    const { channel, limit } = query;
    const filter = { channel, limit: limit + 1, isArchived: query.archived === 'true', before: decodeIdCursor(query.after) };
    const rows = await this.db.rows<TemplateRow>(statements.selectTemplates(workspaceId, filter));
    return toPage(rows, limit, row => [row.id], toSummary);
  }

  async listVersions(
    workspaceId: WorkspaceId,
    id: string,
    page: { after?: string; limit: number },
  ): Promise<Page<TemplateVersionView>> {
    await readTemplate(this.db, workspaceId, id);
    const rows = await this.db.rows<VersionRow>(
      statements.selectVersions(workspaceId, id, decodeIdCursor(page.after), page.limit + 1),
    );
    return toPage(rows, page.limit, row => [row.version], toVersionView);
  }

  /** Kept for ever fresh: a version never changes. Throws not-found for a version that does not exist. */
  getCompiled(workspaceId: WorkspaceId, id: string, version: number): Promise<CompiledVersion> {
    const key = `${workspaceId}:${id}:${version}`;
    const known = this.compiled.get(key) ?? this.compile(workspaceId, id, version, key);
    // Moved to the end: the first one in is the one that was not asked for longest.
    this.compiled.delete(key);
    this.compiled.set(key, known);
    const [oldest] = this.compiled.keys();
    if (this.compiled.size > keptCompiled && oldest !== undefined) this.compiled.delete(oldest);
    return known;
  }

  private async addVersion(
    tx: Queryable,
    workspaceId: WorkspaceId,
    id: string,
    { version, source, by, now }: { version: number; source: WrittenContent; by: string; now: Date },
  ): Promise<void> {
    const locale = statements.defaultLocale;
    const content = await checkContent(source, await vocabularyFor(tx, workspaceId, source));
    await tx.run(statements.insertVersion(workspaceId, id, { version, locale, content }, by, now));
    await tx.run(statements.copyLocales(workspaceId, id, version - 1, locale, by, now));
  }

  private async compile(workspaceId: WorkspaceId, id: string, version: number, key: string): Promise<CompiledVersion> {
    try {
      const rows = await this.db.rows<VersionRow>(statements.selectLocales(workspaceId, id, version));
      const [standard, ...others] = rows;
      if (!standard) throw notFound(`version ${version} of template`, id);
      compilations.inc();
      return compileVersion(sourceOf(standard), new Map(others.map(row => [row.locale, sourceOf(row)])));
    } catch (error) {
      this.compiled.delete(key);
      throw error;
    }
  }
}
