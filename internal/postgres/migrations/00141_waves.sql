-- Waves: cases that a tenant moves together. Each side bundles for itself; the other does not see how.
--
-- +goose Up
create table app.waves (
  tenant_id uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id        uuid not null default uuidv7(),
  version   integer not null default 1,
  title     text not null,
  opened_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint waves_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
create table app.wave_cases (
  tenant_id uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  wave_id   uuid not null,
  case_id   uuid not null,                        -- of any keeper: a reference by value
  position  integer not null,
  exception text not null default '',             -- why it does not move with the others
  primary key (tenant_id, wave_id, case_id),
  constraint wave_cases_wave_fkey foreign key (tenant_id, wave_id) references app.waves (tenant_id, id)
);
call app.isolate('app.waves');
call app.isolate('app.wave_cases');
grant select, insert, update (version) on app.waves to helianthus_app;
grant select, insert, update (exception) on app.wave_cases to helianthus_app;

-- +goose Down
drop table app.wave_cases;
drop table app.waves;
