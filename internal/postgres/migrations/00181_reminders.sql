-- Reminders of last days: a rule of the tenant, what a person wants, and what was told to whom.
--
-- +goose Up
create table app.reminder_rules (
  tenant_id  uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  version    integer not null default 1,
  days       integer[] not null,                 -- before the last day
  channels   text[] not null,
  updated_at timestamptz not null default now(),
  primary key (tenant_id),
  constraint reminder_rules_tenant_fkey foreign key (tenant_id) references app.tenants (id),
  constraint reminder_rules_days_check check (cardinality(days) <= 10 and 0 <= all (days) and 365 >= all (days)),
  constraint reminder_rules_channels_check check (channels <@ '{in-app,e-mail,webhook}')
);
create table app.reminder_choices (
  tenant_id uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  person_id uuid not null,
  mail      boolean not null,
  primary key (tenant_id, person_id),
  constraint reminder_choices_person_fkey foreign key (tenant_id, person_id) references app.people (tenant_id, id)
);
create table app.reminders (
  tenant_id  uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id         uuid not null default uuidv7(),
  case_id    uuid not null,                       -- of any keeper: a reference by value
  code       text not null,                       -- of the period
  start_seq  integer not null,
  ends_on    date not null,
  days       integer not null,                    -- before the last day, as the rule has it; -1: it is over
  told_on    date not null,                       -- in the tenant's time zone
  channel    text not null,
  person_id  uuid,                                -- of an e-mail
  status     text not null default 'queued',
  tries      integer not null default 0,
  answer     text not null default '',            -- of a mail server that did not take it
  tried_at   timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint reminders_tenant_fkey foreign key (tenant_id) references app.tenants (id),
  constraint reminders_person_fkey foreign key (tenant_id, person_id) references app.people (tenant_id, id),
  constraint reminders_channel_check check (channel in ('e-mail', 'webhook') and (channel = 'e-mail') = (person_id is not null)),
  constraint reminders_status_check check (status in ('queued', 'sending', 'sent', 'refused', 'failed')),
  -- Nobody is told of a last day twice on one day, nor twice of the same step of the rule.
  constraint reminders_day_key unique nulls not distinct (tenant_id, case_id, code, start_seq, channel, person_id, told_on),
  constraint reminders_step_key unique nulls not distinct (tenant_id, case_id, code, start_seq, channel, person_id, ends_on, days)
);
create index reminders_open_idx on app.reminders (tenant_id, person_id) where status in ('queued', 'sending');
call app.isolate('app.reminder_rules');
call app.isolate('app.reminder_choices');
call app.isolate('app.reminders');
grant select, insert, update (version, days, channels, updated_at) on app.reminder_rules to helianthus_app;
grant select, insert, update (mail) on app.reminder_choices to helianthus_app;
grant select, insert, update (status, tries, answer, tried_at) on app.reminders to helianthus_app;

-- +goose Down
drop table app.reminders;
drop table app.reminder_choices;
drop table app.reminder_rules;
