/** How many contacts there are, as the planner knows it: exact counts of millions are not worth a scan at each scrape. */
import { sql } from '../domain/sql.js';
import { Database } from '../platform/database/database.js';
import { type Measure, Measures } from '../platform/measures.js';
import { gauge } from '../platform/metrics.js';

const contacts = gauge('muster_contacts', 'Contacts of all workspaces, estimated by PostgreSQL’s last analysis.');

@Measures()
export class MeasureContacts implements Measure {
  constructor(private readonly db: Database) {}

  async measure(): Promise<void> {
    const row = await this.db.row<{ n: number }>(
      sql`select greatest(reltuples, 0)::float8 as n from pg_class where oid = 'public.contact'::regclass`,
    );
    contacts.set(row?.n ?? 0);
  }
}
