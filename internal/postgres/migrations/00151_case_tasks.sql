-- Tasks of one side in a case, and calendars to subscribe to. What clocks and registers propose is not stored: it is read from
-- deadlines, registrations and recognitions (internal/recognition, case_tasks.go).
--
-- +goose Up

create table app.case_tasks (
  tenant_id     uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id            uuid not null default uuidv7(),
  case_id       uuid not null,                    -- of any keeper: a reference by value
  text          text not null,
  due_on        date,
  created_name  text not null default '',
  created_at    timestamptz not null default now(),
  finished_name text not null default '',
  finished_at   timestamptz,
  primary key (tenant_id, id),
  constraint case_tasks_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.case_tasks');
create index case_tasks_open_idx on app.case_tasks (tenant_id, due_on, id) where finished_at is null;
grant select, insert, update (finished_name, finished_at) on app.case_tasks to helianthus_app;

-- A person's calendar: whoever has the address reads the deadlines that the person may read, until it is revoked.
create table app.calendar_feeds (
  tenant_id  uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id         uuid not null default uuidv7(),
  person_id  uuid not null,
  token_hash bytea not null constraint calendar_feeds_hash_check check (length(token_hash) = 32),
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  primary key (tenant_id, id),
  constraint calendar_feeds_hash_key unique (tenant_id, token_hash),
  constraint calendar_feeds_person_fkey foreign key (tenant_id, person_id) references app.people (tenant_id, id)
);
call app.isolate('app.calendar_feeds');
grant select, insert, update (revoked_at) on app.calendar_feeds to helianthus_app;

create policy gate on app.calendar_feeds for select to helianthus_gate using (true);
grant select on app.calendar_feeds to helianthus_gate;
-- +goose StatementBegin
create function app.gate_calendar(token bytea) returns table (tenant_id uuid, slug text, kind text, demo boolean, person_id uuid, name text, locale text, roles text[])
language sql stable security definer set search_path = app, pg_temp as $$
  select t.id, t.slug, t.kind, t.demo, p.id, p.name, p.locale, p.roles
  from app.calendar_feeds f
  join app.people p on p.tenant_id = f.tenant_id and p.id = f.person_id
  join app.tenants t on t.id = f.tenant_id
  where f.token_hash = token and f.revoked_at is null and p.disabled_at is null and t.suspended_at is null
$$;
-- +goose StatementEnd
revoke execute on function app.gate_calendar(bytea) from public;
grant execute on function app.gate_calendar(bytea) to helianthus_app;
alter function app.gate_calendar(bytea) owner to helianthus_gate;

-- +goose Down
drop function app.gate_calendar(bytea);
drop table app.calendar_feeds;
drop table app.case_tasks;
