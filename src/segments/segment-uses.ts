/**
 * Who uses a saved segment: other segments by their rules, and what higher floors tell. A room above registers how its own things
 * are found, so that nothing is written twice and this floor knows nobody above it.
 */
import { Injectable } from '@nestjs/common';
import { namesOf } from '../contacts/attributes/attribute-uses.js';
import type { SegmentUse } from '../contract/segments.js';
import type { WorkspaceId } from '../domain/ids.js';
import type { Queryable } from '../platform/database/database.js';
import { conflict } from '../platform/errors.js';
import { selectSegmentsNaming } from './segments.sql.js';

export type UseFinder = (db: Queryable, workspaceId: WorkspaceId, segmentId: string) => Promise<SegmentUse[]>;

@Injectable()
export class SegmentUses {
  private readonly finders: UseFinder[] = [
    (db, workspaceId, segmentId) => db.rows<SegmentUse>(selectSegmentsNaming(workspaceId, segmentId)),
  ];

  register(finder: UseFinder): void {
    this.finders.push(finder);
  }

  async of(db: Queryable, workspaceId: WorkspaceId, segmentId: string): Promise<SegmentUse[]> {
    const found: SegmentUse[] = [];
    for (const finder of this.finders) found.push(...(await finder(db, workspaceId, segmentId)));
    return found;
  }

  /** Throws a conflict that names who still counts on the segment. */
  async requireNone(db: Queryable, workspaceId: WorkspaceId, segmentId: string): Promise<void> {
    const using = (await this.of(db, workspaceId, segmentId)).filter(use => use.keepsFromArchiving);
    if (using.length === 0) return;
    throw conflict(`The segment is still used by ${namesOf(using)}`);
  }
}
