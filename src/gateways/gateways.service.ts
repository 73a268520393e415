/**
 * The doors of a workspace: its real gateways, the sandbox pair it is born with, and which one a campaign gets. Opening them is in
 * open-gateways.ts. Campaigns call `resolve`; delivery calls `open`; tracking `verifyCallback`.
 */
import { Injectable } from '@nestjs/common';
import type { Actor } from '../accounts/actor.js';
import { audit } from '../accounts/audit.js';
import type { CreateGateway, GatewayCheck, GatewayView, UpdateGateway } from '../contract/gateways.js';
import type { Channel, WorkspaceId } from '../domain/ids.js';
import { sql } from '../domain/sql.js';
import { Addresses } from '../platform/addresses.js';
import { Database, type Tx } from '../platform/database/database.js';
import { unlessTaken } from '../platform/database/unless-taken.js';
import { conflict, invalid, notFound } from '../platform/errors.js';
import { Signing } from '../platform/signing.js';
import { GatewayError } from './gateway-error.js';
import { channelOf, checkLogin, mergeSettings, openSecrets, sealSecrets } from './gateway-settings.js';
import {
  archiveGateway,
  clearDefault,
  defaultToSandbox,
  type GatewayRow,
  insertGateway,
  insertSandbox,
  lockGateway,
  selectDefault,
  selectGateway,
  selectGateways,
  selectSandbox,
  selectUsable,
  setDefault,
  updateGatewayRow,
} from './gateways.sql.js';
import type { OpenGateway } from './open-gateway.js';
import { OpenGateways, type SignedRequest } from './open-gateways.js';

/** Shown in place of a secret; its length says nothing. */
const mask = '********';

@Injectable()
export class GatewaysService {
  constructor(
    private readonly db: Database,
    private readonly signing: Signing,
    private readonly addresses: Addresses,
    private readonly opened: OpenGateways,
  ) {}

  /** Makes the workspace's sandbox pair where it is missing. Safe to call at any time. */
  async ensureSandbox(workspaceId: WorkspaceId): Promise<void> {
    await this.db.run(insertSandbox(workspaceId));
  }

  /** The gateway a dispatch shall use: the wanted one if it can, else the channel's default. */
  async resolve(workspaceId: WorkspaceId, channel: Channel, wantedId: string | null): Promise<string> {
    if (wantedId !== null) return this.resolveWanted(workspaceId, channel, wantedId);
    const known = await this.db.row<{ id: string }>(selectDefault(workspaceId, channel));
    if (known) return known.id;
    await this.ensureSandbox(workspaceId);
    const made = await this.db.row<{ id: string }>(selectDefault(workspaceId, channel));
    if (!made) throw new Error(`workspace ${workspaceId} has no default gateway for ${channel}`);
    return made.id;
  }

  /** The workspace's sandbox gateway of a channel, default or not. */
  async sandboxId(workspaceId: WorkspaceId, channel: Channel): Promise<string> {
    await this.ensureSandbox(workspaceId);
    const row = await this.db.row<{ id: string }>(selectSandbox(workspaceId, channel));
    if (!row) throw new Error(`workspace ${workspaceId} has no sandbox for ${channel}`);
    return row.id;
  }

  /** A gateway ready to send, for as long as the process lives; never closed by its user. */
  open(workspaceId: WorkspaceId, id: string): Promise<OpenGateway> {
    return this.opened.open(workspaceId, id);
  }

  verifyCallback(workspaceId: WorkspaceId, id: string, request: SignedRequest): Promise<boolean> {
    return this.opened.verifyCallback(workspaceId, id, request);
  }

  /** The path at which the provider of this gateway delivers replies. */
  inboundPath(workspaceId: WorkspaceId, id: string): string {
    return `/webhooks/twilio/inbound/${this.signing.sign('inbound', [workspaceId, id])}`;
  }

  async list(actor: Actor): Promise<GatewayView[]> {
    await this.ensureSandbox(actor.workspaceId);
    return (await this.db.rows<GatewayRow>(selectGateways(actor.workspaceId))).map(row => this.toView(row));
  }

  async get(actor: Actor, id: string): Promise<GatewayView> {
    const row = (await this.db.rows<GatewayRow>(selectGateways(actor.workspaceId))).find(one => one.id === id);
    if (!row) throw notFound('gateway', id);
    return this.toView(row);
  }

  async create(actor: Actor, wanted: CreateGateway): Promise<GatewayView> {
    const { kind, name, windowSize, unitsPerSecond } = wanted;
    if (kind === 'smtp') checkLogin(wanted.settings.user, wanted.secrets);
    const secrets = wanted.secrets ? sealSecrets(this.signing, wanted.secrets) : null;
    const row = { name, kind, channel: channelOf[kind], settings: wanted.settings, secrets, windowSize, unitsPerSecond };
    const id = await this.named(name, async tx => {
      await refuseInSandboxOnly(tx, actor.workspaceId);
      const inserted = await tx.row<{ id: string }>(insertGateway(actor.workspaceId, row));
      await audit(tx, actor, 'gateway.created', `gateway:${inserted?.id}`, { kind, name });
      return inserted?.id ?? '';
    });
    return this.get(actor, id);
  }

