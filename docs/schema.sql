create sequence contact_event_id_seq as bigint cache 100;

create sequence contact_id_seq as bigint cache 100;

create sequence worker_id_seq as integer cache 1;

CREATE OR REPLACE FUNCTION public.ensure_contact_event_months(first_at timestamp with time zone, last_at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
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
      end $function$
;

create table api_key (
  id bigint not null generated always as identity,
  workspace_id bigint not null,
  name text not null,
  prefix text not null,
  hash bytea not null,
  scopes text[] not null,
  created_at timestamp with time zone not null default now(),
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  requests_per_minute integer,
  constraint api_key_hash_key UNIQUE (hash),
  constraint api_key_pkey PRIMARY KEY (id),
  constraint api_key_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace(id),
  constraint api_key_requests_per_minute_check CHECK ((requests_per_minute > 0))
);
CREATE INDEX api_key_workspace_id_idx ON public.api_key USING btree (workspace_id);

create table attribute (
  workspace_id bigint not null,
  id bigint not null generated always as identity,
  key text not null,
  label text not null,
  description text,
  type text not null,
  options jsonb not null default '[]'::jsonb,
  sensitivity text not null default 'normal'::text,
  legal_basis text,
  created_at timestamp with time zone not null default now(),
  archived_at timestamp with time zone,
  constraint attribute_key_key UNIQUE (workspace_id, key),
  constraint attribute_pkey PRIMARY KEY (workspace_id, id),
  constraint attribute_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace(id),
  constraint attribute_sensitivity_check CHECK ((sensitivity = ANY (ARRAY['normal'::text, 'personal'::text, 'sensitive'::text]))),
  constraint attribute_type_check CHECK ((type = ANY (ARRAY['text'::text, 'number'::text, 'boolean'::text, 'date'::text, 'time'::text, 'money'::text, 'place'::text, 'texts'::text, 'choice'::text, 'choices'::text])))
);

create table audit_entry (
  workspace_id bigint not null,
  id bigint not null generated always as identity,
  at timestamp with time zone not null default now(),
  actor text not null,
  action text not null,
  target text,
  request_id text,
  details jsonb not null default '{}'::jsonb,
  constraint audit_entry_pkey PRIMARY KEY (workspace_id, id),
  constraint audit_entry_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace(id)
);
CREATE INDEX audit_entry_contact_idx ON public.audit_entry USING btree (workspace_id, target, at, id) WHERE (target ~~ 'contact:%'::text);

create table bulk_edit (
  workspace_id bigint not null,
  id bigint not null generated always as identity,
  state text not null default 'running'::text,
  rule jsonb not null,
  segment_id bigint,
  edit jsonb not null,
  actor text not null,
  matched bigint not null,
  edited bigint not null default 0,
  gone bigint not null default 0,
  failures smallint not null default 0,
  error text,
  created_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  constraint bulk_edit_pkey PRIMARY KEY (workspace_id, id),
  constraint bulk_edit_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace(id),
  constraint bulk_edit_state_check CHECK ((state = ANY (ARRAY['running'::text, 'done'::text, 'failed'::text, 'canceled'::text])))
);
CREATE INDEX bulk_edit_running_idx ON public.bulk_edit USING btree (workspace_id, id) WHERE (state = 'running'::text);

create table bulk_edit_target (
  workspace_id bigint not null,
  bulk_edit_id bigint not null,
  contact_id bigint not null,
  constraint bulk_edit_target_pkey PRIMARY KEY (workspace_id, bulk_edit_id, contact_id),
  constraint bulk_edit_target_workspace_id_bulk_edit_id_fkey FOREIGN KEY (workspace_id, bulk_edit_id) REFERENCES bulk_edit(workspace_id, id)
);

create table campaign (
  workspace_id bigint not null,
  id bigint not null generated always as identity,
  name text not null,
  channel text not null,
  class text not null,
  topic text not null,
  state text not null default 'draft'::text,
  state_reason text,
  sender jsonb not null default '{}'::jsonb,
  template_id bigint not null,
  gateway_id bigint,
  include_segment_ids bigint[] not null,
  exclude_segment_ids bigint[] not null default '{}'::bigint[],
  next_run_at timestamp with time zone,
  ends_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  archived_at timestamp with time zone,
  variants jsonb not null default '[]'::jsonb,
  launch_local text,
  launch_time_zone text,
  constraint campaign_pkey PRIMARY KEY (workspace_id, id),
  constraint campaign_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace(id),
  constraint campaign_workspace_id_gateway_id_fkey FOREIGN KEY (workspace_id, gateway_id) REFERENCES gateway(workspace_id, id),
  constraint campaign_workspace_id_template_id_fkey FOREIGN KEY (workspace_id, template_id) REFERENCES template(workspace_id, id),
  constraint campaign_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
  constraint campaign_class_check CHECK ((class = ANY (ARRAY['marketing'::text, 'transactional'::text]))),
  constraint campaign_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'scheduled'::text, 'launching'::text, 'sending'::text, 'paused'::text, 'done'::text, 'canceled'::text, 'failed'::text])))
);
CREATE UNIQUE INDEX campaign_name_idx ON public.campaign USING btree (workspace_id, name) WHERE (archived_at IS NULL);
CREATE INDEX campaign_next_run_at_idx ON public.campaign USING btree (next_run_at) WHERE (state = 'scheduled'::text);
CREATE INDEX campaign_running_idx ON public.campaign USING btree (workspace_id, id) WHERE (state = ANY (ARRAY['launching'::text, 'sending'::text]));

