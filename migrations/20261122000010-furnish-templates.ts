// Templates in MJML and in many languages, made of parts that are kept once and copied in when a version is saved.
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class FurnishTemplates20261122000010 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- compiled: what is sent where it differs from what was written (MJML made HTML, partials copied in). written_at: when the words of
      -- this language were written; a version made for another language keeps it.
      alter table template_version add compiled jsonb, add partials text[] not null default '{}', add written_at timestamptz;
      update template_version set written_at = created_at;
      alter table template_version alter written_at set default now(), alter written_at set not null;

      create table template_partial (
        workspace_id bigint not null references workspace (id),
        id bigint generated always as identity,
        name text not null,
        text text,
        html text,
        mjml text,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (workspace_id, id),
        check (num_nonnulls(text, html, mjml) > 0)
      );
      create unique index template_partial_name_idx on template_partial (workspace_id, name);
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations are forward only');
  }
}
