/** Folders are only names that segments carry: they are there while a segment is in them, and renaming onto another one joins the two. */
import { Injectable } from '@nestjs/common';
import type { Actor } from '../accounts/actor.js';
import { audit } from '../accounts/audit.js';
import type { FolderRenamed, FolderView, RenameFolder } from '../contract/segments.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { notFound } from '../platform/errors.js';
import { renameFolder, selectFolders } from './segments.sql.js';

@Injectable()
export class FoldersService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** By name; those of segments in no folder are last, with the name null. */
  async list({ workspaceId }: Actor): Promise<{ data: FolderView[] }> {
    return { data: await this.db.rows<FolderView>(selectFolders(workspaceId)) };
  }

  /** Archived segments move too. To null: its segments are in no folder any more. */
  async rename(actor: Actor, { name, to }: RenameFolder): Promise<FolderRenamed> {
    return this.db.transaction(async tx => {
      const segments = await tx.run(renameFolder(actor.workspaceId, name, to, this.clock.now()));
      if (segments === 0) throw notFound('folder', `"${name}"`);
      await audit(tx, actor, 'segment-folder.renamed', null, { name, to, segments });
      return { segments };
    });
  }
}