create table change_cursor (
  workspace_id bigint not null,
  follower text not null,
  last_tx xid8 not null,
  last_id bigint not null,
  constraint change_cursor_pkey PRIMARY KEY (workspace_id, follower),
  constraint change_cursor_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace(id)
);

create table consent (
  workspace_id bigint not null,
  contact_id bigint not null,
  id bigint not null generated always as identity,
  channel text not null,
  topic text not null,
  state text not null,
  legal_basis text,
  source text not null,
  proof jsonb not null default '{}'::jsonb,
  address_hash bytea,
  actor text not null,
  occurred_at timestamp with time zone not null,
  expires_at timestamp with time zone,
  recorded_at timestamp with time zone not null default now(),
  constraint consent_pkey PRIMARY KEY (workspace_id, contact_id, id),
  constraint consent_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
  constraint consent_state_check CHECK ((state = ANY (ARRAY['granted'::text, 'withdrawn'::text])))
);

create table contact (
  workspace_id bigint not null,
  id bigint not null default nextval('contact_id_seq'::regclass),
  slot smallint not null generated always as (((hashint8extended(id, (0)::bigint) & (63)::bigint))::smallint) stored,
  first_name text,
  last_name text,
  birth_date date,
  gender text,
  locale text,
  time_zone text,
  country text,
  region text,
  city text,
  district text,
  postal_code text,
  latitude double precision,
  longitude double precision,
  climate_zone text,
  occupation text,
  occupation_code text,
  job_title text,
  company text,
  income_amount numeric(18,2),
  income_currency text,
  education_level smallint,
  marital_status text,
  household_size smallint,
  children_count smallint,
  nationality text,
  religion text,
  political_affiliation text,
  interests text[],
  personal_values text[],
  opinions text[],
  habits text[],
  personas text[],
  lifestyle text,
  personality text,
  journey_stage text,
  needs text[],
  goals text[],
  social_groups text[],
  attributes jsonb not null default '{}'::jsonb,
  absorbed_ids bigint[],
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  erased_at timestamp with time zone,
  income_band text,
  constraint contact_pkey PRIMARY KEY (workspace_id, id),
  constraint contact_education_level_check CHECK (((education_level >= 0) AND (education_level <= 8))),
  constraint contact_gender_check CHECK ((gender = ANY (ARRAY['female'::text, 'male'::text, 'other'::text]))),
  constraint contact_latitude_check CHECK (((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision))),
  constraint contact_longitude_check CHECK (((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision)))
);
CREATE INDEX contact_birth_date_idx ON public.contact USING btree (workspace_id, birth_date);
CREATE INDEX contact_country_city_idx ON public.contact USING btree (workspace_id, country, city);
CREATE INDEX contact_first_name_idx ON public.contact USING btree (workspace_id, lower(first_name) text_pattern_ops);
CREATE INDEX contact_name_idx ON public.contact USING btree (workspace_id, lower(last_name) text_pattern_ops, lower(first_name) text_pattern_ops);

