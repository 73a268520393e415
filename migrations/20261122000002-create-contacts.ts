// Who: contacts, the identities that name them, the addresses that reach them, what they allowed and what they did.
// Big tables are keyed (workspace, contact, …) and joined on the contact; reach is what sending reads, consent and
// suppression are why reach says what it says. The three that an import fills by the million have no foreign key to contact:
// contacts are never deleted (erasure empties them), and the check would cost 4 us a row, a third of an import.
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateContacts20261122000002 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create sequence contact_id_seq as bigint cache 100;

      create table contact (
        workspace_id bigint not null references workspace (id),
        id bigint not null default nextval('contact_id_seq'),
        slot smallint not null generated always as ((hashint8extended(id, 0) & 63)::smallint) stored,
        first_name text, last_name text,
        birth_date date,
        gender text check (gender in ('female', 'male', 'other')),
        locale text, time_zone text,
        country text, region text, city text, district text, postal_code text,
        latitude double precision check (latitude between -90 and 90),
        longitude double precision check (longitude between -180 and 180),
        climate_zone text,
        occupation text, occupation_code text, job_title text, company text,
        income_amount numeric(18, 2), income_currency text,
        education_level smallint check (education_level between 0 and 8),
        marital_status text, household_size smallint, children_count smallint,
        nationality text, religion text, political_affiliation text,
        interests text[], personal_values text[], opinions text[], habits text[], personas text[],
        lifestyle text, personality text,
        journey_stage text, needs text[], goals text[], social_groups text[],
        attributes jsonb not null default '{}',
        absorbed_ids bigint[],
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        erased_at timestamptz,
        primary key (workspace_id, id)
      );
      create index contact_country_city_idx on contact (workspace_id, country, city);
      create index contact_birth_date_idx on contact (workspace_id, birth_date);
      create index contact_name_idx on contact (workspace_id, lower(last_name) text_pattern_ops, lower(first_name) text_pattern_ops);
      create index contact_first_name_idx on contact (workspace_id, lower(first_name) text_pattern_ops);

      create table identity (
        workspace_id bigint not null,
        kind text not null check (kind in ('external_id', 'email', 'phone', 'anonymous_id')),
        value text not null check (value <> ''),
        contact_id bigint not null,
        created_at timestamptz not null default now(),
        primary key (workspace_id, kind, value)
      );
      create index identity_contact_id_idx on identity (workspace_id, contact_id);

      create table reach (
        workspace_id bigint not null,
        contact_id bigint not null,
        channel text not null check (channel in ('sms', 'email')),
        address text not null,
        address_hash bytea not null,
        is_primary boolean not null default false,
        state text not null default 'ok' check (state in ('ok', 'invalid', 'bounced')),
        is_suppressed boolean not null default false,
        topics text[] not null default '{}',
        line_type text, country text, area_code text, operator text,
        domain text,
        zones text[],
        created_at timestamptz not null default now(),
        primary key (workspace_id, contact_id, channel, address)
      );
      create index reach_address_hash_idx on reach (workspace_id, channel, address_hash);
      create index reach_address_idx on reach (workspace_id, channel, address text_pattern_ops) include (contact_id);
      create index reach_address_end_idx on reach (workspace_id, reverse(address) text_pattern_ops) include (contact_id) where channel = 'sms';
      create index reach_area_code_idx on reach (workspace_id, country, area_code) include (contact_id) where channel = 'sms';
      create unique index reach_primary_idx on reach (workspace_id, contact_id, channel) where is_primary;

      create table consent (
        workspace_id bigint not null,
        contact_id bigint not null,
        id bigint generated always as identity,
        channel text not null check (channel in ('sms', 'email')),
        topic text not null,
        state text not null check (state in ('granted', 'withdrawn')),
        legal_basis text,
        source text not null,
        proof jsonb not null default '{}',
        address_hash bytea,
        actor text not null,
        occurred_at timestamptz not null,
        expires_at timestamptz,
        recorded_at timestamptz not null default now(),
        primary key (workspace_id, contact_id, id)
      );

      create table suppression (
        workspace_id bigint not null references workspace (id),
        channel text not null check (channel in ('sms', 'email')),
        address_hash bytea not null,
        reason text not null check (reason in ('stop', 'unsubscribe', 'complaint', 'hard-bounce', 'invalid', 'carrier-block', 'manual', 'erased')),
        source text not null,
        details jsonb not null default '{}',
        created_at timestamptz not null default now(),
        expires_at timestamptz,
        primary key (workspace_id, channel, address_hash)
      );
      create index suppression_created_at_idx on suppression (workspace_id, created_at);

      create table list (
        workspace_id bigint not null references workspace (id),
        id bigint generated always as identity,
        name text not null,
        description text,
        created_at timestamptz not null default now(),
        primary key (workspace_id, id),
        constraint list_name_key unique (workspace_id, name)
      );
      create table list_member (
        workspace_id bigint not null,
        contact_id bigint not null,
        list_id bigint not null,
        added_at timestamptz not null default now(),
        primary key (workspace_id, contact_id, list_id),
        foreign key (workspace_id, list_id) references list (workspace_id, id) on delete cascade,
        foreign key (workspace_id, contact_id) references contact (workspace_id, id)
      );
      create index list_member_list_id_idx on list_member (workspace_id, list_id) include (contact_id);

      create table tag (
        workspace_id bigint not null references workspace (id),
        id bigint generated always as identity,
        name text not null,
        created_at timestamptz not null default now(),
        primary key (workspace_id, id),
        constraint tag_name_key unique (workspace_id, name)
      );
      create table contact_tag (
        workspace_id bigint not null,
        contact_id bigint not null,
        tag_id bigint not null,
        added_at timestamptz not null default now(),
        primary key (workspace_id, contact_id, tag_id),
        foreign key (workspace_id, tag_id) references tag (workspace_id, id) on delete cascade,
        foreign key (workspace_id, contact_id) references contact (workspace_id, id)
      );
      create index contact_tag_tag_id_idx on contact_tag (workspace_id, tag_id) include (contact_id);
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations are forward only');
  }
}
