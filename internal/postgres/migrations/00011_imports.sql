-- Imports of registrations: a file, the fate of each of its rows, and then all of it or nothing.
--
-- +goose Up
create table app.imports (
  tenant_id       uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id              uuid not null default uuidv7(),
  document_id     uuid not null,
  status          text not null default 'reading' constraint imports_status_check check (status in ('reading','ready','writing','done','failed','cancelled')),
  counts          jsonb not null default '{}',
  unknown_columns text[] not null default '{}',
  task_id         uuid,
  created_at      timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint imports_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.imports');
grant select, insert, update on app.imports to helianthus_app;

create table app.import_rows (
  tenant_id       uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  import_id       uuid not null,
  row_number      integer not null,
  fate            text not null constraint import_rows_fate_check check (fate in ('new','same','changed','duplicate','error')),
  title           text not null default '',
  content         jsonb not null,
  problems        jsonb not null default '[]',    -- [{pointer, code, values}]
  registration_id uuid,                           -- which one is the same or changes
  primary key (tenant_id, import_id, row_number),
  constraint import_rows_import_fkey foreign key (tenant_id, import_id) references app.imports (tenant_id, id) on delete cascade
);
call app.isolate('app.import_rows');
create index import_rows_fate_idx on app.import_rows (tenant_id, import_id, fate, row_number);
grant select, insert, delete on app.import_rows to helianthus_app;