  async update(actor: Actor, id: string, patch: UpdateGateway): Promise<GatewayView> {
    await this.named(patch.name ?? '', async tx => {
      const row = await lock(tx, actor.workspaceId, id);
      const { settings, secrets } = mergeSettings(this.signing, row, patch);
      const { name, windowSize, unitsPerSecond } = { ...row, ...patch };
      await tx.run(updateGatewayRow(actor.workspaceId, id, { name, settings, secrets, windowSize, unitsPerSecond }));
      await audit(tx, actor, 'gateway.updated', `gateway:${id}`, { fields: Object.keys(patch) });
    });
    return this.get(actor, id);
  }

  /** Running dispatches keep it until they are done; nothing new gets it. The sandbox cannot be archived. */
  async archive(actor: Actor, id: string): Promise<void> {
    await this.db.transaction(async tx => {
      const row = await lock(tx, actor.workspaceId, id);
      if (row.kind === 'sandbox') throw conflict('The sandbox belongs to the workspace and cannot be deleted');
      await tx.run(archiveGateway(actor.workspaceId, id));
      await tx.run(defaultToSandbox(actor.workspaceId, row.channel));
      await audit(tx, actor, 'gateway.archived', `gateway:${id}`);
    });
  }

  async makeDefault(actor: Actor, id: string): Promise<GatewayView> {
    await this.db.transaction(async tx => {
      const row = await lock(tx, actor.workspaceId, id);
      if (row.kind !== 'sandbox') await refuseInSandboxOnly(tx, actor.workspaceId);
      await tx.run(clearDefault(actor.workspaceId, row.channel));
      await tx.run(setDefault(actor.workspaceId, id));
      await audit(tx, actor, 'gateway.made-default', `gateway:${id}`, { channel: row.channel });
    });
    return this.get(actor, id);
  }

  /** Connects and logs in without sending; what is wrong is an answer, not an error. */
  async check(actor: Actor, id: string): Promise<GatewayCheck> {
    await this.get(actor, id);
    try {
      const gateway = await this.open(actor.workspaceId, id);
      await (gateway.channel === 'sms' ? gateway.sms : gateway.email).check();
      return { isOk: true, problem: null };
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      return { isOk: false, problem: { kind: error.kind, code: error.code ?? null, detail: error.message } };
    }
  }

  private async resolveWanted(workspaceId: WorkspaceId, channel: Channel, wantedId: string): Promise<string> {
    const usable = await this.db.row<{ id: string }>(selectUsable(workspaceId, channel, wantedId));
    if (!usable) throw invalid('/gatewayId', `No ${channel} gateway ${wantedId}`);
    const row = await this.db.row<GatewayRow>(selectGateway(workspaceId, wantedId));
    if (row?.isSandboxOnly && row.kind !== 'sandbox') throw sandboxOnly();
    return usable.id;
  }

  private named<Result>(name: string, work: (tx: Tx) => Promise<Result>): Promise<Result> {
    return unlessTaken('gateway_name_key', `a gateway named "${name}"`, () => this.db.transaction(work));
  }

  private toView(row: GatewayRow): GatewayView {
    const { id, name, channel, kind, settings, windowSize, unitsPerSecond, isDefault } = row;
    const names = row.secrets === null ? [] : Object.keys(openSecrets(this.signing, row.secrets));
    return {
      id,
      name,
      channel,
      kind,
      settings,
      secrets: Object.fromEntries(names.map(secret => [secret, mask])),
      windowSize,
      unitsPerSecond,
      isDefault,
      inboundUrl: kind === 'twilio' ? this.addresses.publicUrl + this.inboundPath(row.workspaceId, id) : null,
      createdAt: row.createdAt.toISOString(),
      updatedAt: row.updatedAt.toISOString(),
    };
  }
}

async function lock(tx: Tx, workspaceId: WorkspaceId, id: string): Promise<GatewayRow> {
  const row = await tx.row<GatewayRow>(lockGateway(workspaceId, id));
  if (!row) throw notFound('gateway', id);
  return row;
}

async function refuseInSandboxOnly(tx: Tx, workspaceId: WorkspaceId): Promise<void> {
  const workspace = await tx.row<{ only: boolean }>(sql`select is_sandbox_only as only from workspace where id = ${workspaceId}`);
  if (workspace?.only) throw sandboxOnly();
}

const sandboxOnly = () => conflict('This workspace sends to the sandbox only, for ever: a real gateway is refused');