create table contact_change (
  workspace_id bigint not null,
  id bigint not null generated always as identity,
  at timestamp with time zone not null default now(),
  tx xid8 not null default pg_current_xact_id(),
  kind text not null,
  contact_ids bigint[],
  batch_kind text,
  batch_id bigint,
  constraint contact_change_pkey PRIMARY KEY (workspace_id, id),
  constraint contact_change_kind_check CHECK ((kind = ANY (ARRAY['contact'::text, 'consent'::text, 'suppression'::text, 'list'::text, 'tag'::text, 'event'::text, 'purchase'::text, 'ledger'::text, 'erase'::text, 'merge'::text])))
);
CREATE INDEX contact_change_erase_idx ON public.contact_change USING btree (workspace_id, tx, id) WHERE (kind = 'erase'::text);

create table contact_event (
  workspace_id bigint not null,
  contact_id bigint not null,
  at timestamp with time zone not null,
  id bigint not null default nextval('contact_event_id_seq'::regclass),
  name text not null,
  properties jsonb not null default '{}'::jsonb,
  source text not null,
  received_at timestamp with time zone not null default now(),
  constraint contact_event_pkey PRIMARY KEY (workspace_id, contact_id, at, id)
) partition by RANGE (at);
CREATE INDEX contact_event_name_at_idx ON ONLY public.contact_event USING btree (workspace_id, name, at) INCLUDE (contact_id);

create table contact_note (
  workspace_id bigint not null,
  contact_id bigint not null,
  id bigint not null generated always as identity,
  text text not null,
  author text not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint contact_note_pkey PRIMARY KEY (workspace_id, contact_id, id),
  constraint contact_note_workspace_id_contact_id_fkey FOREIGN KEY (workspace_id, contact_id) REFERENCES contact(workspace_id, id)
);

