/** Is the contact there? Asked before anything is said of it or hung on it. */
import type { ContactId, WorkspaceId } from '../domain/ids.js';
import { sql } from '../domain/sql.js';
import type { Queryable, Tx } from '../platform/database/database.js';
import { notFound } from '../platform/errors.js';
import { lockContacts } from './upsert.sql.js';

/** Throws not-found for a contact that is not there or was erased, and keeps it from being erased until commit. */
export async function holdContact(tx: Tx, workspaceId: WorkspaceId, id: ContactId): Promise<void> {
  if (!(await tx.row(lockContacts(workspaceId, [id])))) throw notFound('contact', id);
}

/** Throws not-found for a contact that never was; an erased one still has its nameless evidence. */
export async function requireContact(db: Queryable, workspaceId: WorkspaceId, id: ContactId): Promise<void> {
  if (!(await db.row(sql`select 1 from contact where workspace_id = ${workspaceId} and id = ${id}`)))
    throw notFound('contact', id);
}
