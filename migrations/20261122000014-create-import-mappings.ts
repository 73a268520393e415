// Mappings of import columns saved under a name, and the income band of a contact beside its income.
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateImportMappings20261122000014 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table import_mapping (
        workspace_id bigint not null references workspace (id),
        id bigint generated always as identity,
        name text not null,
        kind text not null check (kind in ('contacts', 'orders')),
        -- Of the file it was saved from, or those that the mapping names: what a new file is compared with.
        headers text[] not null check (cardinality(headers) > 0),
        mapping jsonb not null,
        options jsonb not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        last_used_at timestamptz,
        primary key (workspace_id, id),
        constraint import_mapping_name_key unique (workspace_id, name)
      );
      alter table contact add column income_band text;
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations are forward only');
  }
}