create table contact_tag (
  workspace_id bigint not null,
  contact_id bigint not null,
  tag_id bigint not null,
  added_at timestamp with time zone not null default now(),
  constraint contact_tag_pkey PRIMARY KEY (workspace_id, contact_id, tag_id),
  constraint contact_tag_workspace_id_contact_id_fkey FOREIGN KEY (workspace_id, contact_id) REFERENCES contact(workspace_id, id),
  constraint contact_tag_workspace_id_tag_id_fkey FOREIGN KEY (workspace_id, tag_id) REFERENCES tag(workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX contact_tag_tag_id_idx ON public.contact_tag USING btree (workspace_id, tag_id) INCLUDE (contact_id);

create table contact_value (
  workspace_id bigint not null,
  contact_id bigint not null,
  order_count integer not null,
  net_amount numeric(18,2) not null,
  currency text,
  first_order_at timestamp with time zone,
  last_order_at timestamp with time zone,
  as_of timestamp with time zone not null,
  constraint contact_value_pkey PRIMARY KEY (workspace_id, contact_id),
  constraint contact_value_workspace_id_contact_id_fkey FOREIGN KEY (workspace_id, contact_id) REFERENCES contact(workspace_id, id)
);
CREATE INDEX contact_value_last_order_at_idx ON public.contact_value USING btree (workspace_id, last_order_at);

create table dispatch (
  workspace_id bigint not null,
  id bigint not null generated always as identity,
  name text not null,
  source_kind text not null,
  source_id bigint not null,
  step smallint not null default 0,
  channel text not null,
  class text not null,
  topic text not null,
  state text not null default 'freezing'::text,
  state_reason text,
  template_id bigint not null,
  template_version integer not null,
  gateway_id bigint not null,
  sender jsonb not null default '{}'::jsonb,
  resend_policy text not null,
  audience jsonb not null default '{}'::jsonb,
  matched bigint,
  error_streak integer not null default 0,
  send_after timestamp with time zone not null default now(),
  ends_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  frozen_at timestamp with time zone,
  finished_at timestamp with time zone,
  variants jsonb not null default '[]'::jsonb,
  constraint dispatch_pkey PRIMARY KEY (workspace_id, id),
  constraint dispatch_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace(id),
  constraint dispatch_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
  constraint dispatch_class_check CHECK ((class = ANY (ARRAY['marketing'::text, 'transactional'::text]))),
  constraint dispatch_resend_policy_check CHECK ((resend_policy = ANY (ARRAY['never'::text, 'once'::text]))),
  constraint dispatch_source_kind_check CHECK ((source_kind = ANY (ARRAY['campaign'::text, 'automation'::text]))),
  constraint dispatch_state_check CHECK ((state = ANY (ARRAY['freezing'::text, 'sending'::text, 'paused'::text, 'done'::text, 'canceled'::text, 'failed'::text])))
);
CREATE INDEX dispatch_finished_at_idx ON public.dispatch USING btree (finished_at);
CREATE INDEX dispatch_open_idx ON public.dispatch USING btree (workspace_id, id) WHERE (state = ANY (ARRAY['freezing'::text, 'sending'::text, 'paused'::text]));
CREATE INDEX dispatch_source_idx ON public.dispatch USING btree (workspace_id, source_kind, source_id);

create table event_seen (
  workspace_id bigint not null,
  source text not null,
  message_id text not null,
  seen_at timestamp with time zone not null default now(),
  constraint event_seen_pkey PRIMARY KEY (workspace_id, source, message_id)
);
CREATE INDEX event_seen_seen_at_idx ON public.event_seen USING btree (seen_at);

create table gateway (
  workspace_id bigint not null,
  id bigint not null generated always as identity,
  name text not null,
  channel text not null,
  kind text not null,
  settings jsonb not null default '{}'::jsonb,
  secrets bytea,
  window_size integer not null default 100,
  units_per_second integer,
  is_default boolean not null default false,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  archived_at timestamp with time zone,
  constraint gateway_name_key UNIQUE (workspace_id, name),
  constraint gateway_pkey PRIMARY KEY (workspace_id, id),
  constraint gateway_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace(id),
  constraint gateway_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
  constraint gateway_kind_check CHECK ((kind = ANY (ARRAY['sandbox'::text, 'twilio'::text, 'smtp'::text]))),
  constraint gateway_units_per_second_check CHECK ((units_per_second > 0)),
  constraint gateway_window_size_check CHECK (((window_size >= 1) AND (window_size <= 1000)))
);
CREATE UNIQUE INDEX gateway_default_idx ON public.gateway USING btree (workspace_id, channel) WHERE is_default;

create table gateway_callback (
  id bigint not null generated always as identity,
  workspace_id bigint not null,
  gateway_id bigint not null,
  kind text not null,
  token text,
  payload jsonb not null,
  received_at timestamp with time zone not null default now(),
  applied_at timestamp with time zone,
  outcome text,
  constraint gateway_callback_pkey PRIMARY KEY (id),
  constraint gateway_callback_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace(id),
  constraint gateway_callback_kind_check CHECK ((kind = ANY (ARRAY['receipt'::text, 'inbound'::text])))
);
CREATE INDEX gateway_callback_open_idx ON public.gateway_callback USING btree (workspace_id, id) WHERE (applied_at IS NULL);

create table idempotency_key (
  workspace_id bigint not null,
  api_key_id bigint not null,
  route text not null,
  key text not null,
  request_hash bytea not null,
  owner uuid not null,
  lease_until timestamp with time zone,
  status smallint,
  content_type text,
  body bytea,
  expires_at timestamp with time zone not null,
  constraint idempotency_key_pkey PRIMARY KEY (workspace_id, api_key_id, route, key),
  constraint idempotency_key_api_key_id_fkey FOREIGN KEY (api_key_id) REFERENCES api_key(id),
  constraint idempotency_key_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace(id),
  constraint idempotency_key_state_check CHECK (((status IS NULL) = (lease_until IS NOT NULL)))
);
CREATE INDEX idempotency_key_expires_at_idx ON public.idempotency_key USING btree (expires_at);

create table identity (
  workspace_id bigint not null,
  kind text not null,
  value text not null,
  contact_id bigint not null,
  created_at timestamp with time zone not null default now(),
  constraint identity_pkey PRIMARY KEY (workspace_id, kind, value),
  constraint identity_kind_check CHECK ((kind = ANY (ARRAY['external_id'::text, 'email'::text, 'phone'::text, 'anonymous_id'::text]))),
  constraint identity_value_check CHECK ((value <> ''::text))
);
CREATE INDEX identity_contact_id_idx ON public.identity USING btree (workspace_id, contact_id) WHERE (kind = ANY (ARRAY['external_id'::text, 'anonymous_id'::text]));

create table import (
  workspace_id bigint not null,
  id bigint not null generated always as identity,
  kind text not null,
  state text not null,
  file_name text,
  headers text[] not null default '{}'::text[],
  mapping jsonb not null,
  options jsonb not null default '{}'::jsonb,
  rows_read bigint not null default 0,
  rows_staged bigint not null default 0,
  merged_to bigint not null default 0,
  merge_failures smallint not null default 0,
  rows_merged bigint not null default 0,
  rows_skipped bigint not null default 0,
  rows_rejected bigint not null default 0,
  contacts_created bigint not null default 0,
  contacts_updated bigint not null default 0,
  error text,
  actor text not null,
  created_at timestamp with time zone not null default now(),
  merge_started_at timestamp with time zone,
  updated_at timestamp with time zone not null default now(),
  finished_at timestamp with time zone,
  constraint import_pkey PRIMARY KEY (workspace_id, id),
  constraint import_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace(id),
  constraint import_kind_check CHECK ((kind = ANY (ARRAY['contacts'::text, 'orders'::text]))),
  constraint import_state_check CHECK ((state = ANY (ARRAY['uploading'::text, 'merging'::text, 'done'::text, 'failed'::text, 'canceled'::text])))
);
CREATE INDEX import_open_idx ON public.import USING btree (workspace_id, id) WHERE (state = ANY (ARRAY['uploading'::text, 'merging'::text]));

create table import_mapping (
  workspace_id bigint not null,
  id bigint not null generated always as identity,
  name text not null,
  kind text not null,
  headers text[] not null,
  mapping jsonb not null,
  options jsonb not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  last_used_at timestamp with time zone,
  constraint import_mapping_name_key UNIQUE (workspace_id, name),
  constraint import_mapping_pkey PRIMARY KEY (workspace_id, id),
  constraint import_mapping_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace(id),
  constraint import_mapping_headers_check CHECK ((cardinality(headers) > 0)),
  constraint import_mapping_kind_check CHECK ((kind = ANY (ARRAY['contacts'::text, 'orders'::text])))
);

create table import_reject (
  workspace_id bigint not null,
  import_id bigint not null,
  row_number bigint not null,
  column_name text,
  reason text not null,
  raw text[] not null,
  constraint import_reject_pkey PRIMARY KEY (workspace_id, import_id, row_number)
);

create table list (
  workspace_id bigint not null,
  id bigint not null generated always as identity,
  name text not null,
  description text,
  created_at timestamp with time zone not null default now(),
  constraint list_name_key UNIQUE (workspace_id, name),
  constraint list_pkey PRIMARY KEY (workspace_id, id),
  constraint list_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace(id)
);

create table list_member (
  workspace_id bigint not null,
  contact_id bigint not null,
  list_id bigint not null,
  added_at timestamp with time zone not null default now(),
  constraint list_member_pkey PRIMARY KEY (workspace_id, contact_id, list_id),
  constraint list_member_workspace_id_contact_id_fkey FOREIGN KEY (workspace_id, contact_id) REFERENCES contact(workspace_id, id),
  constraint list_member_workspace_id_list_id_fkey FOREIGN KEY (workspace_id, list_id) REFERENCES list(workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX list_member_list_id_idx ON public.list_member USING btree (workspace_id, list_id) INCLUDE (contact_id);

create table message (
  workspace_id bigint not null,
  contact_id bigint not null,
  dispatch_id bigint not null,
  channel text not null,
  step smallint not null default 0,
  slot smallint not null,
  state text not null,
  refusal text,
  address text,
  address_hash bytea,
  send_after timestamp with time zone,
  hours_key integer,
  claimed_by integer,
  lease_until timestamp with time zone,
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
  sent_at timestamp with time zone,
  updated_at timestamp with time zone not null default now(),
  constraint message_pkey PRIMARY KEY (workspace_id, contact_id, dispatch_id, channel, step),
  constraint message_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'claimed'::text, 'sending'::text, 'sent'::text, 'delivered'::text, 'undelivered'::text, 'bounced'::text, 'failed'::text, 'unknown'::text, 'refused'::text, 'canceled'::text, 'expired'::text])))
) with (fillfactor=80);
CREATE INDEX message_due_idx ON public.message USING btree (workspace_id, dispatch_id, slot, send_after) WHERE (state = 'planned'::text);
CREATE INDEX message_held_idx ON public.message USING btree (workspace_id, dispatch_id, slot, lease_until) WHERE (state = ANY (ARRAY['claimed'::text, 'sending'::text]));
CREATE INDEX message_settled_idx ON public.message USING btree (workspace_id, dispatch_id, state, COALESCE(refusal, ''::text), slot, contact_id) WHERE (state = ANY (ARRAY['sent'::text, 'delivered'::text, 'undelivered'::text, 'bounced'::text, 'failed'::text, 'refused'::text, 'canceled'::text, 'expired'::text]));
CREATE INDEX message_unknown_idx ON public.message USING btree (workspace_id, dispatch_id, updated_at) WHERE (state = 'unknown'::text);

