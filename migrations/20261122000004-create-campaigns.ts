// What we say to whom: segments, templates and campaigns.
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateCampaigns20261122000004 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table segment (
        workspace_id bigint not null references workspace (id),
        id bigint generated always as identity,
        name text not null,
        description text,
        folder text,
        rule jsonb not null,
        version integer not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        archived_at timestamptz,
        primary key (workspace_id, id),
        constraint segment_name_key unique (workspace_id, name)
      );

      create table template (
        workspace_id bigint not null references workspace (id),
        id bigint generated always as identity,
        name text not null,
        channel text not null check (channel in ('sms', 'email')),
        current_version integer not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        archived_at timestamptz,
        primary key (workspace_id, id)
      );
      create unique index template_name_idx on template (workspace_id, name) where archived_at is null;
      create table template_version (
        workspace_id bigint not null,
        template_id bigint not null,
        version integer not null,
        locale text not null default 'und',
        format text not null check (format in ('text', 'html', 'mjml')),
        subject text,
        preheader text,
        body text not null,
        text_body text,
        is_text_generated boolean not null default false,
        fields text[] not null,
        created_by text not null,
        created_at timestamptz not null default now(),
        primary key (workspace_id, template_id, version, locale),
        foreign key (workspace_id, template_id) references template (workspace_id, id)
      );

      create table gateway (
        workspace_id bigint not null references workspace (id),
        id bigint generated always as identity,
        name text not null,
        channel text not null check (channel in ('sms', 'email')),
        kind text not null check (kind in ('sandbox', 'twilio', 'smtp')),
        settings jsonb not null default '{}',
        secrets bytea,
        window_size integer not null default 100 check (window_size between 1 and 1000),
        units_per_second integer check (units_per_second > 0),
        is_default boolean not null default false,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        archived_at timestamptz,
        primary key (workspace_id, id),
        constraint gateway_name_key unique (workspace_id, name)
      );
      create unique index gateway_default_idx on gateway (workspace_id, channel) where is_default;

      create table campaign (
        workspace_id bigint not null references workspace (id),
        id bigint generated always as identity,
        name text not null,
        channel text not null check (channel in ('sms', 'email')),
        class text not null check (class in ('marketing', 'transactional')),
        topic text not null,
        state text not null default 'draft' check (state in ('draft', 'scheduled', 'launching', 'sending', 'paused', 'done', 'canceled', 'failed')),
        state_reason text,
        sender jsonb not null default '{}',
        template_id bigint not null,
        gateway_id bigint,
        include_segment_ids bigint[] not null,
        exclude_segment_ids bigint[] not null default '{}',
        next_run_at timestamptz,
        ends_at timestamptz,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        archived_at timestamptz,
        primary key (workspace_id, id),
        foreign key (workspace_id, template_id) references template (workspace_id, id),
        foreign key (workspace_id, gateway_id) references gateway (workspace_id, id)
      );
      create unique index campaign_name_idx on campaign (workspace_id, name) where archived_at is null;
      create index campaign_next_run_at_idx on campaign (next_run_at) where state = 'scheduled';
      create index campaign_running_idx on campaign (workspace_id, id) where state in ('launching', 'sending');
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations are forward only');
  }
}
