/**
 * Addresses we must not use, and why. `suppress` and `optBackIn` are the verbs of tracking too (STOP and START, bounces,
 * complaints): inside the caller's transaction, at once for everybody who has the address, idempotent.
 */
import { Injectable } from '@nestjs/common';
import { AccountsService } from '../accounts/accounts.service.js';
import type { Actor } from '../accounts/actor.js';
import { audit } from '../accounts/audit.js';
import {
  type CreateSuppression,
  sandboxSource,
  type SuppressionKey,
  type SuppressionQuery,
  type SuppressionReason,
  suppressionReasons,
  type SuppressionView,
} from '../contract/contacts.js';
import type { Channel, ContactId, WorkspaceId } from '../domain/ids.js';
import { type Sql, sql } from '../domain/sql.js';
import { Clock } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database/database.js';
import { invalid, notFound } from '../platform/errors.js';
import { decodeCursor, type Page, toPage } from '../platform/http/cursor.js';
import { Signing } from '../platform/signing.js';
import { canonicalAddress } from './canonical-address.js';
import { recordChange } from './changes.js';
import { contactsOf, refreshSuppressedAt, refreshTopics } from './reach.sql.js';
import {
  deleteSuppressions,
  insertRecent,
  lockHolders,
  type Refusal,
  restoreStopped,
  selectSuppressions,
  type SuppressionRow,
  upsertSuppression,
  withdrawAll,
} from './suppression.sql.js';
import { lockContacts } from './upsert.sql.js';

/** The address in canonical form: E.164, lower-case email. */
export type SuppressedAddress = { channel: Channel; address: string };
export type NewSuppression = SuppressedAddress & {
  reason: SuppressionReason;
  source: string;
  details?: object;
  /** Somebody who is meant too, whatever their address is by now. */
  alsoOf?: ContactId;
};
export type OptIn = SuppressedAddress & { source: string; details?: object };

/** Reasons by which a person says no, as opposed to an address that cannot be used: they withdraw consent too. */
const refusingReasons: readonly SuppressionReason[] = ['stop', 'unsubscribe', 'complaint'];

type ListedRow = Omit<SuppressionView, 'createdAt' | 'expiresAt'> & {
  createdAt: Date;
  expiresAt: Date | null;
  createdKey: string;
  hash: string;
};