create table message_event (
  workspace_id bigint not null,
  contact_id bigint not null,
  dispatch_id bigint not null,
  channel text not null,
  step smallint not null default 0,
  id bigint not null generated always as identity,
  kind text not null,
  at timestamp with time zone not null,
  is_machine boolean not null default false,
  link text,
  details jsonb not null default '{}'::jsonb,
  constraint message_event_pkey PRIMARY KEY (workspace_id, contact_id, dispatch_id, channel, step, id),
  constraint message_event_kind_check CHECK ((kind = ANY (ARRAY['sent'::text, 'delivered'::text, 'undelivered'::text, 'bounced'::text, 'failed'::text, 'unknown'::text, 'resent'::text, 'opened'::text, 'clicked'::text, 'replied'::text, 'unsubscribed'::text, 'complained'::text, 'converted'::text])))
);

create table pace (
  workspace_id bigint not null,
  key text not null,
  tat timestamp with time zone not null,
  constraint pace_pkey PRIMARY KEY (workspace_id, key)
);

create table pace_window (
  workspace_id bigint not null,
  key text not null,
  starts_at timestamp with time zone not null,
  used bigint not null default 0,
  constraint pace_window_pkey PRIMARY KEY (workspace_id, key, starts_at)
);

create table purchase (
  workspace_id bigint not null,
  contact_id bigint not null,
  order_id text not null,
  ordered_at timestamp with time zone not null,
  state text not null default 'completed'::text,
  currency text not null,
  gross_amount numeric(18,2) not null,
  refunded_amount numeric(18,2) not null default 0,
  net_amount numeric(18,2) not null generated always as ((gross_amount - refunded_amount)) stored,
  item_count integer,
  coupon text,
  properties jsonb not null default '{}'::jsonb,
  source text not null,
  constraint purchase_pkey PRIMARY KEY (workspace_id, contact_id, order_id),
  constraint purchase_workspace_id_contact_id_fkey FOREIGN KEY (workspace_id, contact_id) REFERENCES contact(workspace_id, id),
  constraint purchase_state_check CHECK ((state = ANY (ARRAY['completed'::text, 'refunded'::text, 'canceled'::text])))
);
CREATE INDEX purchase_order_id_idx ON public.purchase USING btree (workspace_id, order_id) INCLUDE (contact_id);

