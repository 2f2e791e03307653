-- Which data packages a publisher took back, in one signed and dated list, so that a package is checked without a network.
--
-- +goose Up
create table app.withdrawn_package_lists (
  tenant_id uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  statement text not null,                        -- as it is signed, in the form of RFC 8785
  packages  integer not null,                     -- how many it names
  key_id    text not null,
  signature bytea not null,
  signed_at timestamptz not null,                 -- of the statement
  primary key (tenant_id),
  constraint withdrawn_package_lists_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
alter table app.withdrawn_package_lists enable row level security;
alter table app.withdrawn_package_lists force row level security;
create policy readers on app.withdrawn_package_lists for select to helianthus_app using (true);
create policy publisher_adds on app.withdrawn_package_lists for insert to helianthus_app
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy publisher_changes on app.withdrawn_package_lists for update to helianthus_app
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
grant select, insert on app.withdrawn_package_lists to helianthus_app;
grant update (statement, packages, key_id, signature, signed_at) on app.withdrawn_package_lists to helianthus_app;

-- +goose Down
drop table app.withdrawn_package_lists;
