-- Sandboxes: tenants in which developers of partner offices try the API with made-up records. What is published in a sandbox
-- is there for its own tenants and for nobody else; and they see nothing of the house. So nothing has to be told apart by
-- whoever reads: the directory of tenants, the publications and the changes of the feed are divided by the database.
--
-- +goose Up
create table app.sandbox_tenants (
  member     uuid primary key,               -- a tenant
  sandbox    uuid not null,                  -- which the others of the same sandbox have, too
  until_at   timestamptz not null,           -- then it is closed
  created_at timestamptz not null default now()
);
create index sandbox_tenants_sandbox_idx on app.sandbox_tenants (sandbox);
grant select on app.sandbox_tenants to helianthus_app, helianthus_gate;
grant insert on app.sandbox_tenants to helianthus_gate;

-- The sandbox of the transaction's tenant; null is the house itself, and nobody in particular.
-- +goose StatementBegin
create function app.sandbox() returns uuid language sql stable set search_path = app, pg_temp as $$
  select m.sandbox from app.sandbox_tenants m where m.member = app.tenant()
$$;
-- +goose StatementEnd
revoke execute on function app.sandbox() from public;
grant execute on function app.sandbox() to helianthus_app, helianthus_owner;

-- The directory shows the tenants of the own side: no grant, audience, instrument, case or key finds one of the other.
alter table app.tenants enable row level security;
alter table app.tenants force row level security;
create policy directory on app.tenants for select to helianthus_app
  using ((select m.sandbox from app.sandbox_tenants m where m.member = tenants.id)
    is not distinct from (select m.sandbox from app.sandbox_tenants m where m.member = app.tenant()));
create policy owner on app.tenants to helianthus_owner using (true) with check (true);
create policy gate on app.tenants to helianthus_gate using (true) with check (true);
grant insert, update (suspended_at) on app.tenants to helianthus_gate;

-- What is published and what happened to it keep the side, so that reading a million of them asks no other table.
alter table app.publications add column sandbox uuid;
alter table app.publications alter column sandbox set default app.sandbox();
create policy side on app.publications as restrictive to helianthus_app
  using (sandbox is not distinct from (select m.sandbox from app.sandbox_tenants m where m.member = app.tenant()))
  with check (sandbox is not distinct from (select m.sandbox from app.sandbox_tenants m where m.member = app.tenant()));
alter table app.changes add column sandbox uuid;
alter table app.changes alter column sandbox set default app.sandbox();
create policy side on app.changes as restrictive to helianthus_app
  using (sandbox is not distinct from (select m.sandbox from app.sandbox_tenants m where m.member = app.tenant()))
  with check (sandbox is not distinct from (select m.sandbox from app.sandbox_tenants m where m.member = app.tenant()));

-- Workers serve the tenants of both sides.
-- +goose StatementBegin
create function app.gate_tenants() returns table (id uuid, slug text, kind text, demo boolean, suspended boolean)
language sql stable security definer set search_path = app, pg_temp as $$
  select t.id, t.slug, t.kind, t.demo, t.suspended_at is not null from app.tenants t order by t.id
$$;

-- Opens a sandbox: a county that publishes and an office, both marked as a demonstration. What is over is closed first. Where
-- there are as many as the house wants, the one gives place that was used least lately, if not within a day; else there is no row.
create function app.gate_sandbox(name text, county_names jsonb, office_names jsonb, office_code text, most integer, until timestamptz) returns table (county uuid, office uuid)
language plpgsql volatile security definer set search_path = app, pg_temp as $$
declare
  made uuid := uuidv7();
  spare uuid;
begin
  perform pg_advisory_xact_lock(5200);
  update app.tenants t set suspended_at = now() from app.sandbox_tenants m
    where m.member = t.id and m.until_at <= now() and t.suspended_at is null;
  if (select count(distinct m.sandbox) from app.sandbox_tenants m join app.tenants t on t.id = m.member where t.suspended_at is null) >= most then
    select m.sandbox into spare from app.sandbox_tenants m join app.tenants t on t.id = m.member left join app.api_clients c on c.tenant_id = m.member
      where t.suspended_at is null group by m.sandbox
      having max(coalesce(c.last_used_at, m.created_at)) < now() - interval '1 day'
      order by max(coalesce(c.last_used_at, m.created_at)) limit 1;
    if spare is null then
      return;
    end if;
    update app.tenants t set suspended_at = now() from app.sandbox_tenants m where m.member = t.id and m.sandbox = spare;
  end if;
  insert into app.tenants (slug, kind, names, office, demo) values ('test-county-' || name, 'county', county_names, 'XT', true) returning id into county;
  insert into app.tenants (slug, kind, names, office, demo) values ('test-office-' || name, 'jurisdiction', office_names, office_code, true) returning id into office;
  insert into app.sandbox_tenants (member, sandbox, until_at) values (county, made, until), (office, made, until);
  return next;
end $$;
-- +goose StatementEnd
-- +goose StatementBegin
do $$
declare f regprocedure;
begin
  for f in select p.oid::regprocedure from pg_proc p where p.pronamespace = 'app'::regnamespace and p.proname in ('gate_tenants', 'gate_sandbox') loop
    execute format('revoke execute on function %s from public', f);
    execute format('grant execute on function %s to helianthus_app', f);
    execute format('alter function %s owner to helianthus_gate', f);
  end loop;
end $$;
-- +goose StatementEnd

-- +goose Down
drop function app.gate_sandbox(text, jsonb, jsonb, text, integer, timestamptz);
drop function app.gate_tenants();
drop policy side on app.changes;
drop policy side on app.publications;
alter table app.changes drop column sandbox;
alter table app.publications drop column sandbox;
drop policy directory on app.tenants;
drop policy owner on app.tenants;
drop policy gate on app.tenants;
alter table app.tenants no force row level security;
alter table app.tenants disable row level security;
drop function app.sandbox();
drop table app.sandbox_tenants;