create table reach (
  workspace_id bigint not null,
  contact_id bigint not null,
  channel text not null,
  address text not null,
  address_hash bytea not null,
  is_primary boolean not null default false,
  state text not null default 'ok'::text,
  is_suppressed boolean not null default false,
  topics text[] not null default '{}'::text[],
  line_type text,
  country text,
  area_code text,
  operator text,
  domain text,
  zones text[],
  created_at timestamp with time zone not null default now(),
  constraint reach_pkey PRIMARY KEY (workspace_id, contact_id, channel, address),
  constraint reach_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
  constraint reach_state_check CHECK ((state = ANY (ARRAY['ok'::text, 'invalid'::text, 'bounced'::text])))
);
CREATE INDEX reach_address_end_idx ON public.reach USING btree (workspace_id, reverse(address) text_pattern_ops) INCLUDE (contact_id) WHERE (channel = 'sms'::text);
CREATE INDEX reach_address_idx ON public.reach USING btree (workspace_id, channel, address text_pattern_ops) INCLUDE (contact_id);
CREATE INDEX reach_area_code_idx ON public.reach USING btree (workspace_id, country, area_code) INCLUDE (contact_id) WHERE (channel = 'sms'::text);
CREATE UNIQUE INDEX reach_primary_idx ON public.reach USING btree (workspace_id, contact_id, channel) WHERE is_primary;
CREATE INDEX reach_suppressed_idx ON public.reach USING btree (workspace_id, channel, address_hash) WHERE is_suppressed;

