/** The registry of attributes: register, rename, describe, archive, and turn sensitive ones on with a stated legal basis. */
import { Injectable } from '@nestjs/common';
import type { Actor } from '../../accounts/actor.js';
import { audit } from '../../accounts/audit.js';
import { requireScope } from '../../accounts/scopes.js';
import type {
  AttributeCatalogue,
  AttributeView,
  CreateAttribute,
  TurnOnStandard,
  UpdateAttribute,
} from '../../contract/attributes.js';
import type { ChoiceOption } from '../../domain/attribute/types.js';
import { sql } from '../../domain/sql.js';
import { Clock } from '../../platform/clock.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { unlessTaken } from '../../platform/database/unless-taken.js';
import { AppError, conflict, invalid, notFound } from '../../platform/errors.js';
import {
  type AttributeRow,
  countHolders,
  insertAttribute,
  lockRegistry,
  selectAttributeRows,
  selectSensitiveFields,
  setArchived,
  turnFieldOff,
  turnFieldOn,
  updateAttribute,
} from './attributes.sql.js';
import { AttributeUses } from './attribute-uses.js';
import { loadAttributes, maxAttributes } from './registry.js';
import { standardAttributes } from './standard.js';

@Injectable()
export class AttributesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly uses: AttributeUses,
  ) {}

  async catalogue({ workspaceId }: Actor, isArchived: boolean): Promise<AttributeCatalogue> {
    const where = isArchived ? sql`a.archived_at is not null` : sql`a.archived_at is null`;
    const rows = await this.db.rows<AttributeRow>(selectAttributeRows(workspaceId, where));
    const on = await this.db.rows<{ field: string; legalBasis: string }>(selectSensitiveFields(workspaceId));
    const bases = new Map(on.map(({ field, legalBasis }) => [field, legalBasis]));
    return { standard: isArchived ? [] : standardAttributes(bases), custom: rows.map(toView) };
  }

  async get({ workspaceId }: Actor, id: string): Promise<AttributeView> {
    const row = await this.db.row<AttributeRow>(selectAttributeRows(workspaceId, sql`a.id = ${id}`));
    if (!row) throw notFound('attribute', id);
    return toView(row);
  }

  async create(actor: Actor, wanted: CreateAttribute): Promise<AttributeView> {
    checkBasis(actor, wanted.legalBasis);
    const { workspaceId } = actor;
    const { key, label = key, description = null, legalBasis = null } = wanted;
    const id = await this.named(key, async tx => {
      await requireRoom(tx, actor);
      const row = { ...wanted, label, description, legalBasis, options: labelled(wanted.options) };
      const made = await tx.row<{ id: string }>(insertAttribute(workspaceId, row));
      await audit(tx, actor, 'attribute.created', `attribute:${made?.id}`, { key, type: wanted.type, legalBasis });
      return made?.id ?? '';
    });
    return this.get(actor, id);
  }

  async update(actor: Actor, id: string, wanted: UpdateAttribute): Promise<AttributeView> {
    checkBasis(actor, wanted.legalBasis ?? undefined);
    const { workspaceId } = actor;
    await this.named(wanted.key ?? '', async tx => {
      await tx.run(lockRegistry(workspaceId));
      const row = await tx.row<AttributeRow>(selectAttributeRows(workspaceId, sql`a.id = ${id}`));
      if (!row) throw notFound('attribute', id);
      checkSensitivity(actor, row, wanted);
      const options = wanted.options ? await this.checkOptions(tx, actor, row, labelled(wanted.options)) : row.options;
      await tx.run(updateAttribute(workspaceId, id, { ...row, ...defined(wanted), options }));
      await audit(tx, actor, 'attribute.updated', `attribute:${id}`, defined(wanted));
    });
    return this.get(actor, id);
  }

  /** Values stay with the contacts; nobody can set it or ask about it until it is back. */
  async archive(actor: Actor, id: string): Promise<AttributeView> {
    return this.setArchived(actor, id, this.clock.now());
  }

  async unarchive(actor: Actor, id: string): Promise<AttributeView> {
    return this.setArchived(actor, id, null);
  }

  async turnOnStandard(actor: Actor, { field, legalBasis }: TurnOnStandard): Promise<AttributeCatalogue> {
    const { workspaceId } = actor;
    await this.db.transaction(async tx => {
      await tx.run(legalBasis === null ? turnFieldOff(workspaceId, field) : turnFieldOn(workspaceId, field, legalBasis));
      const verb = legalBasis === null ? 'attribute.turned-off' : 'attribute.turned-on';
      await audit(tx, actor, verb, `attribute:${field}`, { legalBasis });
    });
    return this.catalogue(actor, false);
  }

  private async setArchived(actor: Actor, id: string, at: Date | null): Promise<AttributeView> {
    const before = await this.get(actor, id);
    await this.db.transaction(async tx => {
      if (at === null && before.archivedAt !== null) await requireRoom(tx, actor);
      if (at !== null) await this.uses.requireNone(tx, actor.workspaceId, id);
      const changed = await tx.run(setArchived(actor.workspaceId, id, at));
      if (changed > 0) await audit(tx, actor, at ? 'attribute.archived' : 'attribute.unarchived', `attribute:${id}`);
    });
    return this.get(actor, id);
  }

  /** An option that contacts have must stay; its label may change. */
  private async checkOptions(tx: Tx, actor: Actor, row: AttributeRow, options: ChoiceOption[]): Promise<ChoiceOption[]> {
    if (row.options.length === 0) throw invalid('/options', `An attribute of type ${row.type} has no options`);
    const kept = new Set(options.map(({ value }) => value));
    const removed = row.options.map(({ value }) => value).filter(value => !kept.has(value));
    if (removed.length === 0) return options;
    const held = await tx.row<{ count: number }>(countHolders(actor.workspaceId, row.id, removed));
    if (!held || held.count === 0) return options;
    const message = `${held.count} contacts have what would be removed: ${removed.slice(0, 10).join(', ')}`;
    throw new AppError('conflict', message, [{ pointer: '/options', message }]);
  }

  private named<Result>(key: string, work: (tx: Tx) => Promise<Result>): Promise<Result> {
    return unlessTaken('attribute_key_key', `an attribute with the key "${key}"`, () => this.db.transaction(work));
  }
}

