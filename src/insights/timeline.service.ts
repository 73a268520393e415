/** The timeline of one contact. It stands above the ledger and the contacts, because it reads both. */
import { Injectable } from '@nestjs/common';
import type { Actor } from '../accounts/actor.js';
import { requireContact } from '../contacts/require-contact.js';
import { type TimelineEntry, timelineKinds, type TimelineQuery } from '../contract/timeline.js';
import type { ContactId } from '../domain/ids.js';
import { Database } from '../platform/database/database.js';
import { invalid } from '../platform/errors.js';
import { decodeCursor, type Page, toPage } from '../platform/http/cursor.js';
import { selectTimeline, type TimelineKey, type TimelineRow } from './timeline.sql.js';

@Injectable()
export class TimelineService {
  constructor(private readonly db: Database) {}

  /** Newest first. */
  async page({ workspaceId }: Actor, id: ContactId, { kinds, after, limit }: TimelineQuery): Promise<Page<TimelineEntry>> {
    const last = after === undefined ? null : readKey(after);
    await requireContact(this.db, workspaceId, id);
    const rows = await this.db.rows<TimelineRow>(selectTimeline(workspaceId, id, kinds ?? timelineKinds, last, limit + 1));
    return toPage(rows, limit, row => [row.key, row.kind, row.id], toView);
  }
}

function readKey(cursor: string): TimelineKey {
  const [at = '', kind = '', id = ''] = decodeCursor(cursor, 3);
  if (!/^\d{4}-\d\d-\d\dT[\d:.]{15}Z$/.test(at)) throw invalid('?after', 'Not a cursor of this list');
  return { at, kind, id };
}

/** Numbers were padded to sort as text. */
function toView({ kind, at, id, name, details }: TimelineRow): TimelineEntry {
  return { kind, id: kind === 'order' ? id : id.replace(/^0+(?=\d)/, ''), at: at.toISOString(), name, details };
}