create table recent_suppression (
  workspace_id bigint not null,
  channel text not null,
  address text not null,
  at timestamp with time zone not null,
  constraint recent_suppression_pkey PRIMARY KEY (workspace_id, channel, address),
  constraint recent_suppression_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace(id),
  constraint recent_suppression_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text])))
);

create table response_tally (
  workspace_id bigint not null,
  dispatch_id bigint not null,
  slot smallint not null,
  variant text not null default ''::text,
  kind text not null,
  people bigint not null,
  constraint response_tally_pkey PRIMARY KEY (workspace_id, dispatch_id, slot, variant, kind)
) with (fillfactor=50);

create table retention (
  workspace_id bigint not null,
  subject text not null,
  is_own boolean not null default false,
  days integer,
  next_run_at timestamp with time zone,
  forgotten bigint not null default 0,
  constraint retention_pkey PRIMARY KEY (workspace_id, subject),
  constraint retention_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace(id),
  constraint retention_days_check CHECK ((days > 0))
);

create table sandbox_message (
  id bigint not null generated always as identity,
  workspace_id bigint not null,
  channel text not null,
  provider_id text not null,
  sender text not null,
  recipient text not null,
  subject text,
  body text not null,
  headers jsonb not null default '{}'::jsonb,
  receipt_url text,
  receipt_state text not null default 'none'::text,
  receipt_attempts smallint not null default 0,
  received_at timestamp with time zone not null default now(),
  constraint sandbox_message_provider_id_key UNIQUE (provider_id),
  constraint sandbox_message_pkey PRIMARY KEY (id),
  constraint sandbox_message_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace(id),
  constraint sandbox_message_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
  constraint sandbox_message_receipt_state_check CHECK ((receipt_state = ANY (ARRAY['none'::text, 'due'::text, 'sent'::text, 'given-up'::text])))
);
CREATE INDEX sandbox_message_receipt_idx ON public.sandbox_message USING btree (id) WHERE (receipt_state = 'due'::text);
CREATE INDEX sandbox_message_recipient_idx ON public.sandbox_message USING btree (workspace_id, recipient);

create table segment (
  workspace_id bigint not null,
  id bigint not null generated always as identity,
  name text not null,
  description text,
  folder text,
  rule jsonb not null,
  version integer not null default 1,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  archived_at timestamp with time zone,
  constraint segment_name_key UNIQUE (workspace_id, name),
  constraint segment_pkey PRIMARY KEY (workspace_id, id),
  constraint segment_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace(id)
);

