// An address had one suppression, the strongest. A STOP to a number that was dead already was lost, and with it what START gives back.
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KeepEachReason20261123000004 implements MigrationInterface {
  /** Reads suppressions once and keeps everybody from them for that long: some seconds for ten million. */
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table suppression drop constraint suppression_pkey, add primary key (workspace_id, channel, address_hash, reason);
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations are forward only');
  }
}
