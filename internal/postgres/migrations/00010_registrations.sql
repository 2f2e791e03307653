-- Registrations, their versions and events, and the search over them.
--
-- +goose Up
create table app.registrations (
  tenant_id  uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id         uuid not null default uuidv7(),
  version    integer not null default 1,
  status     text not null,
  office     text not null,                       -- ST.3
  title      text not null,                       -- the original name
  number     text not null default '',            -- of the first legal basis
  basis_keys text[] not null default '{}',        -- kind|office|number of each basis with a number
  classes    text[] not null default '{}',        -- scheme|code
  hs_codes   text[] not null default '{}',
  content    jsonb not null,
  folded     text not null,                       -- all names and numbers, folded (registry.NameKey), a line each
  grams      text[] not null,                     -- single characters and pairs of folded
  created_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint registrations_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.registrations');
create index registrations_updated_idx on app.registrations (tenant_id, updated_at desc, id desc);
create index registrations_grams_idx on app.registrations using gin (tenant_id, grams);
create index registrations_basis_idx on app.registrations using gin (tenant_id, basis_keys);
grant select, insert, update on app.registrations to helianthus_app;

-- One number of an office is used once in a register: the first writer has it.
create table app.registration_numbers (
  tenant_id       uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  basis_key       text not null,
  registration_id uuid not null,
  primary key (tenant_id, basis_key),
  constraint registration_numbers_registration_fkey foreign key (tenant_id, registration_id) references app.registrations (tenant_id, id)
);
call app.isolate('app.registration_numbers');
create index registration_numbers_registration_idx on app.registration_numbers (tenant_id, registration_id);
grant select, insert, delete on app.registration_numbers to helianthus_app;

-- What the register showed, and since when.
create table app.registration_versions (
  tenant_id       uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  registration_id uuid not null,
  version         integer not null,
  content         jsonb not null,
  recorded_by     uuid,
  recorded_name   text not null default '',
  recorded_at     timestamptz not null default now(),
  primary key (tenant_id, registration_id, version),
  constraint registration_versions_registration_fkey foreign key (tenant_id, registration_id) references app.registrations (tenant_id, id)
);
call app.isolate('app.registration_versions');
grant select, insert on app.registration_versions to helianthus_app;

-- What happened to the registration. Events are only added; a correction is an event that names the one it corrects.
create table app.registration_events (
  tenant_id       uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id              uuid not null default uuidv7(),
  registration_id uuid not null,
  seq             integer not null,
  act             text not null,
  effective_on    date not null,
  received_on     date,
  national_code   text not null default '',
  national_text   text not null default '',
  reason          text not null default '',
  document_id     uuid,
  corrects        uuid,
  void            boolean not null default false, -- the event corrected did not happen at all
  recorded_by     uuid,
  recorded_name   text not null default '',
  recorded_at     timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  constraint registration_events_seq_key unique (tenant_id, registration_id, seq),
  constraint registration_events_corrects_key unique (tenant_id, corrects),
  constraint registration_events_registration_fkey foreign key (tenant_id, registration_id) references app.registrations (tenant_id, id),
  constraint registration_events_corrects_fkey foreign key (tenant_id, corrects) references app.registration_events (tenant_id, id)
);
call app.isolate('app.registration_events');
grant select, insert on app.registration_events to helianthus_app;

-- The search. Under row-level security an index over grams is not used, since its operators are not leakproof; this
-- function reads past the policies as the gate, with the tenant of the transaction in its own condition. It looks at the
-- first thousand rows that have all grams, newest change last, so that a frequent character costs no more than a rare one.
-- The gate's policy has no condition: one would stand between the index and the query just the same.
create policy gate on app.registrations for select to helianthus_gate using (true);
grant select on app.registrations to helianthus_gate;
-- +goose StatementBegin
create function app.search_registrations(wanted text[], word text, in_status text, in_office text, in_class text, in_hs text, skip integer, most integer)
returns table (id uuid, rank integer)
language plpgsql stable security definer set search_path = app, pg_temp as $$
declare mine uuid := nullif(current_setting('app.tenant', true), '')::uuid;
begin
  return query
  select c.id, c.rank from (
    select r.id, r.title, case
        when E'\n' || r.folded || E'\n' like '%' || E'\n' || word || E'\n' || '%' then 0
        when E'\n' || r.folded like '%' || E'\n' || word || '%' then 1
        else 2 end as rank
    from app.registrations r
    where r.tenant_id = mine and r.grams @> wanted and strpos(r.folded, word) > 0
      and (in_status = '' or r.status = in_status) and (in_office = '' or r.office = in_office)
      and (in_class = '' or in_class = any (r.classes))
      and (in_hs = '' or exists (select from unnest(r.hs_codes) h where starts_with(h, in_hs)))
    limit 1000) c
  order by c.rank, length(c.title), c.title, c.id
  offset skip limit most;
end $$;
revoke execute on function app.search_registrations from public;
grant execute on function app.search_registrations to helianthus_app;
alter function app.search_registrations owner to helianthus_gate;
-- +goose StatementEnd