create table sensitive_field (
  workspace_id bigint not null,
  field text not null,
  legal_basis text not null,
  created_at timestamp with time zone not null default now(),
  constraint sensitive_field_pkey PRIMARY KEY (workspace_id, field),
  constraint sensitive_field_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace(id),
  constraint sensitive_field_field_check CHECK ((field = ANY (ARRAY['religion'::text, 'politicalAffiliation'::text])))
);

create table suppression (
  workspace_id bigint not null,
  channel text not null,
  address_hash bytea not null,
  reason text not null,
  source text not null,
  details jsonb not null default '{}'::jsonb,
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone,
  constraint suppression_pkey PRIMARY KEY (workspace_id, channel, address_hash, reason),
  constraint suppression_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace(id),
  constraint suppression_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
  constraint suppression_reason_check CHECK ((reason = ANY (ARRAY['stop'::text, 'unsubscribe'::text, 'complaint'::text, 'hard-bounce'::text, 'invalid'::text, 'carrier-block'::text, 'manual'::text, 'erased'::text])))
);
CREATE INDEX suppression_created_at_idx ON public.suppression USING btree (workspace_id, created_at);

create table tag (
  workspace_id bigint not null,
  id bigint not null generated always as identity,
  name text not null,
  created_at timestamp with time zone not null default now(),
  constraint tag_name_key UNIQUE (workspace_id, name),
  constraint tag_pkey PRIMARY KEY (workspace_id, id),
  constraint tag_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace(id)
);

create table tally (
  workspace_id bigint not null,
  dispatch_id bigint not null,
  slot smallint not null,
  state text not null,
  was_sent boolean not null,
  reason text not null default ''::text,
  variant text not null default ''::text,
  messages bigint not null,
  parts bigint not null default 0,
  cost_micros bigint not null default 0,
  constraint tally_pkey PRIMARY KEY (workspace_id, dispatch_id, slot, state, was_sent, reason, variant)
) with (fillfactor=50);

create table template (
  workspace_id bigint not null,
  id bigint not null generated always as identity,
  name text not null,
  channel text not null,
  current_version integer not null default 1,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  archived_at timestamp with time zone,
  constraint template_pkey PRIMARY KEY (workspace_id, id),
  constraint template_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace(id),
  constraint template_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text])))
);
CREATE UNIQUE INDEX template_name_idx ON public.template USING btree (workspace_id, name) WHERE (archived_at IS NULL);

create table template_partial (
  workspace_id bigint not null,
  id bigint not null generated always as identity,
  name text not null,
  text text,
  html text,
  mjml text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint template_partial_pkey PRIMARY KEY (workspace_id, id),
  constraint template_partial_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace(id),
  constraint template_partial_check CHECK ((num_nonnulls(text, html, mjml) > 0))
);
CREATE UNIQUE INDEX template_partial_name_idx ON public.template_partial USING btree (workspace_id, name);

create table template_version (
  workspace_id bigint not null,
  template_id bigint not null,
  version integer not null,
  locale text not null default 'und'::text,
  format text not null,
  subject text,
  preheader text,
  body text not null,
  text_body text,
  is_text_generated boolean not null default false,
  fields text[] not null,
  created_by text not null,
  created_at timestamp with time zone not null default now(),
  compiled jsonb,
  partials text[] not null default '{}'::text[],
  written_at timestamp with time zone not null default now(),
  constraint template_version_pkey PRIMARY KEY (workspace_id, template_id, version, locale),
  constraint template_version_workspace_id_template_id_fkey FOREIGN KEY (workspace_id, template_id) REFERENCES template(workspace_id, id),
  constraint template_version_format_check CHECK ((format = ANY (ARRAY['text'::text, 'html'::text, 'mjml'::text])))
);

create table workspace (
  id bigint not null generated always as identity,
  name text not null,
  default_country text not null default 'US'::text,
  time_zone text not null default 'UTC'::text,
  locale text not null default 'en'::text,
  currency text not null default 'USD'::text,
  is_sandbox_only boolean not null default false,
  created_at timestamp with time zone not null default now(),
  constraint workspace_name_key UNIQUE (name),
  constraint workspace_pkey PRIMARY KEY (id)
);
