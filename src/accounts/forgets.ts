// Marks the one class of a room that can let go of old rows of a subject; retention finds them by this mark, so accounts know no room above.
import { applyDecorators, Injectable, SetMetadata } from '@nestjs/common';
import type { RetentionSubject } from '../contract/retention.js';
import type { WorkspaceId } from '../domain/ids.js';
import type { Queryable } from '../platform/database/database.js';

export const forgetsKey = 'muster:forgets';

export interface Forgetter {
  /** How many rows are older than `before` and may go. */
  count(db: Queryable, workspaceId: WorkspaceId, before: Date): Promise<number>;
  /** Lets go of at most `limit` of them; how many it was. Fewer than `limit`: there are no more. */
  forget(tx: Queryable, workspaceId: WorkspaceId, before: Date, limit: number): Promise<number>;
}

export function Forgets(subject: RetentionSubject): ClassDecorator {
  return applyDecorators(Injectable(), SetMetadata(forgetsKey, subject));
}
