-- How many of the producers that could use a mark use it: who is counted, what is asked of users, and the figures as they were reported.
--
-- +goose Up

-- What a tenant asks of the users of its marks. The periods and the target are of a law or a plan, which the row names; nothing is asked
-- without one.
create table app.mark_rules (
  tenant_id      uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  version        integer not null default 1,
  target_percent integer constraint mark_rules_target_check check (target_percent between 1 and 100), -- of producers that use the mark
  unused_months  integer constraint mark_rules_unused_check check (unused_months between 1 and 120),  -- without use, after which the end is proposed
  report_months  integer constraint mark_rules_report_check check (report_months between 1 and 60),   -- between two reports of use
  source         text not null constraint mark_rules_source_check check (source <> ''),
  updated_at     timestamptz not null default now(),
  updated_by     text not null default '',
  primary key (tenant_id),
  constraint mark_rules_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.mark_rules');
grant select, insert, update on app.mark_rules to helianthus_app;

-- The producers that could use the mark of a registration: the denominator of its usage rate, kept by a clerk.
create table app.mark_producers (
  tenant_id       uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id              uuid not null default uuidv7(),
  version         integer not null default 1,
  registration_id uuid not null,
  credit_code     text not null,
  name            text not null,
  folded          text not null,                    -- name by registry.NameKey and the code, a line each
  township        text not null default '',
  exports         boolean not null default false,
  listed_on       date not null,                    -- first day on which it is counted
  ended_on        date,                             -- first day no longer
  excluded        text not null default '',         -- why it is listed and not counted; empty: it is counted
  source          text not null,                    -- the list that says so
  import_id       uuid,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  updated_name    text not null default '',
  primary key (tenant_id, id),
  constraint mark_producers_code_key unique (tenant_id, registration_id, credit_code),
  constraint mark_producers_ended_check check (ended_on > listed_on),
  constraint mark_producers_registration_fkey foreign key (tenant_id, registration_id) references app.registrations (tenant_id, id)
);
call app.isolate('app.mark_producers');
grant select, insert on app.mark_producers to helianthus_app;
grant update (version, name, folded, township, exports, listed_on, ended_on, excluded, source, import_id, updated_at, updated_name) on app.mark_producers to helianthus_app;

-- Figures of a month as they were reported. They are never changed: another figure of the same month says why it follows.
create table app.mark_usage_figures (
  tenant_id       uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id              uuid not null default uuidv7(),
  registration_id uuid not null,
  month           date not null constraint mark_usage_figures_month_check check (extract(day from month) = 1),
  seq             integer not null constraint mark_usage_figures_seq_check check (seq > 0),
  target_percent  integer,
  figures         jsonb not null,                   -- of all, of exporters, by township, and the exclusions
  producers       jsonb not null,                   -- whom it counts, and who of them used the mark
  reason          text not null default '',
  frozen_by       uuid,
  frozen_name     text not null default '',
  frozen_at       timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  constraint mark_usage_figures_seq_key unique (tenant_id, registration_id, month, seq),
  constraint mark_usage_figures_reason_check check (seq = 1 or reason <> ''),
  constraint mark_usage_figures_registration_fkey foreign key (tenant_id, registration_id) references app.registrations (tenant_id, id)
);
call app.isolate('app.mark_usage_figures');
grant select, insert on app.mark_usage_figures to helianthus_app;

-- A use that was corrected is no use.
create index mark_moves_corrects_idx on app.mark_moves (tenant_id, corrects) where corrects is not null;

alter table app.imports drop constraint imports_target_check, add constraint imports_target_check check (target in ('', 'earlier-marks', 'members', 'mark-producers'));

-- +goose Down
delete from app.imports where target = 'mark-producers';
alter table app.imports drop constraint imports_target_check, add constraint imports_target_check check (target in ('', 'earlier-marks', 'members'));
drop index app.mark_moves_corrects_idx;
drop table app.mark_usage_figures;
drop table app.mark_producers;
drop table app.mark_rules;
