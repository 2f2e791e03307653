-- Dues: what each category pays in a year, what a member was asked for, and what came. An invoice is never changed but by being cancelled,
-- a payment never: a wrong one is followed by its reversal.
--
-- +goose Up

create table app.dues_years (
  tenant_id  uuid not null default nullif(current_setting('app.tenant', true), '')::uuid, -- the association
  year       integer not null constraint dues_years_year_check check (year between 2000 and 2199),
  version    integer not null default 1,         -- 0: nobody said what is paid, and the row counts numbers only
  due_on     date,                               -- the last day to pay
  amounts    jsonb not null default '{}',        -- {"grower": 2000}: fen by category; who is not named pays nothing
  numbered   integer not null default 0,         -- the last number that an invoice of the year was given
  updated_at timestamptz not null default now(),
  updated_by text not null default '',
  primary key (tenant_id, year),
  constraint dues_years_tenant_fkey foreign key (tenant_id) references app.tenants (id),
  constraint dues_years_due_check check (version = 0 or due_on is not null)
);
call app.isolate('app.dues_years');
grant select, insert, update on app.dues_years to helianthus_app;

create table app.dues_invoices (
  tenant_id     uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id            uuid not null default uuidv7(),
  version       integer not null default 1,      -- one more with each payment, reversal and cancellation
  member_id     uuid not null,
  number        text not null,
  year          integer not null,
  kind          text not null constraint dues_invoices_kind_check check (kind in ('annual', 'single')),
  category      text not null,                   -- of the member when it was asked
  title         text not null default '',        -- of a single one: for what
  amount        bigint not null constraint dues_invoices_amount_check check (amount > 0), -- fen
  issued_on     date not null,
  due_on        date not null,
  cancelled_at  timestamptz,
  cancelled_by  text not null default '',
  cancel_reason text not null default '',
  created_at    timestamptz not null default now(),
  created_by    text not null default '',
  primary key (tenant_id, id),
  constraint dues_invoices_number_key unique (tenant_id, number),
  constraint dues_invoices_member_fkey foreign key (tenant_id, member_id) references app.members (tenant_id, id)
);
call app.isolate('app.dues_invoices');
-- Whoever was asked for the dues of a year is not asked again, also when it was let off.
create unique index dues_invoices_year_key on app.dues_invoices (tenant_id, member_id, year) where kind = 'annual';
create index dues_invoices_member_idx on app.dues_invoices (tenant_id, member_id);
create index dues_invoices_due_idx on app.dues_invoices (tenant_id, due_on, number) where cancelled_at is null;
grant select, insert, update (version, cancelled_at, cancelled_by, cancel_reason) on app.dues_invoices to helianthus_app;

create table app.dues_payments (
  tenant_id   uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id          uuid not null default uuidv7(),
  invoice_id  uuid not null,
  amount      bigint not null,                   -- fen; a reversal takes away what it reverses
  paid_on     date not null,
  method      text not null constraint dues_payments_method_check check (method in ('bank', 'cash', 'wechat', 'alipay', 'other')),
  reference   text not null default '',          -- of the bank, or the number of a receipt
  reverses    uuid,
  reason      text not null default '',          -- of a reversal
  recorded_at timestamptz not null default now(),
  recorded_by text not null default '',
  primary key (tenant_id, id),
  constraint dues_payments_sign_check check (amount <> 0 and (amount < 0) = (reverses is not null)),
  constraint dues_payments_reverses_key unique (tenant_id, reverses),
  constraint dues_payments_invoice_fkey foreign key (tenant_id, invoice_id) references app.dues_invoices (tenant_id, id),
  constraint dues_payments_reverses_fkey foreign key (tenant_id, reverses) references app.dues_payments (tenant_id, id)
);
call app.isolate('app.dues_payments');
create index dues_payments_invoice_idx on app.dues_payments (tenant_id, invoice_id) include (amount);
grant select, insert on app.dues_payments to helianthus_app;

-- What a member was told of an invoice: once before its last day, and once when it is over.
create table app.dues_reminders (
  tenant_id  uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id         uuid not null default uuidv7(),
  invoice_id uuid not null,
  step       text not null constraint dues_reminders_step_check check (step in ('due', 'overdue')),
  status     text not null default 'queued',
  tries      integer not null default 0,
  answer     text not null default '',           -- of a mail server that did not take it
  tried_at   timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint dues_reminders_status_check check (status in ('queued', 'sending', 'sent', 'refused', 'failed', 'no-address')),
  constraint dues_reminders_step_key unique (tenant_id, invoice_id, step),
  constraint dues_reminders_invoice_fkey foreign key (tenant_id, invoice_id) references app.dues_invoices (tenant_id, id)
);
call app.isolate('app.dues_reminders');
create index dues_reminders_open_idx on app.dues_reminders (tenant_id, id) where status in ('queued', 'sending');
grant select, insert, update (status, tries, answer, tried_at) on app.dues_reminders to helianthus_app;

-- +goose Down
drop table app.dues_reminders;
drop table app.dues_payments;
drop table app.dues_invoices;
drop table app.dues_years;
