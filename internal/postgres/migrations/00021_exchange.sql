-- Publications: which version holds; keys of publishers; issued data packages.
--
-- +goose Up

-- tenant is whose transaction this is. Tables that others may read too ask for it; in tables of one tenant there is no need.
create function app.tenant() returns uuid language sql stable
  return nullif(current_setting('app.tenant', true), '')::uuid;
grant execute on function app.tenant() to helianthus_app;

alter table app.publications add column superseded_at timestamptz;   -- a newer version holds since then
-- At most one version of a record's publication holds.
create unique index publications_current_key on app.publications (tenant_id, kind, record_id)
  where withdrawn_at is null and superseded_at is null;
create index publications_published_idx on app.publications (published_at desc, id desc)
  where withdrawn_at is null and superseded_at is null;
grant update (superseded_at) on app.publications to helianthus_app;

-- Keys that a tenant signs with. The private part is sealed, see exchange.Keys; the database alone can sign nothing.
create table app.signing_keys (
  tenant_id  uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id         text not null constraint signing_keys_id_check check (id ~ '^[0-9a-f]{16}$'),
  public_key bytea not null constraint signing_keys_public_check check (length(public_key) = 32),
  sealed     bytea not null,
  created_at timestamptz not null default now(),
  retired_at timestamptz,
  primary key (tenant_id, id),
  constraint signing_keys_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.signing_keys');
-- Two first signatures at once make one key.
create unique index signing_keys_current_key on app.signing_keys (tenant_id) where retired_at is null;
grant select, insert on app.signing_keys to helianthus_app;

-- Their public parts, which anybody may read.
create table app.public_keys (
  tenant_id  uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id         text not null,
  public_key bytea not null,
  created_at timestamptz not null default now(),
  retired_at timestamptz,
  primary key (tenant_id, id),
  constraint public_keys_key_fkey foreign key (tenant_id, id) references app.signing_keys (tenant_id, id)
);
alter table app.public_keys enable row level security;
alter table app.public_keys force row level security;
create policy readers on app.public_keys for select to helianthus_app using (true);
create policy publisher_adds on app.public_keys for insert to helianthus_app
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
grant select, insert on app.public_keys to helianthus_app;

-- Issued data packages, found by the hash of their manifest.
create table app.published_packages (
  tenant_id      uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  publication_id uuid not null,
  sha256         bytea not null constraint published_packages_sha256_check check (length(sha256) = 32),
  primary key (tenant_id, publication_id),
  constraint published_packages_publication_fkey foreign key (tenant_id, publication_id) references app.publications (tenant_id, id)
);
alter table app.published_packages enable row level security;
alter table app.published_packages force row level security;
create policy readers on app.published_packages for select to helianthus_app using (true);
create policy publisher_adds on app.published_packages for insert to helianthus_app
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
create index published_packages_sha256_idx on app.published_packages (sha256);
grant select, insert on app.published_packages to helianthus_app;

-- +goose Down
drop table app.published_packages;
drop table app.public_keys;
drop table app.signing_keys;
drop index app.publications_published_idx;
drop index app.publications_current_key;
alter table app.publications drop column superseded_at;
drop function app.tenant();
