-- Instruments, recognitions in time, and what the status check reads of publications.
--
-- +goose Up
create table app.instruments (
  tenant_id   uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id          uuid not null default uuidv7(),
  version     integer not null default 1,
  code        text not null,
  kind        text not null constraint instruments_kind_check check (kind in ('treaty','agreement','pilot','memorandum')),
  titles      jsonb not null,
  parties     text[] not null,
  lists       jsonb not null default '[]',
  scope       jsonb not null default '[]',
  signed_on   date,
  in_force_on date,
  ended_on    date,                               -- first day no longer in force
  sources     jsonb not null,
  created_at  timestamptz not null default now(),
  updated_at  timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint instruments_code_key unique (tenant_id, code),
  constraint instruments_days_check check (ended_on >= coalesce(in_force_on, signed_on)),
  constraint instruments_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.instruments');
grant select, insert, update on app.instruments to helianthus_app;

-- Recognitions: a row is a version of one recognition, as it was known from known_from until known_until. Rows are
-- added; only known_until is ever set.
create table app.recognitions (
  tenant_id       uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id              uuid not null,
  version         integer not null,
  known_from      timestamptz not null default now(),
  known_until     timestamptz,
  market          text not null constraint recognitions_market_check check (market ~ '^[A-Z]{2}$'),
  origin_office   text not null constraint recognitions_origin_check check (origin_office ~ '^[A-Z]{2}$'),
  name            text not null,
  name_key        text not null,                  -- registry.NameKey(name)
  language        text not null,
  forms           jsonb not null default '[]',
  form_keys       text not null default '',       -- keys of all forms, for looking for words
  instrument_id   uuid,
  list            text not null default '',
  position        text not null default '',
  protection      text not null constraint recognitions_protection_check check (protection in ('protected','protected-limited','refused')),
  limits          jsonb not null default '{}',
  phase_out_until date,
  valid_from      date not null,
  valid_until     date,                           -- first day on which it no longer holds
  valid           daterange not null generated always as (daterange(valid_from, valid_until, '[)')) stored,
  -- The registration at origin, published by any tenant: a reference by value.
  registration_publisher uuid,
  registration_id        uuid,
  sources         jsonb not null,
  reason          text not null default '',
  recorded_by     uuid,
  primary key (tenant_id, id, version),
  constraint recognitions_days_check check (valid_until > valid_from),
  constraint recognitions_known_check check (known_until >= known_from),
  constraint recognitions_registration_check check ((registration_publisher is null) = (registration_id is null)),
  constraint recognitions_instrument_fkey foreign key (tenant_id, instrument_id) references app.instruments (tenant_id, id),
  constraint recognitions_tenant_fkey foreign key (tenant_id) references app.tenants (id),
  -- One register cannot say two things of one name in one market, under one instrument, on one day.
  constraint recognitions_contradiction exclude using gist (
    tenant_id with =, market with =, origin_office with =, name_key with =,
    (coalesce(registration_id, '00000000-0000-0000-0000-000000000000'::uuid)) with =,
    (coalesce(instrument_id, '00000000-0000-0000-0000-000000000000'::uuid)) with =,
    valid with &&) where (known_until is null)
);
call app.isolate('app.recognitions');
create unique index recognitions_current_key on app.recognitions (tenant_id, id) where known_until is null;
create index recognitions_registration_idx on app.recognitions (tenant_id, registration_id) where known_until is null;
create index recognitions_instrument_idx on app.recognitions (tenant_id, instrument_id) where known_until is null;
grant select, insert on app.recognitions to helianthus_app;
grant update (known_until) on app.recognitions to helianthus_app;

-- +goose Down
drop table app.recognitions;
drop table app.instruments;
