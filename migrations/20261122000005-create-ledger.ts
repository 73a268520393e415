// The ledger: one dispatch per run, one message per recipient, its states, what came back, and the counts kept beside it.
// Rows are written set-based and only by src/messages; the state names are the table in src/domain/message/states.ts.
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateLedger20261122000005 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table dispatch (
        workspace_id bigint not null references workspace (id),
        id bigint generated always as identity,
        name text not null,
        source_kind text not null check (source_kind in ('campaign', 'automation')),
        source_id bigint not null,
        step smallint not null default 0,
        channel text not null check (channel in ('sms', 'email')),
        class text not null check (class in ('marketing', 'transactional')),
        topic text not null,
        state text not null default 'freezing' check (state in ('freezing', 'sending', 'paused', 'done', 'canceled', 'failed')),
        state_reason text,
        template_id bigint not null,
        template_version integer not null,
        gateway_id bigint not null,
        sender jsonb not null default '{}',
        resend_policy text not null check (resend_policy in ('never', 'once')),
        audience jsonb not null default '{}',
        matched bigint,
        error_streak integer not null default 0,
        send_after timestamptz not null default now(),
        ends_at timestamptz,
        created_at timestamptz not null default now(),
        frozen_at timestamptz,
        finished_at timestamptz,
        primary key (workspace_id, id)
      );
      create index dispatch_source_idx on dispatch (workspace_id, source_kind, source_id);
      create index dispatch_open_idx on dispatch (workspace_id, id) where state in ('freezing', 'sending', 'paused');
      create index dispatch_finished_at_idx on dispatch (finished_at);

      create table message (
        workspace_id bigint not null,
        contact_id bigint not null,
        dispatch_id bigint not null,
        channel text not null,
        step smallint not null default 0,
        slot smallint not null,
        state text not null check (state in ('planned', 'claimed', 'sending', 'sent', 'delivered', 'undelivered', 'bounced', 'failed',
          'unknown', 'refused', 'canceled', 'expired')),
        refusal text,
        address text,
        address_hash bytea,
        send_after timestamptz,
        hours_key integer,
        claimed_by integer,
        lease_until timestamptz,
        attempt smallint not null default 0,
        resends smallint not null default 0,
        asked smallint not null default 0,
        gateway_id bigint,
        provider_id text,
        variant text,
        encoding text,
        parts smallint,
        billed_parts smallint,
        cost_micros bigint,
        merge_values jsonb,
        error_kind text,
        error_code text,
        error_detail text,
        sent_at timestamptz,
        updated_at timestamptz not null default now(),
        primary key (workspace_id, contact_id, dispatch_id, channel, step)
      ) with (fillfactor = 80);
      create index message_due_idx on message (workspace_id, dispatch_id, slot, send_after) where state = 'planned';
      create index message_held_idx on message (workspace_id, dispatch_id, slot) where state in ('claimed', 'sending');
      create index message_unknown_idx on message (workspace_id, dispatch_id, updated_at) where state = 'unknown';

      create table message_event (
        workspace_id bigint not null,
        contact_id bigint not null,
        dispatch_id bigint not null,
        channel text not null,
        step smallint not null default 0,
        id bigint generated always as identity,
        kind text not null check (kind in ('sent', 'delivered', 'undelivered', 'bounced', 'failed', 'unknown', 'resent', 'opened', 'clicked', 'replied',
          'unsubscribed', 'complained', 'converted')),
        at timestamptz not null,
        is_machine boolean not null default false,
        link text,
        details jsonb not null default '{}',
        primary key (workspace_id, contact_id, dispatch_id, channel, step, id)
      );

      create table tally (
        workspace_id bigint not null,
        dispatch_id bigint not null,
        slot smallint not null,
        state text not null,
        was_sent boolean not null,
        reason text not null default '',
        variant text not null default '',
        messages bigint not null,
        parts bigint not null default 0,
        cost_micros bigint not null default 0,
        primary key (workspace_id, dispatch_id, slot, state, was_sent, reason, variant)
      ) with (fillfactor = 50);

      -- Rates on both queue back ends: GCRA. tat is the theoretical arrival time of the next unit.
      create table pace (
        workspace_id bigint not null,
        key text not null,
        tat timestamptz not null,
        primary key (workspace_id, key)
      );
      create table pace_window (
        workspace_id bigint not null,
        key text not null,
        starts_at timestamptz not null,
        used bigint not null default 0,
        primary key (workspace_id, key, starts_at)
      );

      -- What providers say, stored raw before it is applied: receipts and inbound messages.
      create table gateway_callback (
        id bigint generated always as identity primary key,
        workspace_id bigint not null references workspace (id),
        gateway_id bigint not null,
        kind text not null check (kind in ('receipt', 'inbound')),
        token text,
        payload jsonb not null,
        received_at timestamptz not null default now(),
        applied_at timestamptz,
        outcome text
      );
      create index gateway_callback_open_idx on gateway_callback (workspace_id, id) where applied_at is null;

      create sequence worker_id_seq as integer cycle;

      -- The sandbox: a mailbox and a phone network inside the product. Written before the sandbox answers.
      create table sandbox_message (
        id bigint generated always as identity primary key,
        workspace_id bigint not null references workspace (id),
        channel text not null check (channel in ('sms', 'email')),
        provider_id text not null,
        sender text not null,
        recipient text not null,
        subject text,
        body text not null,
        headers jsonb not null default '{}',
        receipt_url text,
        receipt_state text not null default 'none' check (receipt_state in ('none', 'due', 'sent', 'given-up')),
        receipt_attempts smallint not null default 0,
        received_at timestamptz not null default now(),
        constraint sandbox_message_provider_id_key unique (provider_id)
      );
      create index sandbox_message_recipient_idx on sandbox_message (workspace_id, recipient);
      create index sandbox_message_receipt_idx on sandbox_message (id) where receipt_state = 'due';
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations are forward only');
  }
}