/** Stating a legal basis turns a sensitive attribute on: that is an administrator's to say. */
function checkBasis({ scopes }: Actor, legalBasis: string | undefined): void {
  if (legalBasis !== undefined) requireScope(scopes, 'admin', '/legalBasis');
}

/** What is no longer called sensitive is on without a legal basis, and is merged into messages. */
function checkSensitivity(
  { scopes }: Actor,
  { sensitivity: before }: AttributeRow,
  { sensitivity: after }: UpdateAttribute,
): void {
  if (before === 'sensitive' && (after ?? before) !== 'sensitive') requireScope(scopes, 'admin', '/sensitivity');
}

async function requireRoom(tx: Tx, { workspaceId }: Actor): Promise<void> {
  await tx.run(lockRegistry(workspaceId));
  const { room } = await loadAttributes(tx, workspaceId);
  if (room === 0) throw conflict(`There are already ${maxAttributes} attributes: archive one first`);
}

function labelled(options: CreateAttribute['options'] = []): ChoiceOption[] {
  return options.map(({ value, label = value }) => ({ value, label }));
}

function defined(wanted: UpdateAttribute): Omit<UpdateAttribute, 'options'> {
  return Object.fromEntries(Object.entries(wanted).filter(([name, value]) => name !== 'options' && value !== undefined));
}

function toView(row: AttributeRow): AttributeView {
  return { ...row, createdAt: row.createdAt.toISOString(), archivedAt: row.archivedAt?.toISOString() ?? null };
}
