/** Notes on contacts. Their text is the person's data: it goes with the person, and never into the audit trail. */
import { Injectable } from '@nestjs/common';
import type { Actor } from '../../accounts/actor.js';
import { audit } from '../../accounts/audit.js';
import type { PageQuery } from '../../contract/contacts.js';
import type { NoteText, NoteView } from '../../contract/notes.js';
import type { ContactId } from '../../domain/ids.js';
import type { Sql } from '../../domain/sql.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { notFound } from '../../platform/errors.js';
import { decodeIdCursor, type Page, toPage } from '../../platform/http/cursor.js';
import { holdContact, requireContact } from '../require-contact.js';
import { deleteNote, insertNote, selectNotes, updateNote } from './notes.sql.js';

type NoteRow = Omit<NoteView, 'createdAt' | 'updatedAt'> & { createdAt: Date; updatedAt: Date };
/** A note of a contact. */
type NoteKey = { id: ContactId; noteId: string };

@Injectable()
export class NotesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** Newest first. */
  async list({ workspaceId }: Actor, contactId: ContactId, { after, limit }: PageQuery): Promise<Page<NoteView>> {
    const before = decodeIdCursor(after);
    await requireContact(this.db, workspaceId, contactId);
    const rows = await this.db.rows<NoteRow>(selectNotes(workspaceId, contactId, before, limit + 1));
    return toPage(rows, limit, row => [row.id], toView);
  }

  async add(actor: Actor, contactId: ContactId, { text }: NoteText): Promise<NoteView> {
    const statement = insertNote(actor.workspaceId, contactId, text, actor.name, this.clock.now());
    return toView(await this.write(actor, contactId, 'added', statement, null));
  }

  async update(actor: Actor, { id, noteId }: NoteKey, { text }: NoteText): Promise<NoteView> {
    const statement = updateNote(actor.workspaceId, id, noteId, text, this.clock.now());
    return toView(await this.write(actor, id, 'updated', statement, noteId));
  }

  async delete(actor: Actor, { id, noteId }: NoteKey): Promise<void> {
    await this.write(actor, id, 'deleted', deleteNote(actor.workspaceId, id, noteId), noteId);
  }

  /** The contact is held, so that no note is added to a person who is being erased. */
  private write(actor: Actor, contactId: ContactId, verb: string, statement: Sql, noteId: string | null): Promise<NoteRow> {
    return this.db.transaction(async tx => {
      await holdContact(tx, actor.workspaceId, contactId);
      const row = await tx.row<NoteRow>(statement);
      if (!row) throw notFound('note', noteId ?? '');
      await audit(tx, actor, `note.${verb}`, `contact:${contactId}`, { noteId: row.id });
      return row;
    });
  }
}

function toView(row: NoteRow): NoteView {
  return { ...row, createdAt: row.createdAt.toISOString(), updatedAt: row.updatedAt.toISOString() };
}
