/**
 * Workspaces and their API keys. Keys are looked up by hash; a verified key is remembered for some seconds, so a busy caller
 * costs one query per period and a revoked key dies within it on other processes (at once on this one).
 */
import { Injectable } from '@nestjs/common';
import type { WorkspaceId } from '../domain/ids.js';
import { sql } from '../domain/sql.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { unlessTaken } from '../platform/database/unless-taken.js';
import { AppError, notFound } from '../platform/errors.js';
import type { ApiKeyView, CreateKey, CreateWorkspace, WorkspaceView } from '../contract/accounts.js';
import type { Actor } from './actor.js';
import { ApiKey } from './api-key.entity.js';
import { audit } from './audit.js';
import { hashKey, isWellFormed, newKey, shownPrefix } from './key-format.js';
import type { Scope } from './scopes.js';
import { Workspace } from './workspace.entity.js';

/** What a key opens. `requestsPerMinute` null: the default limit. */
export type OpenedKey = { id: string; requestsPerMinute: number | null; actor: Actor };

const rememberedMs = 5_000;

type KeyRow = { id: string; workspace_id: WorkspaceId; scopes: Scope[]; requests_per_minute: number | null };

@Injectable()
export class AccountsService {
  private readonly remembered = new Map<string, { opened: OpenedKey; until: number }>();
  private readonly lookUps = new Map<string, Promise<OpenedKey>>();

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** Whether this process has seen the key open something (and not fail since), or is looking it up: to ask again is no new guess. */
  isFamiliar(key: string): boolean {
    const name = hashKey(key).toString('base64');
    return this.remembered.has(name) || this.lookUps.has(name);
  }

  async authenticate(key: string): Promise<OpenedKey> {
    if (!isWellFormed(key)) throw new AppError('unauthorized', 'This is not a whole API key: it was mistyped or cut short');
    const hash = hashKey(key);
    const name = hash.toString('base64');
    const known = this.remembered.get(name);
    if (known && known.until > this.clock.now().getTime()) return known.opened;
    // A caller that begins with many requests at once costs one query.
    const lookUp = this.lookUps.get(name) ?? this.lookUp(hash, name).finally(() => this.lookUps.delete(name));
    this.lookUps.set(name, lookUp);
    return lookUp;
  }

  private async lookUp(hash: Buffer, name: string): Promise<OpenedKey> {
    const now = this.clock.now();
    const found = await this.db
      .row<KeyRow>(sql`update api_key set last_used_at = ${now} where hash = ${hash} and revoked_at is null
      returning id, workspace_id, scopes, requests_per_minute`);
    if (!found) {
      this.remembered.delete(name);
      throw new AppError('unauthorized', 'This API key is unknown or was revoked');
    }
    const { id, workspace_id: workspaceId, scopes, requests_per_minute: requestsPerMinute } = found;
    const opened = { id, requestsPerMinute, actor: { workspaceId, name: `key:${id}`, scopes } };
    this.remembered.set(name, { opened, until: now.getTime() + rememberedMs });
    return opened;
  }

  async getWorkspace(workspaceId: WorkspaceId): Promise<Workspace> {
    const workspace = await this.db.repository(Workspace).findOneBy({ id: workspaceId });
    if (!workspace) throw notFound('workspace', workspaceId);
    return workspace;
  }

  async viewWorkspace(actor: Actor): Promise<WorkspaceView> {
    return toWorkspaceView(await this.getWorkspace(actor.workspaceId));
  }

  /** Makes the workspace, or returns the one of that name: what bootstrap and the demo need. */
  async getOrCreateWorkspace(wanted: CreateWorkspace): Promise<Workspace> {
    const known = await this.db.repository(Workspace).findOneBy({ name: wanted.name });
    if (known) return known;
    const what = `a workspace named "${wanted.name}"`;
    return unlessTaken('workspace_name_key', what, () => this.db.repository(Workspace).save({ ...wanted }));
  }

  async listKeys(actor: Actor): Promise<ApiKeyView[]> {
    const keys = await this.db.repository(ApiKey).find({ where: { workspaceId: actor.workspaceId }, order: { id: 'ASC' } });
    return keys.map(toKeyView);
  }

  /** The key's text is in this answer and nowhere else, ever. */
  async createKey(actor: Actor, wanted: CreateKey): Promise<ApiKeyView & { key: string }> {
    const key = newKey();
    const saved = await this.db.transaction(async tx => {
      const row = await tx.repository(ApiKey).save(keyRow(actor.workspaceId, wanted, key));
      await audit(tx, actor, 'key.created', `key:${row.id}`, wanted);
      return row;
    });
    return { ...toKeyView(saved), key };
  }

  async revokeKey(actor: Actor, id: string): Promise<void> {
    await this.db.transaction(async tx => {
      const key = await tx.repository(ApiKey).findOneBy({ workspaceId: actor.workspaceId, id });
      if (!key) throw notFound('API key', id);
      await tx
        .repository(ApiKey)
        .update({ workspaceId: actor.workspaceId, id }, { revokedAt: key.revokedAt ?? this.clock.now() });
      await audit(tx, actor, 'key.revoked', `key:${id}`);
    });
    this.remembered.clear();
  }

  /** Makes sure that this very key opens this workspace with every scope (bootstrap and demo). */
  async ensureKey(workspaceId: WorkspaceId, name: string, key: string): Promise<void> {
    await this.db.run(sql`insert into api_key (workspace_id, name, prefix, hash, scopes)
      values (${workspaceId}, ${name}, ${shownPrefix(key)}, ${hashKey(key)}, '{admin}') on conflict (hash) do nothing`);
  }

  /** Whether anybody can get into a workspace that may send for real: the demo, which may not, has a key of its own. */
  async hasKeys(): Promise<boolean> {
    const found = await this.db.row(sql`select 1 from api_key k join workspace w on w.id = k.workspace_id
      where k.revoked_at is null and not w.is_sandbox_only limit 1`);
    return found !== null;
  }
}

function keyRow(workspaceId: string, wanted: CreateKey, key: string): Partial<ApiKey> {
  return { workspaceId, ...wanted, prefix: shownPrefix(key), hash: hashKey(key), lastUsedAt: null, revokedAt: null };
}

function toWorkspaceView(row: Workspace): WorkspaceView {
  const { id, name, defaultCountry, timeZone, locale, currency, isSandboxOnly } = row;
  return { id, name, defaultCountry, timeZone, locale, currency, isSandboxOnly, createdAt: row.createdAt.toISOString() };
}

function toKeyView(row: ApiKey): ApiKeyView {
  const { id, name, prefix, scopes, requestsPerMinute } = row;
  return {
    id,
    name,
    prefix,
    scopes,
    requestsPerMinute,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
  };
}
