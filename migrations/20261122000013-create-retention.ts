// How long a workspace keeps what it need not keep for ever, and how far the job that enforces it has come.
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateRetention20261122000013 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- A row for each subject that the workspace has a say of its own on, or that was enforced once.
      create table retention (
        workspace_id bigint not null references workspace (id),
        subject text not null,
        is_own boolean not null default false,
        -- null: for ever.
        days integer check (days > 0),
        next_run_at timestamptz,
        -- Rows forgotten since the run under way began: told in the audit trail at its end.
        forgotten bigint not null default 0,
        primary key (workspace_id, subject)
      );
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations are forward only');
  }
}
