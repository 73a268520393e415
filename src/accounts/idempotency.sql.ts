// The rows of Idempotency-Key: claimed for one call, settled with its answer, released or forgotten. Found by the primary key.
import type { WorkspaceId } from '../domain/ids.js';
import { type Sql, sql } from '../domain/sql.js';
import type { WireAnswer } from '../platform/http/wire-answer.js';

export type IdempotentCall = {
  apiKeyId: string;
  /** `POST /v1/campaigns/:id/launch` */
  route: string;
  key: string;
  requestHash: Buffer;
};

export type Claim = { owner: string; now: Date; leaseUntil: Date; expiresAt: Date };

export type KeptRow = { request_hash: Buffer; status: number | null; content_type: string | null; body: Buffer | null };

const isCall = (workspaceId: WorkspaceId, { apiKeyId, route, key }: IdempotentCall): Sql =>
  sql`workspace_id = ${workspaceId} and api_key_id = ${apiKeyId} and route = ${route} and key = ${key}`;

const isOurs = (workspaceId: WorkspaceId, call: IdempotentCall, owner: string): Sql =>
  sql`${isCall(workspaceId, call)} and owner = ${owner} and status is null`;

/** Takes the key for a call: one that is new, forgotten, or whose first call died (its lease is over). A row: it is ours. */
export function claimKey(workspaceId: WorkspaceId, call: IdempotentCall, { owner, now, leaseUntil, expiresAt }: Claim): Sql {
  return sql`insert into idempotency_key as k (workspace_id, api_key_id, route, key, request_hash, owner, lease_until, expires_at)
    values (${workspaceId}, ${call.apiKeyId}, ${call.route}, ${call.key}, ${call.requestHash}, ${owner}, ${leaseUntil}, ${expiresAt})
    on conflict (workspace_id, api_key_id, route, key) do update set request_hash = excluded.request_hash, owner = excluded.owner,
      lease_until = excluded.lease_until, expires_at = excluded.expires_at, status = null, content_type = null, body = null
    where coalesce(k.lease_until <= ${now}, true)
      and (k.expires_at <= ${now} or (k.status is null and k.request_hash = excluded.request_hash))
    returning owner`;
}

export function selectKept(workspaceId: WorkspaceId, call: IdempotentCall): Sql {
  return sql`select request_hash, status, content_type, body from idempotency_key where ${isCall(workspaceId, call)}`;
}

export function renewLease(workspaceId: WorkspaceId, call: IdempotentCall, owner: string, leaseUntil: Date): Sql {
  return sql`update idempotency_key set lease_until = ${leaseUntil} where ${isOurs(workspaceId, call, owner)}`;
}

export function keepAnswer(workspaceId: WorkspaceId, call: IdempotentCall, owner: string, answer: WireAnswer): Sql {
  return sql`update idempotency_key set lease_until = null, status = ${answer.status}, content_type = ${answer.contentType},
    body = ${answer.body} where ${isOurs(workspaceId, call, owner)}`;
}

export function releaseKey(workspaceId: WorkspaceId, call: IdempotentCall, owner: string): Sql {
  return sql`delete from idempotency_key where ${isOurs(workspaceId, call, owner)}`;
}

/** By idempotency_key_expires_at_idx, all workspaces at once. */
export function forgetExpiredKeys(now: Date): Sql {
  return sql`delete from idempotency_key where expires_at <= ${now} and (lease_until is null or lease_until <= ${now})`;
}
