/**
 * Keys that nobody registered register themselves with the type of their first value, as the sources of events and customers
 * expect, as long as there is room.
 */
import type { Actor } from '../../accounts/actor.js';
import { audit } from '../../accounts/audit.js';
import type { AttributeType } from '../../domain/attribute/types.js';
import type { Tx } from '../../platform/database/database.js';
import { insertFoundAttributes, lockRegistry } from './attributes.sql.js';
import { loadAttributes, type Registry } from './registry.js';

/** The registry with those of the wanted keys that fit; the caller finds out which are missing. */
export async function ensureAttributes(tx: Tx, actor: Actor, wanted: ReadonlyMap<string, AttributeType>): Promise<Registry> {
  const registry = await loadAttributes(tx, actor.workspaceId);
  if ([...wanted.keys()].every(key => registry.find(key))) return registry;
  await tx.run(lockRegistry(actor.workspaceId));
  const current = await loadAttributes(tx, actor.workspaceId);
  const missing = [...wanted].filter(([key]) => !current.find(key)).map(([key, type]) => ({ key, type }));
  const found = missing.slice(0, current.room);
  if (found.length === 0) return current;
  await tx.run(insertFoundAttributes(actor.workspaceId, found));
  await audit(tx, actor, 'attributes.found', null, { keys: found.map(({ key }) => key) });
  return loadAttributes(tx, actor.workspaceId);
}
