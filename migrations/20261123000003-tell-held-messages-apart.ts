// What is on the wire was in an index whose key all messages of a slot share, and at every claim PostgreSQL looked through them for
// versions to throw away: a seventh of what a claim costs. With the end of its lease, each wave has a key of its own.
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class TellHeldMessagesApart20261123000003 implements MigrationInterface {
  /** Reads the ledger once and keeps writers of it away for that long: some seconds for ten million messages. Readers wait only for the end. */
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create index message_held_new_idx on message (workspace_id, dispatch_id, slot, lease_until) where state in ('claimed', 'sending');
      drop index message_held_idx;
      alter index message_held_new_idx rename to message_held_idx;
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations are forward only');
  }
}