@Injectable()
export class SuppressionsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly accounts: AccountsService,
    private readonly signing: Signing,
  ) {}

  /** Consents are withdrawn in any case. False when nothing changed: suppressed for this reason already, and nothing to withdraw. */
  async suppress(tx: Tx, actor: Actor, wanted: NewSuppression): Promise<boolean> {
    const { workspaceId } = actor;
    const row = this.toRow(workspaceId, wanted, wanted.reason);
    const now = this.clock.now();
    const isNew = (await tx.run(upsertSuppression(workspaceId, row, now))) > 0;
    const ids = await lockedHolders(tx, workspaceId, row, wanted.alsoOf);
    const hasConsents =
      refusingReasons.includes(row.reason) &&
      (await this.changeConsents(tx, workspaceId, withdrawAll(workspaceId, ids, row, actor.name, now)));
    await this.showInReach(tx, workspaceId, row, ids);
    return isNew || hasConsents;
  }

  /** What `suppress` does to the consents of one person, when nobody knows the address any more. False when it changed nothing. */
  async withdrawAllOf(tx: Tx, actor: Actor, contactId: ContactId, refusal: Omit<Refusal, 'hash'>): Promise<boolean> {
    const { workspaceId } = actor;
    const held = await tx.rows<{ id: ContactId }>(lockContacts(workspaceId, [contactId]));
    const ids = held.map(({ id }) => id);
    const statement = withdrawAll(workspaceId, ids, { ...refusal, hash: null }, actor.name, this.clock.now());
    return this.changeConsents(tx, workspaceId, statement);
  }

  /**
   * START: lifts a suppression by `stop` and no other, and grants again what STOPs from this address withdrew, even if an operator
   * lifted them before; in the sandbox only what was stopped there. False when there was neither.
   */
  async optBackIn(tx: Tx, actor: Actor, wanted: OptIn): Promise<boolean> {
    const { workspaceId } = actor;
    const row = this.toRow(workspaceId, wanted, 'stop');
    const source = wanted.source === sandboxSource ? sandboxSource : null;
    const lifted = await tx.run(deleteSuppressions(workspaceId, row, { reason: 'stop', source }));
    const ids = await lockedHolders(tx, workspaceId, row);
    const restored = restoreStopped(workspaceId, ids, row, actor.name, this.clock.now());
    const hasConsents = await this.changeConsents(tx, workspaceId, restored);
    if (lifted === 0 && !hasConsents) return false;
    await this.showInReach(tx, workspaceId, row, ids);
    return true;
  }

  async create(actor: Actor, wanted: CreateSuppression): Promise<SuppressionView> {
    const address = canonicalAddress(
      wanted.channel,
      wanted.address,
      await this.countryOf(actor, wanted.defaultCountry),
      '/address',
    );
    await this.db.transaction(async tx => {
      await this.suppress(tx, actor, { ...wanted, address });
      await audit(tx, actor, 'address.suppressed', null, { channel: wanted.channel, reason: wanted.reason });
    });
    return { ...(await this.get(actor, wanted.channel, address, wanted.reason)), address };
  }

  /** An operator's hand: lifts all reasons, or one. Consents that were withdrawn stay withdrawn. */
  async lift(actor: Actor, { channel, address: sent, reason }: SuppressionKey): Promise<void> {
    const address = canonicalAddress(channel, sent, await this.countryOf(actor), '?address');
    const row = this.toRow(actor.workspaceId, { channel, address, source: 'api' }, 'manual');
    await this.db.transaction(async tx => {
      const lifted = await tx.rows<{ reason: string }>(deleteSuppressions(actor.workspaceId, row, { reason }));
      if (lifted.length === 0) throw notFound('suppression of', address);
      await this.showInReach(tx, actor.workspaceId, row, await lockedHolders(tx, actor.workspaceId, row));
      await audit(tx, actor, 'suppression.lifted', null, { channel, reasons: lifted.map(one => one.reason) });
    });
  }

  /** With an address: every reason why that one is suppressed, or an empty page. */
  async list(actor: Actor, { channel, address, after, limit }: SuppressionQuery): Promise<Page<SuppressionView>> {
    const onChannel = channel ? sql`s.channel = ${channel}` : sql`true`;
    if (channel && address) {
      const canonical = canonicalAddress(channel, address, await this.countryOf(actor), '?address');
      const rows = await this.select(actor, this.isFor(actor.workspaceId, channel, canonical), suppressionReasons.length + 1);
      return { data: rows.map(row => ({ ...toView(row), address: canonical })), next: null };
    }
    const rows = await this.select(actor, sql`${onChannel} and ${afterCursor(after)}`, limit + 1);
    return toPage(rows, limit, row => [row.createdKey, row.channel, row.hash, row.reason], toView);
  }

  private async get(actor: Actor, channel: Channel, address: string, reason: SuppressionReason): Promise<SuppressionView> {
    const isIt = sql`${this.isFor(actor.workspaceId, channel, address)} and s.reason = ${reason}`;
    const [row] = await this.select(actor, isIt, 1);
    if (!row) throw notFound('suppression of', address);
    return toView(row);
  }

  private select(actor: Actor, where: Sql, limit: number): Promise<ListedRow[]> {
    return this.db.rows<ListedRow>(selectSuppressions(actor.workspaceId, where, limit));
  }

  private isFor(workspaceId: WorkspaceId, channel: Channel, address: string): Sql {
    return sql`s.channel = ${channel} and s.address_hash = ${this.signing.hashAddress(workspaceId, channel, address)}`;
  }

  private toRow(workspaceId: WorkspaceId, given: OptIn, reason: SuppressionReason): SuppressionRow {
    const { channel, address, source, details = {} } = given;
    return { channel, address, hash: this.signing.hashAddress(workspaceId, channel, address), reason, source, details };
  }

  /** Whether any did change. */
  private async changeConsents(tx: Tx, workspaceId: WorkspaceId, statement: Sql): Promise<boolean> {
    const changed = await tx.rows<{ contact_id: ContactId }>(statement);
    const ids = [...new Set(changed.map(row => row.contact_id))];
    if (ids.length > 0) await tx.run(refreshTopics(workspaceId, contactsOf(ids), this.clock.now()));
    await recordChange(tx, workspaceId, { kind: 'consent', contactIds: ids });
    return ids.length > 0;
  }

  /** Whether it holds or was lifted; whoever is adding the address at this moment sees it with the next sweep. */
  private async showInReach(tx: Tx, workspaceId: WorkspaceId, row: SuppressionRow, ids: ContactId[]): Promise<void> {
    const now = this.clock.now();
    await tx.run(insertRecent(workspaceId, row, now));
    const changed = await tx.run(refreshSuppressedAt(workspaceId, row.channel, [row.address], now));
    if (changed > 0) await recordChange(tx, workspaceId, { kind: 'suppression', contactIds: ids });
  }

  private async countryOf(actor: Actor, sent?: string): Promise<string> {
    return sent ?? (await this.accounts.getWorkspace(actor.workspaceId)).defaultCountry;
  }
}

/** Everybody who has the address now (and `also`), locked until commit. */
async function lockedHolders(
  tx: Tx,
  workspaceId: WorkspaceId,
  { channel, address }: SuppressionRow,
  also: ContactId | null = null,
): Promise<ContactId[]> {
  const holders = await tx.rows<{ id: ContactId }>(lockHolders(workspaceId, channel, address, also));
  return holders.map(({ id }) => id);
}

function afterCursor(after: string | undefined): Sql {
  if (after === undefined) return sql`true`;
  const [created = '', channel = '', hash = '', reason = ''] = decodeCursor(after, 4);
  if (!/^\d{4}-\d\d-\d\d [\d:.]+[+-]\d\d(:\d\d)?$/.test(created) || !/^[0-9a-f]{32}$/.test(hash))
    throw invalid('?after', 'Not a cursor of this list');
  return sql`(s.created_at, s.channel, s.address_hash, s.reason)
    < (${created}::timestamptz, ${channel}::text, decode(${hash}, 'hex'), ${reason}::text)`;
}

function toView({ createdKey: _key, hash: _hash, ...row }: ListedRow): SuppressionView {
  return { ...row, createdAt: row.createdAt.toISOString(), expiresAt: row.expiresAt?.toISOString() ?? null };
}
