/** The history of one contact over HTTP: append and page through. */
import { Injectable } from '@nestjs/common';
import type { Actor } from '../accounts/actor.js';
import { audit } from '../accounts/audit.js';
import type { EventInput, EventView, PageQuery, RecordEvents } from '../contract/contacts.js';
import type { ContactId } from '../domain/ids.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { invalid } from '../platform/errors.js';
import { decodeCursor, type Page, toPage } from '../platform/http/cursor.js';
import { type NewEvent, recordEvents } from './events.js';
import { listEvents } from './events.sql.js';
import { momentBefore, momentProblem } from './moments.js';
import { holdContact, requireContact } from './require-contact.js';

type EventRow = Omit<EventView, 'at' | 'receivedAt'> & { at: Date; receivedAt: Date; key: string };

@Injectable()
export class EventsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  async record(actor: Actor, contactId: ContactId, { events }: RecordEvents): Promise<{ recorded: number; duplicates: number }> {
    const now = this.clock.now();
    const rows = events.map((event, i) => toNewEvent(contactId, event, `/events/${i}`, now));
    return this.db.transaction(async tx => {
      await holdContact(tx, actor.workspaceId, contactId);
      const recorded = await recordEvents(tx, actor.workspaceId, rows);
      await audit(tx, actor, 'events.recorded', `contact:${contactId}`, { recorded });
      return { recorded, duplicates: rows.length - recorded };
    });
  }

  async list(actor: Actor, contactId: ContactId, query: PageQuery & { name?: string }): Promise<Page<EventView>> {
    const { after, limit, name = null } = query;
    await requireContact(this.db, actor.workspaceId, contactId);
    const statement = listEvents(actor.workspaceId, contactId, name, readCursor(after), limit + 1);
    return toPage(await this.db.rows<EventRow>(statement), limit, row => [row.key, row.id], toView);
  }
}

function toNewEvent(contactId: ContactId, event: EventInput, pointer: string, now: Date): NewEvent {
  const at = momentBefore(event.at, now);
  if (!at) throw invalid(`${pointer}/at`, momentProblem);
  const { name, properties, messageId } = event;
  return { contactId, name, at, properties, source: 'api', ...(messageId === undefined ? {} : { messageId }) };
}

function readCursor(after: string | undefined): { at: string; id: string } | null {
  if (after === undefined) return null;
  const [at = '', id = ''] = decodeCursor(after, 2);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(at) || !/^\d{1,18}$/.test(id))
    throw invalid('?after', 'Not a cursor of this list');
  return { at, id };
}

function toView({ key: _key, ...row }: EventRow): EventView {
  return { ...row, at: row.at.toISOString(), receivedAt: row.receivedAt.toISOString() };
}
