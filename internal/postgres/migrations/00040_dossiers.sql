-- Dossiers: what a market wants to see about a product, the translations of its texts, and what was built from it.
--
-- +goose Up
create table app.dossiers (
  tenant_id       uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id              uuid not null default uuidv7(),
  version         integer not null default 1,
  registration_id uuid not null,
  market          text not null,                  -- ST.3
  profile         text not null,                  -- market profile and its edition, as at creation
  profile_edition integer not null,
  status          text not null,
  languages       text[] not null,
  title           jsonb not null default '{}',    -- by language
  product         jsonb not null default '{}',    -- presentation of the product by language
  annexes         jsonb not null default '[]',    -- [{documentId, kind, title}]
  number          text,                           -- given at issue
  supersedes      uuid,                           -- the dossier that this one replaces
  issued_at       timestamptz,
  withdrawn_at    timestamptz,
  withdrawn_why   text not null default '',
  created_by      uuid,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint dossiers_number_key unique (tenant_id, number),
  constraint dossiers_registration_fkey foreign key (tenant_id, registration_id) references app.registrations (tenant_id, id),
  constraint dossiers_supersedes_fkey foreign key (tenant_id, supersedes) references app.dossiers (tenant_id, id)
);
call app.isolate('app.dossiers');
create index dossiers_updated_idx on app.dossiers (tenant_id, updated_at desc, id desc);
create index dossiers_registration_idx on app.dossiers (tenant_id, registration_id);
grant select, insert, update on app.dossiers to helianthus_app;

create table app.translations (
  tenant_id     uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  dossier_id    uuid not null,
  segment       text not null,                    -- specification.product, link, area, …
  language      text not null,
  text          text not null,
  state         text not null constraint translations_state_check check (state in ('machine','drafted','reviewed','certified')),
  source_sha256 bytea not null,                   -- of the source text that was translated; differs: stale
  means         text not null,                    -- who or what translated: person, register, or the machine's name
  translated_by text not null default '',
  reviewed_by   text not null default '',
  certified_by  text not null default '',
  updated_at    timestamptz not null default now(),
  primary key (tenant_id, dossier_id, segment, language),
  constraint translations_dossier_fkey foreign key (tenant_id, dossier_id) references app.dossiers (tenant_id, id)
);
call app.isolate('app.translations');
grant select, insert, update on app.translations to helianthus_app;

-- A build is one run of the press: its input is frozen, so that the same build gives the same bytes.
create table app.builds (
  tenant_id       uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id              uuid not null default uuidv7(),
  dossier_id      uuid not null,
  task_id         uuid,
  official        boolean not null,               -- the issued papers; otherwise a draft, and marked so
  number          text not null,
  input           jsonb not null,                 -- the frozen contents
  files           jsonb not null default '[]',    -- [{name, mediaType, size, sha256, key, language}]
  manifest_sha256 bytea,
  created_at      timestamptz not null default now(),
  built_at        timestamptz,
  primary key (tenant_id, id),
  constraint builds_dossier_fkey foreign key (tenant_id, dossier_id) references app.dossiers (tenant_id, id)
);
call app.isolate('app.builds');
create index builds_dossier_idx on app.builds (tenant_id, dossier_id, created_at desc);
grant select, insert on app.builds to helianthus_app;
grant update (task_id, files, manifest_sha256, built_at) on app.builds to helianthus_app;

-- Numbers of issued dossiers run by tenant and year, without gaps: the row is locked by who takes the next one.
create table app.dossier_numbers (
  tenant_id uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  year      integer not null,
  last      integer not null,
  primary key (tenant_id, year)
);
call app.isolate('app.dossier_numbers');
grant select, insert, update on app.dossier_numbers to helianthus_app;
