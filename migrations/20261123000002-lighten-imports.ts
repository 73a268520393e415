// What an import of millions paid for on every row. The check that a contact's workspace exists cost 3 us, as much as writing the
// row; workspaces are never deleted, and every writer has just read its own. The index of address hashes cost 10 us, being the only
// one without any order: who has an address is now looked up by the address.
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class LightenImports20261123000002 implements MigrationInterface {
  /** Reads reach once, for the new index, and keeps everybody from reach, contact and workspace for that long: a second for a million contacts. */
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table contact drop constraint contact_workspace_id_fkey;

      drop index reach_address_hash_idx;
      -- A suppression knows only the hash; this finds the address to show, while somebody has it.
      create index reach_suppressed_idx on reach (workspace_id, channel, address_hash) where is_suppressed;

      -- Addresses to look at again, for an hour: somebody may have been adding them when they were suppressed.
      create table recent_suppression (
        workspace_id bigint not null references workspace (id),
        channel text not null check (channel in ('sms', 'email')),
        address text not null,
        at timestamptz not null,
        primary key (workspace_id, channel, address)
      );
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations are forward only');
  }
}
