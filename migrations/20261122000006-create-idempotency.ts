// Calls that carried an Idempotency-Key with their first answers, and how often an API key may call.
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateIdempotency20261122000006 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table idempotency_key (
        workspace_id bigint not null references workspace (id),
        api_key_id bigint not null references api_key (id),
        route text not null,
        key text not null,
        request_hash bytea not null,
        owner uuid not null,
        lease_until timestamptz,
        status smallint,
        content_type text,
        body bytea,
        expires_at timestamptz not null,
        primary key (workspace_id, api_key_id, route, key),
        constraint idempotency_key_state_check check ((status is null) = (lease_until is not null))
      );
      create index idempotency_key_expires_at_idx on idempotency_key (expires_at);

      alter table api_key add requests_per_minute integer,
        add constraint api_key_requests_per_minute_check check (requests_per_minute > 0);
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations are forward only');
  }
}
