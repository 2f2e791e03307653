-- What holders of marks produced, as they declared it, and what holds against it: a lot is never changed without a word, and marks on
-- more goods than there are raise an alert.
--
-- +goose Up
create table app.mark_lots (
  tenant_id        uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id               uuid not null default uuidv7(),
  version          integer not null default 1,      -- the number of its last correction
  authorisation_id uuid not null,
  number           text not null constraint mark_lots_number_check check (number <> ''),   -- as it stands in the ledger's uses
  harvest          integer not null constraint mark_lots_harvest_check check (harvest between 1900 and 2200),
  quantity         numeric(11,4) not null constraint mark_lots_quantity_check check (quantity >= 0),
  unit             text not null constraint mark_lots_unit_check check (unit in ('kg', 't')),
  plots            jsonb not null default '[]',     -- names and areas, as they were said
  area             jsonb,                           -- of all of it, where no plots are named
  declared_by      text not null constraint mark_lots_declared_check check (declared_by <> ''),
  declared_on      date not null,
  created_at       timestamptz not null default clock_timestamp(),
  updated_at       timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  constraint mark_lots_number_key unique (tenant_id, authorisation_id, number),
  constraint mark_lots_authorisation_fkey foreign key (tenant_id, authorisation_id) references app.mark_authorisations (tenant_id, id)
);
call app.isolate('app.mark_lots');
grant select, insert, update (version, harvest, quantity, unit, plots, area, declared_by, declared_on, updated_at) on app.mark_lots to helianthus_app;

-- Each lot as it was declared and as each correction left it. The last of them is what the lot says.
create table app.mark_lot_versions (
  tenant_id     uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  lot_id        uuid not null,
  version       integer not null constraint mark_lot_versions_version_check check (version > 0),
  harvest       integer not null,
  quantity      numeric(11,4) not null,
  unit          text not null,
  plots         jsonb not null,
  area          jsonb,
  declared_by   text not null,
  declared_on   date not null,
  reason        text not null default '',
  recorded_by   uuid,
  recorded_name text not null default '',
  recorded_at   timestamptz not null default clock_timestamp(),
  constraint mark_lot_versions_pkey primary key (tenant_id, lot_id, version),
  constraint mark_lot_versions_reason_check check (version = 1 or reason <> ''),
  constraint mark_lot_versions_lot_fkey foreign key (tenant_id, lot_id) references app.mark_lots (tenant_id, id)
);
call app.isolate('app.mark_lot_versions');
grant select, insert on app.mark_lot_versions to helianthus_app;
alter table app.mark_lots add constraint mark_lots_last_fkey
  foreign key (tenant_id, id, version) references app.mark_lot_versions (tenant_id, lot_id, version) deferrable initially deferred;

alter table app.mark_rules
  add column yield_kg_mu numeric(11,4) constraint mark_rules_yield_check check (yield_kg_mu > 0),            -- the most that grows on a mu
  add column content_g bigint constraint mark_rules_content_check check (content_g between 1 and 1000000000); -- of a package with a mark on it
alter table app.mark_authorisations
  add column content_g bigint constraint mark_authorisations_content_check check (content_g between 1 and 1000000000); -- where it is another than the rule's
grant update (content_g) on app.mark_authorisations to helianthus_app;

alter table app.mark_alerts drop constraint mark_alerts_kind_check, alter column batch_id drop not null;
alter table app.mark_alerts
  add constraint mark_alerts_kind_check check (kind in ('far-apart', 'burst', 'not-issued', 'void', 'stopped', 'no-lot', 'mass-balance')),
  add constraint mark_alerts_of_check check (case kind when 'mass-balance' then authorisation_id is not null else batch_id is not null end);
create index mark_alerts_holder_idx on app.mark_alerts (tenant_id, authorisation_id) where authorisation_id is not null;

-- +goose Down
drop index app.mark_alerts_holder_idx;
delete from app.mark_alerts where kind = 'mass-balance';
alter table app.mark_alerts drop constraint mark_alerts_of_check, drop constraint mark_alerts_kind_check, alter column batch_id set not null;
alter table app.mark_alerts add constraint mark_alerts_kind_check check (kind in ('far-apart', 'burst', 'not-issued', 'void', 'stopped', 'no-lot'));
alter table app.mark_authorisations drop column content_g;
alter table app.mark_rules drop column content_g, drop column yield_kg_mu;
alter table app.mark_lots drop constraint mark_lots_last_fkey;
drop table app.mark_lot_versions;
drop table app.mark_lots;
