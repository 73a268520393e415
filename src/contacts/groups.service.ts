/** Lists and tags: the only fixed sets of contacts. Both have the same verbs; a list also has a description. */
import { Injectable } from '@nestjs/common';
import type { Actor } from '../accounts/actor.js';
import { audit } from '../accounts/audit.js';
import type { GroupView, PageQuery } from '../contract/contacts.js';
import type { ContactId } from '../domain/ids.js';
import { type Sql, sql } from '../domain/sql.js';
import { Database, type Tx } from '../platform/database/database.js';
import { unlessTaken } from '../platform/database/unless-taken.js';
import { invalid, notFound } from '../platform/errors.js';
import { decodeIdCursor, type Page, toPage } from '../platform/http/cursor.js';
import { recordChange } from './changes.js';
import {
  addMembers,
  deleteGroup,
  ensureGroups,
  type GroupKind,
  type GroupWrite,
  insertGroup,
  lockGroup,
  removeMembers,
  selectGroupIds,
  selectGroups,
  updateGroup,
} from './groups.sql.js';
import { lockContacts } from './upsert.sql.js';

type GroupRow = Omit<GroupView, 'createdAt'> & { createdAt: Date };

@Injectable()
export class GroupsService {
  constructor(private readonly db: Database) {}

  async list(actor: Actor, kind: GroupKind, { after, limit }: PageQuery): Promise<Page<GroupView>> {
    const last = decodeIdCursor(after) ?? '0';
    const rows = await this.db.rows<GroupRow>(selectGroups(actor.workspaceId, kind, sql`g.id > ${last}::bigint`, limit + 1));
    return toPage(rows, limit, row => [row.id], toView);
  }

  async get(actor: Actor, kind: GroupKind, id: string): Promise<GroupView> {
    const row = await this.db.row<GroupRow>(selectGroups(actor.workspaceId, kind, sql`g.id = ${id}`, 1));
    if (!row) throw notFound(kind, id);
    return toView(row);
  }

  async create(actor: Actor, kind: GroupKind, wanted: GroupWrite & { name: string }): Promise<GroupView> {
    const id = await this.write(actor, kind, 'created', wanted.name, insertGroup(actor.workspaceId, kind, wanted));
    return this.get(actor, kind, id ?? '');
  }

  /** Makes those of the names that are missing; the id of each of the names. */
  async ensure(tx: Tx, actor: Actor, kind: GroupKind, names: readonly string[]): Promise<Map<string, string>> {
    await tx.run(ensureGroups(actor.workspaceId, kind, names));
    const rows = await tx.rows<{ id: string; name: string }>(selectGroupIds(actor.workspaceId, kind, names));
    await audit(tx, actor, `${kind}.created`, null, { names });
    return new Map(rows.map(({ id, name }) => [name, id]));
  }

  /** What is not sent stays; a description of null goes. */
  async update(actor: Actor, kind: GroupKind, id: string, wanted: GroupWrite): Promise<GroupView> {
    const updated = await this.write(actor, kind, 'updated', wanted.name ?? '', updateGroup(actor.workspaceId, kind, id, wanted));
    if (!updated) throw notFound(kind, id);
    return this.get(actor, kind, id);
  }

  /** The contacts stay, their membership goes. */
  async delete(actor: Actor, kind: GroupKind, id: string): Promise<void> {
    await this.db.transaction(async tx => {
      if (!(await tx.row(deleteGroup(actor.workspaceId, kind, id)))) throw notFound(kind, id);
      await recordChange(tx, actor.workspaceId, { kind, batch: { kind: `${kind}-deleted`, id } });
      await audit(tx, actor, `${kind}.deleted`, `${kind}:${id}`);
    });
  }

  /** Returns how many were not in yet. */
  async addMembers(actor: Actor, kind: GroupKind, id: string, contactIds: string[]): Promise<number> {
    return this.db.transaction(async tx => {
      await this.holdGroup(tx, actor, kind, id);
      const known = await tx.rows<{ id: ContactId }>(lockContacts(actor.workspaceId, contactIds));
      refuseUnknown(contactIds, new Set(known.map(contact => contact.id)));
      return this.changeMembers(tx, actor, kind, id, addMembers(actor.workspaceId, kind, id, contactIds));
    });
  }

  /** Returns how many were in. */
  async removeMembers(actor: Actor, kind: GroupKind, id: string, contactIds: string[]): Promise<number> {
    return this.db.transaction(async tx => {
      await this.holdGroup(tx, actor, kind, id);
      return this.changeMembers(tx, actor, kind, id, removeMembers(actor.workspaceId, kind, id, contactIds));
    });
  }

  private async changeMembers(tx: Tx, actor: Actor, kind: GroupKind, id: string, statement: Sql): Promise<number> {
    const changed = await tx.rows<{ contact_id: ContactId }>(statement);
    await recordChange(tx, actor.workspaceId, { kind, contactIds: changed.map(row => row.contact_id) });
    await audit(tx, actor, `${kind}.members-changed`, `${kind}:${id}`, { changed: changed.length });
    return changed.length;
  }

  private async holdGroup(tx: Tx, actor: Actor, kind: GroupKind, id: string): Promise<void> {
    if (!(await tx.row(lockGroup(actor.workspaceId, kind, id)))) throw notFound(kind, id);
  }

  private write(actor: Actor, kind: GroupKind, verb: string, name: string, statement: Sql): Promise<string | undefined> {
    return unlessTaken(`${kind}_name_key`, `a ${kind} named "${name}"`, () =>
      this.db.transaction(async tx => {
        const row = await tx.row<{ id: string }>(statement);
        if (row) await audit(tx, actor, `${kind}.${verb}`, `${kind}:${row.id}`);
        return row?.id;
      }),
    );
  }
}

function refuseUnknown(sent: string[], known: ReadonlySet<string>): void {
  const index = sent.findIndex(id => !known.has(id));
  if (index >= 0) throw invalid(`/contactIds/${index}`, `No contact ${sent[index]}`);
}

function toView(row: GroupRow): GroupView {
  return { ...row, createdAt: row.createdAt.toISOString() };
}
