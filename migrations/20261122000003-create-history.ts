// What contacts did (events by month, orders and the facts kept from them), the change feed that followers read with
// their own cursor, and the staging of imports.
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateHistory20261122000003 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create sequence contact_event_id_seq as bigint cache 100;

      create table contact_event (
        workspace_id bigint not null,
        contact_id bigint not null,
        at timestamptz not null,
        id bigint not null default nextval('contact_event_id_seq'),
        name text not null,
        properties jsonb not null default '{}',
        source text not null,
        received_at timestamptz not null default now(),
        primary key (workspace_id, contact_id, at, id)
      ) partition by range (at);
      create index contact_event_name_at_idx on contact_event (workspace_id, name, at) include (contact_id);

      -- Partitions are made by whoever writes events, for the months it is about to write; the advisory lock keeps two
      -- writers from making the same one at once.
      create function ensure_contact_event_months(first_at timestamptz, last_at timestamptz) returns void language plpgsql as $body$
      declare
        month timestamp := date_trunc('month', first_at at time zone 'UTC');
        part text;
      begin
        while month <= last_at at time zone 'UTC' loop
          part := 'contact_event_' || to_char(month, 'YYYY_MM');
          if to_regclass(part) is null then
            perform pg_advisory_xact_lock(hashtext('contact_event_months'));
            if to_regclass(part) is null then
              execute format('create table %I partition of contact_event for values from (%L) to (%L)', part,
                to_char(month, 'YYYY-MM-DD') || ' 00:00:00+00', to_char(month + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00');
            end if;
          end if;
          month := month + interval '1 month';
        end loop;
      end $body$;

      create table event_seen (
        workspace_id bigint not null,
        source text not null,
        message_id text not null,
        seen_at timestamptz not null default now(),
        primary key (workspace_id, source, message_id)
      );
      create index event_seen_seen_at_idx on event_seen (seen_at);

      create table purchase (
        workspace_id bigint not null,
        contact_id bigint not null,
        order_id text not null,
        ordered_at timestamptz not null,
        state text not null default 'completed' check (state in ('completed', 'refunded', 'canceled')),
        currency text not null,
        gross_amount numeric(18, 2) not null,
        refunded_amount numeric(18, 2) not null default 0,
        net_amount numeric(18, 2) not null generated always as (gross_amount - refunded_amount) stored,
        item_count integer,
        coupon text,
        properties jsonb not null default '{}',
        source text not null,
        primary key (workspace_id, contact_id, order_id),
        foreign key (workspace_id, contact_id) references contact (workspace_id, id)
      );
      create index purchase_order_id_idx on purchase (workspace_id, order_id) include (contact_id);

      create table contact_value (
        workspace_id bigint not null,
        contact_id bigint not null,
        order_count integer not null,
        net_amount numeric(18, 2) not null,
        currency text,
        first_order_at timestamptz,
        last_order_at timestamptz,
        as_of timestamptz not null,
        primary key (workspace_id, contact_id),
        foreign key (workspace_id, contact_id) references contact (workspace_id, id)
      );
      create index contact_value_last_order_at_idx on contact_value (workspace_id, last_order_at);

      -- One row per statement that changed people: contact_ids for a few, batch (kind and id, e.g. an import) for many.
      -- Followers read rows with tx below the oldest running transaction, so a late commit is never skipped.
      create table contact_change (
        workspace_id bigint not null,
        id bigint generated always as identity,
        at timestamptz not null default now(),
        tx xid8 not null default pg_current_xact_id(),
        kind text not null check (kind in ('contact', 'consent', 'suppression', 'list', 'tag', 'event', 'purchase', 'ledger', 'erase', 'merge')),
        contact_ids bigint[],
        batch_kind text,
        batch_id bigint,
        primary key (workspace_id, id)
      );
      create index contact_change_erase_idx on contact_change (workspace_id, tx, id) where kind = 'erase';

      -- How far each follower of the feed has read. By transaction first: ids are not in the order of commits.
      create table change_cursor (
        workspace_id bigint not null references workspace (id),
        follower text not null,
        last_tx xid8 not null,
        last_id bigint not null,
        primary key (workspace_id, follower)
      );

      create table import (
        workspace_id bigint not null references workspace (id),
        id bigint generated always as identity,
        kind text not null check (kind in ('contacts', 'orders')),
        state text not null check (state in ('uploading', 'merging', 'done', 'failed', 'canceled')),
        file_name text,
        headers text[] not null default '{}',
        mapping jsonb not null,
        options jsonb not null default '{}',
        rows_read bigint not null default 0,
        rows_staged bigint not null default 0,
        -- Number of the last staged row whose batch is committed: where a merge goes on after a crash.
        merged_to bigint not null default 0,
        merge_failures smallint not null default 0,
        rows_merged bigint not null default 0,
        rows_skipped bigint not null default 0,
        rows_rejected bigint not null default 0,
        contacts_created bigint not null default 0,
        contacts_updated bigint not null default 0,
        error text,
        actor text not null,
        created_at timestamptz not null default now(),
        merge_started_at timestamptz,
        updated_at timestamptz not null default now(),
        finished_at timestamptz,
        primary key (workspace_id, id)
      );
      create table import_reject (
        workspace_id bigint not null,
        import_id bigint not null,
        row_number bigint not null,
        column_name text,
        reason text not null,
        raw text[] not null,
        primary key (workspace_id, import_id, row_number)
      );
      create index import_open_idx on import (workspace_id, id) where state in ('uploading', 'merging');
      -- Each import stages its rows in an unlogged table of its own here, with the columns its file has; dropped when it ends.
      create schema staging;
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations are forward only');
  }
}
