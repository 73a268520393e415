/**
 * A process shows that it uses the database by holding a shared advisory lock for its life. The connection that holds it is also how a
 * process learns at once that the database died, and the lock table is how the last one out knows that it is the last.
 */
import pg from 'pg';
import { locks } from '../locks.js';
import { waitUntil } from './wait.js';

const graceMs = 150;

export class Presence {
  private isOver = false;

  private constructor(private readonly client: pg.Client) {}

  /** `onLost` is called once if the connection breaks before `end`. */
  static async begin(url: string, onLost: () => void): Promise<Presence> {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'muster presence',
      keepAlive: true,
      connectionTimeoutMillis: 5000,
    });
    client.on('error', () => undefined); // followed by `end`
    await client.connect();
    const presence = new Presence(client);
    client.once('end', () => {
      if (!presence.isOver) onLost();
      presence.isOver = true;
    });
    await client.query('select pg_advisory_lock_shared($1, 0)', [locks.presence]);
    return presence;
  }

  /** False once the connection broke: whoever else is there can then not be asked. */
  get isHeld(): boolean {
    return !this.isOver;
  }

  /** A process that was killed a moment ago may still be counted: its backend needs some milliseconds to notice. */
  async isLast(): Promise<boolean> {
    return waitUntil(async () => (await this.countOthers()) === 0, graceMs);
  }

  private async countOthers(): Promise<number> {
    const { rows } = await this.client.query<{ others: number }>(
      `select count(*)::int as others
       from pg_locks
       where locktype = 'advisory' and classid = $1 and objid = 0 and objsubid = 2 and granted and pid <> pg_backend_pid()`,
      [locks.presence],
    );
    return rows[0]?.others ?? 0;
  }

  async end(): Promise<void> {
    const wasHeld = !this.isOver;
    this.isOver = true;
    // Unlocked by a query, whose answer we await: a closed connection lets go a little later, and the next one out would count us.
    if (wasHeld) await this.client.query('select pg_advisory_unlock_shared($1, 0)', [locks.presence]).catch(() => undefined);
    await this.client.end().catch(() => undefined);
  }
}
