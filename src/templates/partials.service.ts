/** Partials of a workspace. Templates copy their words when they are saved, so a change here changes nothing that was saved. */
import { Injectable } from '@nestjs/common';
import type { Actor } from '../accounts/actor.js';
import { audit } from '../accounts/audit.js';
import type { CreatePartial, PartialQuery, PartialUse, PartialView, UpdatePartial } from '../contract/partials.js';
import type { WorkspaceId } from '../domain/ids.js';
import { Clock } from '../platform/clock.js';
import { Database, type Queryable } from '../platform/database/database.js';
import { unlessTaken } from '../platform/database/unless-taken.js';
import { conflict, invalid, notFound } from '../platform/errors.js';
import { decodeIdCursor, type Page, toPage } from '../platform/http/cursor.js';
import { checkPartial } from './partial-check.js';
import type { PartialBodies } from './partial-expansion.js';
import * as statements from './partials.sql.js';
import type { PartialRow, PartialUseRow } from './partials.sql.js';
import { readPartialBook, readVocabulary } from './vocabulary.js';

/** All of them are read when a template that names one is saved. */
const maxPartials = 200;

@Injectable()
export class PartialsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  async create(actor: Actor, { name, ...bodies }: CreatePartial): Promise<PartialView> {
    const { workspaceId } = actor;
    const id = await unlessTaken('template_partial_name_idx', `a partial named "${name}"`, () =>
      this.db.transaction(async tx => {
        await this.check(tx, workspaceId, name, bodies);
        const row = await tx.row<{ id: string }>(statements.insertPartial(workspaceId, name, bodies, this.clock.now()));
        if (!row) throw new Error('a partial was not inserted');
        await audit(tx, actor, 'partial.created', `partial:${row.id}`, { name });
        return row.id;
      }),
    );
    return this.get(workspaceId, id);
  }

  async update(actor: Actor, id: string, change: UpdatePartial): Promise<PartialView> {
    const { workspaceId } = actor;
    await this.db.transaction(async tx => {
      // Before the look: of two changes at once, neither may write back what the other has just changed.
      await tx.run(statements.lockPartials(workspaceId));
      const known = await readPartial(tx, workspaceId, id);
      const { text = known.text, html = known.html, mjml = known.mjml } = change;
      if (text === null && html === null && mjml === null) throw invalid('/text', 'A partial has a text, html or mjml');
      await this.check(tx, workspaceId, known.name, { text, html, mjml });
      await tx.run(statements.updatePartial(workspaceId, id, { text, html, mjml }, this.clock.now()));
      await audit(tx, actor, 'partial.updated', `partial:${id}`, { name: known.name });
    });
    return this.get(workspaceId, id);
  }

  /** Not while a template or another partial names it: their next change could not be saved. */
  async remove(actor: Actor, id: string): Promise<void> {
    const { workspaceId } = actor;
    await this.db.transaction(async tx => {
      await tx.run(statements.lockPartials(workspaceId));
      const partial = await readPartial(tx, workspaceId, id);
      const users = [...(await this.usersIn(tx, workspaceId, partial)), ...(await this.partialsNaming(tx, workspaceId, partial))];
      if (users.length > 0) throw conflict(`The partial ${partial.name} is used by ${users.join(', ')}`);
      await tx.run(statements.deletePartial(workspaceId, id));
      await audit(tx, actor, 'partial.deleted', `partial:${id}`, { name: partial.name });
    });
  }

  async get(workspaceId: WorkspaceId, id: string): Promise<PartialView> {
    return toView(await readPartial(this.db, workspaceId, id));
  }

  async list(workspaceId: WorkspaceId, { after, limit }: PartialQuery): Promise<Page<PartialView>> {
    const rows = await this.db.rows<PartialRow>(statements.selectPartials(workspaceId, decodeIdCursor(after), limit + 1));
    return toPage(rows, limit, row => [row.id], toView);
  }

  async listUses(workspaceId: WorkspaceId, id: string, { after, limit }: PartialQuery): Promise<Page<PartialUse>> {
    const partial = await readPartial(this.db, workspaceId, id);
    const uses = statements.selectPartialUses(workspaceId, partial, decodeIdCursor(after), limit + 1);
    const rows = await this.db.rows<PartialUseRow>(uses);
    return toPage(
      rows,
      limit,
      row => [row.id],
      row => ({ templateId: row.id, name: row.name, isBehind: row.is_behind }),
    );
  }

  private async check(tx: Queryable, workspaceId: WorkspaceId, name: string, bodies: PartialBodies): Promise<void> {
    await tx.run(statements.lockPartials(workspaceId));
    const book = new Map(await readPartialBook(tx, workspaceId)).set(name, bodies);
    if (book.size > maxPartials) throw conflict(`A workspace has at most ${maxPartials} partials`);
    checkPartial(name, bodies, await readVocabulary(tx, workspaceId, book));
  }

  private async usersIn(tx: Queryable, workspaceId: WorkspaceId, partial: PartialRow): Promise<string[]> {
    const rows = await tx.rows<PartialUseRow>(statements.selectPartialUses(workspaceId, partial, null, 3));
    return rows.map(({ name }) => `the template "${name}"`);
  }

  private async partialsNaming(tx: Queryable, workspaceId: WorkspaceId, { name }: PartialRow): Promise<string[]> {
    const call = new RegExp(`\\{\\{~?\\s*>\\s*${name}\\s*~?\\}\\}`);
    const others = [...(await readPartialBook(tx, workspaceId))];
    return others
      .filter(([, { text, html, mjml }]) => [text, html, mjml].some(body => body !== null && call.test(body)))
      .map(([other]) => `the partial ${other}`);
  }
}

async function readPartial(db: Queryable, workspaceId: WorkspaceId, id: string): Promise<PartialRow> {
  const row = await db.row<PartialRow>(statements.selectPartial(workspaceId, id));
  if (!row) throw notFound('partial', id);
  return row;
}

function toView({ id, name, text, html, mjml, created_at: createdAt, updated_at: updatedAt }: PartialRow): PartialView {
  return { id, name, text, html, mjml, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}
