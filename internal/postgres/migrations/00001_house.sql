-- Tenants, people, machines, the audit trail, tasks and publications: what every noun stands on.
--
-- Three classes of tables (internal/postgres/schema_rules_test.go holds the list):
--   tenant-owned  tenant_id first in every key, forced row-level security by app.isolate
--   two-party     a policy of its own that names both parties, or the public
--   public        the directory of tenants and tables that only definer functions reach
--
-- +goose Up

-- isolate makes a table tenant-owned: its rows are shown to, and taken from, the tenant of the transaction only.
-- +goose StatementBegin
create procedure app.isolate(t regclass) language plpgsql as $$
begin
  execute format('alter table %s enable row level security', t);
  execute format('alter table %s force row level security', t);
  execute format('create policy tenant on %s to helianthus_app, helianthus_owner
    using (tenant_id = (select nullif(current_setting(''app.tenant'', true), '''')::uuid))
    with check (tenant_id = (select nullif(current_setting(''app.tenant'', true), '''')::uuid))', t);
end $$;
-- +goose StatementEnd

-- The directory: names of tenants are public, since every published fact names its publisher.
create table app.tenants (
  id           uuid primary key default uuidv7(),
  slug         text not null constraint tenants_slug_check check (slug ~ '^[a-z][a-z0-9-]{1,40}$'),
  kind         text not null constraint tenants_kind_check check (kind in ('operator','county','association','jurisdiction','trader','laboratory')),
  names        jsonb not null,                    -- {"zh-Hans": "…", "en": "…"}
  office       text not null default '',          -- ST.3 code of the office or country it speaks for
  time_zone    text not null default 'UTC',
  demo         boolean not null default false,
  public_key   bytea,                             -- Ed25519, signs its packages and publications
  suspended_at timestamptz,
  settings     jsonb not null default '{}',
  created_at   timestamptz not null default now(),
  constraint tenants_slug_key unique (slug)
);
grant select on app.tenants to helianthus_app, helianthus_gate;

create table app.units (
  tenant_id uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id        uuid not null default uuidv7(),
  slug      text not null,
  names     jsonb not null,
  position  integer not null default 0,
  primary key (tenant_id, id),
  constraint units_slug_key unique (tenant_id, slug),
  constraint units_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.units');
grant select, insert, update, delete on app.units to helianthus_app;

create table app.people (
  tenant_id     uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id            uuid not null default uuidv7(),
  version       integer not null default 1,
  email         text not null,                    -- lower case; the sign-in name
  name          text not null,
  locale        text not null default '',
  password_hash text not null default '',         -- argon2id; empty: cannot sign in
  roles         text[] not null default '{}',
  units         text[] not null default '{}',     -- slugs; the first one is acted for at sign-in
  disabled_at   timestamptz,
  last_seen_at  timestamptz,
  created_at    timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint people_email_key unique (tenant_id, email),
  constraint people_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.people');
create index people_email_idx on app.people (email);
grant select, insert, update on app.people to helianthus_app;

create table app.sessions (
  tenant_id    uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id           uuid not null default uuidv7(),
  person_id    uuid not null,
  token_hash   bytea not null,                    -- SHA-256 of the cookie's 256 random bits
  unit         text not null default '',
  user_agent   text not null default '',
  created_at   timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at   timestamptz not null,
  primary key (tenant_id, id),
  constraint sessions_token_key unique (tenant_id, token_hash),
  constraint sessions_person_fkey foreign key (tenant_id, person_id) references app.people (tenant_id, id)
);
call app.isolate('app.sessions');
create index sessions_token_idx on app.sessions (token_hash);
create index sessions_person_idx on app.sessions (tenant_id, person_id);
grant select, insert, update, delete on app.sessions to helianthus_app;

create table app.api_clients (
  tenant_id    uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id           uuid not null default uuidv7(),
  name         text not null,
  secret_hash  bytea not null,                    -- SHA-256 of 256 random bits
  scopes       text[] not null,                   -- permissions, object:action
  created_at   timestamptz not null default now(),
  created_by   uuid,
  expires_at   timestamptz not null,
  revoked_at   timestamptz,
  last_used_at timestamptz,
  primary key (tenant_id, id),
  constraint api_clients_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.api_clients');
create index api_clients_id_idx on app.api_clients (id);
grant select, insert, update on app.api_clients to helianthus_app;

-- Roles that a tenant's administrator added to the templates of its kind, never above the kind's ceiling.
create table app.roles (
  tenant_id   uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id          uuid not null default uuidv7(),
  version     integer not null default 1,
  slug        text not null constraint roles_slug_check check (slug ~ '^[a-z][a-z0-9-]{1,40}$'),
  title       text not null,
  permissions text[] not null,
  created_at  timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint roles_slug_key unique (tenant_id, slug),
  constraint roles_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.roles');
grant select, insert, update, delete on app.roles to helianthus_app;

-- Failed sign-ins, by a hash of the name tried; reached by definer functions only.
create table app.sign_in_failures (
  name_hash bytea primary key,
  failures  integer not null,
  last_at   timestamptz not null
);
create index sign_in_failures_last_idx on app.sign_in_failures (last_at);

-- The audit trail: who did what, when, for which unit. Rows are added, never changed.
create table app.audit_events (
  tenant_id   uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id          uuid not null default uuidv7(),
  at          timestamptz not null default now(),
  actor_id    uuid,
  actor_kind  text not null,
  actor_name  text not null default '',
  unit        text not null default '',
  action      text not null,                      -- registration.publish
  object_kind text not null,
  object_id   text not null default '',
  other_party uuid,                               -- the tenant whose record was read, or that read ours
  before      jsonb,
  after       jsonb,
  request_id  text not null default '',
  primary key (tenant_id, id),
  constraint audit_events_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.audit_events');
create index audit_events_object_idx on app.audit_events (tenant_id, object_kind, object_id, at desc);
create index audit_events_at_idx on app.audit_events (tenant_id, at desc, id desc);
grant select, insert on app.audit_events to helianthus_app;

-- Long work with visible progress; the work itself is a River job inserted in the same transaction.
create table app.tasks (
  tenant_id    uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id           uuid not null default uuidv7(),
  kind         text not null,                     -- registration-import.check, dossier.build
  object_id    uuid,
  status       text not null default 'queued' constraint tasks_status_check check (status in ('queued','running','succeeded','failed','cancelled')),
  done         bigint not null default 0,
  total        bigint not null default 0,         -- 0: not known yet
  step         text not null default '',          -- message key of what is being done
  problem      jsonb,                             -- code and values of the failure
  cancel_asked_at timestamptz,
  created_by   uuid,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  finished_at  timestamptz,
  primary key (tenant_id, id),
  constraint tasks_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.tasks');
create index tasks_created_idx on app.tasks (tenant_id, created_at desc, id desc);
create index tasks_object_idx on app.tasks (tenant_id, object_id);
grant select, insert, update on app.tasks to helianthus_app;

-- Publications: the first of the four things that cross a tenant's wall. Each version is a row; the newest one that is
-- not withdrawn holds. Written by the publisher, read by everybody (audience public) or by the named audience.
create table app.publications (
  tenant_id    uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id           uuid not null default uuidv7(),
  kind         text not null,                     -- registration, recognition, instrument, dossier-package
  record_id    uuid not null,
  version      integer not null,
  audience     text not null default 'public' constraint publications_audience_check check (audience in ('public','tenant')),
  reader       uuid,                              -- the one tenant that may read it, for audience tenant
  content      jsonb not null,
  sha256       bytea not null,                    -- of content in RFC 8785 form
  published_at timestamptz not null default now(),
  withdrawn_at timestamptz,
  primary key (tenant_id, id),
  constraint publications_version_key unique (tenant_id, kind, record_id, version),
  constraint publications_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
alter table app.publications enable row level security;
alter table app.publications force row level security;
create policy readers on app.publications for select to helianthus_app
  using (audience = 'public'
      or tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
      or reader = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy publisher_adds on app.publications for insert to helianthus_app
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy publisher_changes on app.publications for update to helianthus_app
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
create index publications_record_idx on app.publications (kind, record_id, version desc);
grant select, insert on app.publications to helianthus_app;
grant update (withdrawn_at) on app.publications to helianthus_app;

-- The names of published registrations, folded for comparison (registry.NameKey): any script, accent, case or width.
create table app.published_names (
  tenant_id      uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  publication_id uuid not null,
  name_key       text not null,
  name           text not null,
  language       text not null,                   -- BCP 47
  kind           text not null,                   -- original, transcription, translation
  primary key (tenant_id, publication_id, name_key, name, language, kind),
  constraint published_names_publication_fkey foreign key (tenant_id, publication_id) references app.publications (tenant_id, id) on delete cascade
);
alter table app.published_names enable row level security;
alter table app.published_names force row level security;
create policy readers on app.published_names for select to helianthus_app
  using (exists (select from app.publications p where p.tenant_id = published_names.tenant_id and p.id = published_names.publication_id));
create policy publisher_adds on app.published_names for insert to helianthus_app
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
create index published_names_key_idx on app.published_names (name_key);
grant select, insert on app.published_names to helianthus_app;

-- +goose StatementBegin
do $$ begin
  -- The gate finds who a sign-in name, a session or an API client belongs to, before any scope is known.
  execute 'create policy gate on app.people for select to helianthus_gate using (true)';
  execute 'create policy gate on app.sessions for select to helianthus_gate using (true)';
  execute 'create policy gate on app.api_clients for select to helianthus_gate using (true)';
end $$;
-- +goose StatementEnd
grant usage on schema app to helianthus_gate;
grant select on app.people, app.sessions, app.api_clients to helianthus_gate;
grant select, insert, update, delete on app.sign_in_failures to helianthus_gate;
