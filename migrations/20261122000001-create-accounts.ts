// Tenants, their API keys, and the audit trail: one row per writing request or job, with who did it.
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateAccounts20261122000001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table workspace (
        id bigint generated always as identity primary key,
        name text not null,
        default_country text not null default 'US',
        time_zone text not null default 'UTC',
        locale text not null default 'en',
        currency text not null default 'USD',
        is_sandbox_only boolean not null default false,
        created_at timestamptz not null default now(),
        constraint workspace_name_key unique (name)
      );

      create table api_key (
        id bigint generated always as identity primary key,
        workspace_id bigint not null references workspace (id),
        name text not null,
        prefix text not null,
        hash bytea not null,
        scopes text[] not null,
        created_at timestamptz not null default now(),
        last_used_at timestamptz,
        revoked_at timestamptz,
        constraint api_key_hash_key unique (hash)
      );
      create index api_key_workspace_id_idx on api_key (workspace_id);

      create table audit_entry (
        workspace_id bigint not null references workspace (id),
        id bigint generated always as identity,
        at timestamptz not null default now(),
        actor text not null,
        action text not null,
        target text,
        request_id text,
        details jsonb not null default '{}',
        primary key (workspace_id, id)
      );
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations are forward only');
  }
}
