/**
 * Who asks about a custom attribute. Rooms above register how their own things are found, so that this floor knows nobody above it.
 */
import { Injectable } from '@nestjs/common';
import type { WorkspaceId } from '../../domain/ids.js';
import type { Queryable } from '../../platform/database/database.js';
import { conflict } from '../../platform/errors.js';

/** `kind` is what it is called in a sentence: segment. */
export type AttributeUse = { kind: string; id: string; name: string };
export type AttributeUseFinder = (db: Queryable, workspaceId: WorkspaceId, attributeId: string) => Promise<AttributeUse[]>;

@Injectable()
export class AttributeUses {
  private readonly finders: AttributeUseFinder[] = [];

  register(finder: AttributeUseFinder): void {
    this.finders.push(finder);
  }

  /** Throws a conflict that names who still asks. */
  async requireNone(db: Queryable, workspaceId: WorkspaceId, attributeId: string): Promise<void> {
    const using: AttributeUse[] = [];
    for (const finder of this.finders) using.push(...(await finder(db, workspaceId, attributeId)));
    if (using.length === 0) return;
    throw conflict(`The attribute is still used by ${namesOf(using)}`);
  }
}

/** The first five by name, and how many more. */
export function namesOf(using: readonly AttributeUse[]): string {
  const named = using.slice(0, 5).map(({ kind, id, name }) => `${kind} "${name}" (${id})`);
  const more = using.length > named.length ? ` and ${using.length - named.length} more` : '';
  return named.join(', ') + more;
}
