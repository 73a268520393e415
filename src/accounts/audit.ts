/** The audit trail: one row per writing request or job, in the transaction of what it did. */
import { type Sql, sql } from '../domain/sql.js';
import type { Queryable } from '../platform/database/database.js';
import { currentRequestId } from '../platform/log.js';
import type { Actor } from './actor.js';

/**
 * `action` is a past-tense word from the glossary (`campaign.launched`); `target` names what it was done to
 * (`campaign:12`); `details` never holds secrets or message texts.
 */
export async function audit(
  tx: Queryable,
  actor: Actor,
  action: string,
  target: string | null,
  details: object = {},
): Promise<void> {
  await tx.run(insertAudit(actor, action, target, details));
}

function insertAudit(actor: Actor, action: string, target: string | null, details: object): Sql {
  return sql`insert into audit_entry (workspace_id, actor, action, target, request_id, details)
    values (${actor.workspaceId}, ${actor.name}, ${action}, ${target}, ${currentRequestId()}, ${JSON.stringify(details)}::jsonb)`;
}
