// Notes of one contact, by their primary key.
import type { ContactId, WorkspaceId } from '../../domain/ids.js';
import { type Sql, sql } from '../../domain/sql.js';

const columns = sql`id, text, author, created_at as "createdAt", updated_at as "updatedAt"`;

const oneNote = (workspaceId: WorkspaceId, contactId: ContactId, id: string): Sql =>
  sql`where workspace_id = ${workspaceId} and contact_id = ${contactId} and id = ${id}`;

export function selectNotes(workspaceId: WorkspaceId, contactId: ContactId, before: string | null, limit: number): Sql {
  return sql`select ${columns} from contact_note where workspace_id = ${workspaceId} and contact_id = ${contactId}
    and (${before}::bigint is null or id < ${before}::bigint) order by id desc limit ${limit}`;
}

export function insertNote(workspaceId: WorkspaceId, contactId: ContactId, text: string, author: string, now: Date): Sql {
  return sql`insert into contact_note (workspace_id, contact_id, text, author, created_at, updated_at)
    values (${workspaceId}, ${contactId}, ${text}, ${author}, ${now}, ${now}) returning ${columns}`;
}

export function updateNote(workspaceId: WorkspaceId, contactId: ContactId, id: string, text: string, now: Date): Sql {
  return sql`update contact_note set text = ${text}, updated_at = ${now} ${oneNote(workspaceId, contactId, id)} returning ${columns}`;
}

export function deleteNote(workspaceId: WorkspaceId, contactId: ContactId, id: string): Sql {
  return sql`delete from contact_note ${oneNote(workspaceId, contactId, id)} returning id`;
}
