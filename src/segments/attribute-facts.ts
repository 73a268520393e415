/** What rules need to know of the registry of attributes: the type and name of custom ones, and which sensitive ones are turned on. */
import type { WorkspaceId } from '../domain/ids.js';
import type { Queryable } from '../platform/database/database.js';

export type AttributeFacts = {
  custom: ReadonlyMap<string, { label: string; type: string; isOn: boolean }>;
  /** Names of standard attributes that are sensitive and turned on. */
  sensitiveOn: ReadonlySet<string>;
};

export function attributeFacts(
  _db: Queryable,
  _workspaceId: WorkspaceId,
  _ids: readonly string[],
  _sensitive: readonly string[],
): Promise<AttributeFacts> {
  return Promise.resolve({ custom: new Map(), sensitiveOn: new Set() });
}
