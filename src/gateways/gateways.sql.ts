/** Statements over table gateway. Archived rows stay: dispatches and receipts still name them. */
import type { GatewayKind } from '../contract/gateways.js';
import type { Channel, WorkspaceId } from '../domain/ids.js';
import { type Sql, sql } from '../domain/sql.js';

export type GatewayRow = {
  id: string;
  workspaceId: WorkspaceId;
  name: string;
  channel: Channel;
  kind: GatewayKind;
  settings: Record<string, unknown>;
  secrets: Buffer | null;
  windowSize: number;
  unitsPerSecond: number | null;
  isDefault: boolean;
  createdAt: Date;
  updatedAt: Date;
  /** Changes with every change of the row; microseconds, which a Date would lose. */
  version: string;
  isSandboxOnly: boolean;
};

export type NewGateway = Pick<GatewayRow, 'name' | 'channel' | 'kind' | 'settings' | 'secrets' | 'windowSize' | 'unitsPerSecond'>;

const gatewayWithWorkspace = sql`select g.id, g.workspace_id as "workspaceId", g.name, g.channel, g.kind, g.settings, g.secrets,
    g.window_size as "windowSize", g.units_per_second as "unitsPerSecond", g.is_default as "isDefault", g.created_at as "createdAt",
    g.updated_at as "updatedAt", g.updated_at::text as version, w.is_sandbox_only as "isSandboxOnly"
  from gateway g join workspace w on w.id = g.workspace_id`;

/** Also finds archived gateways: what is on its way still needs them. */
export function selectGateway(workspaceId: WorkspaceId, id: string): Sql {
  return sql`${gatewayWithWorkspace} where g.workspace_id = ${workspaceId} and g.id = ${id}`;
}

export function selectGateways(workspaceId: WorkspaceId): Sql {
  return sql`${gatewayWithWorkspace} where g.workspace_id = ${workspaceId} and g.archived_at is null order by g.id`;
}

/** Locks the row for a change. */
export function lockGateway(workspaceId: WorkspaceId, id: string): Sql {
  return sql`${gatewayWithWorkspace} where g.workspace_id = ${workspaceId} and g.id = ${id} and g.archived_at is null for update of g`;
}

export function insertGateway(workspaceId: WorkspaceId, g: NewGateway): Sql {
  return sql`insert into gateway (workspace_id, name, channel, kind, settings, secrets, window_size, units_per_second)
    values (${workspaceId}, ${g.name}, ${g.channel}, ${g.kind}, ${JSON.stringify(g.settings)}::jsonb, ${g.secrets}, ${g.windowSize}, ${g.unitsPerSecond})
    returning id`;
}

export function updateGatewayRow(workspaceId: WorkspaceId, id: string, g: Omit<NewGateway, 'channel' | 'kind'>): Sql {
  return sql`update gateway set name = ${g.name}, settings = ${JSON.stringify(g.settings)}::jsonb, secrets = ${g.secrets},
      window_size = ${g.windowSize}, units_per_second = ${g.unitsPerSecond}, updated_at = clock_timestamp()
    where workspace_id = ${workspaceId} and id = ${id}`;
}

/** Frees the name for another gateway. */
export function archiveGateway(workspaceId: WorkspaceId, id: string): Sql {
  return sql`update gateway set archived_at = now(), is_default = false, name = left(name, 170) || ' (archived ' || id || ')', updated_at = clock_timestamp()
    where workspace_id = ${workspaceId} and id = ${id}`;
}

/** Two statements because gateway_default_idx allows one default at any instant: first none, then this one. */
export function clearDefault(workspaceId: WorkspaceId, channel: Channel): Sql {
  return sql`update gateway set is_default = false where workspace_id = ${workspaceId} and channel = ${channel} and is_default`;
}

export function setDefault(workspaceId: WorkspaceId, id: string): Sql {
  return sql`update gateway set is_default = true where workspace_id = ${workspaceId} and id = ${id}`;
}

/** The sandbox pair of a workspace, made once; the default where the channel has none. */
export function insertSandbox(workspaceId: WorkspaceId): Sql {
  return sql`insert into gateway (workspace_id, name, channel, kind, window_size, is_default)
    select ${workspaceId}, s.name, s.channel, 'sandbox', s.window_size,
      not exists (select from gateway g where g.workspace_id = ${workspaceId} and g.channel = s.channel and g.is_default)
    from (values ('Sandbox phone network', 'sms', 200), ('Sandbox mailbox', 'email', 200)) as s (name, channel, window_size)
    where not exists (select from gateway g where g.workspace_id = ${workspaceId} and g.channel = s.channel and g.kind = 'sandbox')
    on conflict do nothing`;
}

/** After an archive of the default: the sandbox takes its place. */
export function defaultToSandbox(workspaceId: WorkspaceId, channel: Channel): Sql {
  return sql`update gateway set is_default = true where workspace_id = ${workspaceId} and channel = ${channel} and kind = 'sandbox'
    and not exists (select from gateway g where g.workspace_id = ${workspaceId} and g.channel = ${channel} and g.is_default)`;
}

export function selectDefault(workspaceId: WorkspaceId, channel: Channel): Sql {
  return sql`select id from gateway where workspace_id = ${workspaceId} and channel = ${channel} and is_default and archived_at is null`;
}

export function selectUsable(workspaceId: WorkspaceId, channel: Channel, id: string): Sql {
  return sql`select id from gateway where workspace_id = ${workspaceId} and channel = ${channel} and id = ${id} and archived_at is null`;
}

export function selectSandbox(workspaceId: WorkspaceId, channel: Channel): Sql {
  return sql`select id from gateway where workspace_id = ${workspaceId} and channel = ${channel} and kind = 'sandbox' order by id limit 1`;
}
