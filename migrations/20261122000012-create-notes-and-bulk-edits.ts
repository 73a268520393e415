// Notes on contacts, the way from a contact to its audit entries, and edits of everybody whom a rule picks.
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateNotesAndBulkEdits20261122000012 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table contact_note (
        workspace_id bigint not null,
        contact_id bigint not null,
        id bigint generated always as identity,
        text text not null,
        author text not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        primary key (workspace_id, contact_id, id),
        foreign key (workspace_id, contact_id) references contact (workspace_id, id)
      );
      create index audit_entry_contact_idx on audit_entry (workspace_id, target, at, id) where target like 'contact:%';

      create table bulk_edit (
        workspace_id bigint not null references workspace (id),
        id bigint generated always as identity,
        state text not null default 'running' check (state in ('running', 'done', 'failed', 'canceled')),
        rule jsonb not null,
        segment_id bigint,
        edit jsonb not null,
        actor text not null,
        matched bigint not null,
        edited bigint not null default 0,
        gone bigint not null default 0,
        failures smallint not null default 0,
        error text,
        created_at timestamptz not null,
        finished_at timestamptz,
        primary key (workspace_id, id)
      );
      create index bulk_edit_running_idx on bulk_edit (workspace_id, id) where state = 'running';
      create table bulk_edit_target (
        workspace_id bigint not null,
        bulk_edit_id bigint not null,
        contact_id bigint not null,
        primary key (workspace_id, bulk_edit_id, contact_id),
        foreign key (workspace_id, bulk_edit_id) references bulk_edit (workspace_id, id)
      );
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations are forward only');
  }
}
