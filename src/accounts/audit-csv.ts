/** The audit trail as lines of CSV, first entry first, read in one moment. */
import type { WorkspaceId } from '../domain/ids.js';
import { csvLine } from '../domain/csv.js';
import { sql } from '../domain/sql.js';
import type { Database } from '../platform/database/database.js';
import { inSnapshot, type Snapshot } from '../platform/database/snapshot.js';

type Row = {
  id: string;
  at: Date;
  actor: string;
  action: string;
  target: string | null;
  request_id: string | null;
  details: object;
};

export function auditCsv(db: Database, workspaceId: WorkspaceId): AsyncIterable<string> {
  return inSnapshot(db, snapshot => readLines(snapshot, workspaceId));
}

async function* readLines(snapshot: Snapshot, workspaceId: WorkspaceId): AsyncGenerator<string> {
  yield csvLine(['id', 'at', 'actor', 'action', 'target', 'requestId', 'details']);
  const entries = sql`select id, at, actor, action, target, request_id, details from audit_entry
    where workspace_id = ${workspaceId} order by id`;
  for await (const { id, at, actor, action, target, request_id: requestId, details } of snapshot.stream<Row>(entries))
    yield csvLine([id, at.toISOString(), actor, action, target ?? '', requestId ?? '', JSON.stringify(details)]);
}
