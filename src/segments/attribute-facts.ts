/** What rules need to know of the registry of attributes: the type and name of custom ones, and which sensitive ones are turned on. */
import type { WorkspaceId } from '../domain/ids.js';
import type { Queryable } from '../platform/database/database.js';

export type AttributeFact = { id: string; key: string; label: string; type: string; options: string[]; isOn: boolean };

export type AttributeFacts = {
  custom: ReadonlyMap<string, AttributeFact>;
  /** Names of standard attributes that are sensitive and turned on. */
  sensitiveOn: ReadonlySet<string>;
};

export const noFacts: AttributeFacts = { custom: new Map(), sensitiveOn: new Set() };

export function attributeFacts(_db: Queryable, _workspaceId: WorkspaceId): Promise<AttributeFacts> {
  return Promise.resolve(noFacts);
}
