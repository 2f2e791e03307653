-- Files of other registers on their way in: how the columns of a file become fields, kept under a name for the next file with
-- the same headings; what was understood with a correction; and rows that the officer leaves out.
--
-- +goose Up
create table app.import_mappings (
  tenant_id  uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id         uuid not null default uuidv7(),
  version    integer not null default 1,
  name       text not null,
  mapping    jsonb not null,                     -- columns by heading, values of fields without a column, the order of day and month
  headings   text not null,                      -- folded, in their order: what the next file is recognised by
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint import_mappings_name_key unique (tenant_id, name),
  constraint import_mappings_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.import_mappings');
create index import_mappings_headings_idx on app.import_mappings (tenant_id, md5(headings));
grant select, insert, update, delete on app.import_mappings to helianthus_app;

alter table app.imports
  add column source   text not null default '',   -- the form of the file as recognised or chosen; empty: not yet
  add column mapping  jsonb not null default '{}', -- as it was used or is to be used
  add column columns  jsonb not null default '[]', -- of the file: heading, the field it becomes, some values
  add column encoding text not null default '',
  drop constraint imports_status_check,
  add constraint imports_status_check check (status in ('reading','unmapped','ready','writing','done','failed','cancelled'));

alter table app.import_rows
  add column corrected boolean not null default false,  -- something in it was understood with a correction
  add column refused   boolean not null default false;  -- the officer leaves it out
grant update (refused) on app.import_rows to helianthus_app;
create index import_rows_corrected_idx on app.import_rows (tenant_id, import_id, row_number) where corrected;

-- +goose Down
delete from app.imports where status = 'unmapped';
alter table app.import_rows drop column corrected, drop column refused;
alter table app.imports drop column source, drop column mapping, drop column columns, drop column encoding,
  drop constraint imports_status_check,
  add constraint imports_status_check check (status in ('reading','ready','writing','done','failed','cancelled'));
drop table app.import_mappings;
