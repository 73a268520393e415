/**
 * Keys that nobody registered register themselves with the type of their first value, as the sources of events and customers
 * expect, as long as there is room.
 */
import type { Actor } from '../../accounts/actor.js';
import { audit } from '../../accounts/audit.js';
import type { Attribute, AttributeType } from '../../domain/attribute/types.js';
import type { WorkspaceId } from '../../domain/ids.js';
import type { Queryable, Tx } from '../../platform/database/database.js';
import { insertFoundAttributes, lockRegistry } from './attributes.sql.js';
import { loadAttributes, Registry } from './registry.js';

/** The registry with those of the wanted keys that fit; the caller finds out which are missing. */
export async function ensureAttributes(tx: Tx, actor: Actor, wanted: ReadonlyMap<string, AttributeType>): Promise<Registry> {
  const registry = await loadAttributes(tx, actor.workspaceId);
  if ([...wanted.keys()].every(key => registry.find(key))) return registry;
  await tx.run(lockRegistry(actor.workspaceId));
  const current = await loadAttributes(tx, actor.workspaceId);
  const found = fitting(current, wanted);
  if (found.length === 0) return current;
  await tx.run(insertFoundAttributes(actor.workspaceId, found));
  await audit(tx, actor, 'attributes.found', null, { keys: found.map(({ key }) => key) });
  return loadAttributes(tx, actor.workspaceId);
}

/** What `ensureAttributes` would make of the registry; writes nothing. New ones have their key for an id. */
export async function foreseeAttributes(
  db: Queryable,
  workspaceId: WorkspaceId,
  wanted: ReadonlyMap<string, AttributeType>,
): Promise<Registry> {
  const current = await loadAttributes(db, workspaceId);
  const found = fitting(current, wanted).map(({ key, type }): Attribute => ({
    id: key,
    key,
    label: key,
    type,
    options: [],
    sensitivity: 'normal',
    isArchived: false,
    isOn: true,
  }));
  return new Registry([...current.all, ...found], current.fieldsOn);
}

/** Those of the wanted keys that are missing, as many as there is room for. */
function fitting(registry: Registry, wanted: ReadonlyMap<string, AttributeType>): { key: string; type: AttributeType }[] {
  const missing = [...wanted].filter(([key]) => !registry.find(key)).map(([key, type]) => ({ key, type }));
  return missing.slice(0, registry.room);
}
