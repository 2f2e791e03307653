-- The gate: what must be known before any scope is. Functions run as helianthus_gate, which sees these tables by its
-- policies; the application role may only call them, and each returns what one caller needs and nothing more.
--
-- +goose Up
-- +goose StatementBegin
create function app.gate_session(token bytea) returns table (
  tenant_id uuid, slug text, kind text, demo boolean, session_id uuid, person_id uuid, name text, email text, locale text,
  roles text[], units text[], unit text, expires_at timestamptz, last_seen_at timestamptz)
language sql stable security definer set search_path = app, pg_temp as $$
  select t.id, t.slug, t.kind, t.demo, s.id, p.id, p.name, p.email, p.locale, p.roles, p.units,
    case when s.unit = any (p.units) then s.unit else coalesce(p.units[1], '') end, s.expires_at, s.last_seen_at
  from app.sessions s
  join app.people p on p.tenant_id = s.tenant_id and p.id = s.person_id
  join app.tenants t on t.id = s.tenant_id
  where s.token_hash = token and s.expires_at > now() and s.last_seen_at > now() - interval '30 minutes'
    and p.disabled_at is null and t.suspended_at is null
$$;
create function app.gate_people(sign_in_name text) returns table (
  tenant_id uuid, slug text, kind text, demo boolean, person_id uuid, name text, password_hash text)
language sql stable security definer set search_path = app, pg_temp as $$
  select t.id, t.slug, t.kind, t.demo, p.id, p.name, p.password_hash
  from app.people p join app.tenants t on t.id = p.tenant_id
  where p.email = sign_in_name and p.disabled_at is null and t.suspended_at is null and p.password_hash <> ''
  order by t.slug limit 20
$$;
create function app.gate_client(client uuid) returns table (
  tenant_id uuid, slug text, kind text, demo boolean, name text, secret_hash bytea, scopes text[])
language sql stable security definer set search_path = app, pg_temp as $$
  select t.id, t.slug, t.kind, t.demo, c.name, c.secret_hash, c.scopes
  from app.api_clients c join app.tenants t on t.id = c.tenant_id
  where c.id = client and c.revoked_at is null and c.expires_at > now() and t.suspended_at is null
$$;
-- Counts an attempt to sign in by a name before its password is looked at, so that attempts made at once are all counted,
-- and answers how many seconds are to be waited instead: none for five attempts, then doubling up to fifteen minutes.
-- A refused attempt is not counted, else whoever tries on would never be let in again. Names not tried for a day are
-- forgotten by and by.
create function app.gate_attempt(name bytea) returns integer
language plpgsql volatile security definer set search_path = app, pg_temp as $$
declare
  f app.sign_in_failures;
  rest integer;
begin
  insert into app.sign_in_failures (name_hash, failures, last_at) values (name, 0, now()) on conflict (name_hash) do nothing;
  select * into f from app.sign_in_failures g where g.name_hash = name for update;
  rest := case when f.failures < 5 then 0
    else ceil(extract(epoch from f.last_at - clock_timestamp()) + least(900, 2 ^ least(f.failures - 5, 20))) end;
  if rest > 0 then
    return rest;
  end if;
  update app.sign_in_failures g set failures = f.failures + 1, last_at = clock_timestamp() where g.name_hash = name;
  delete from app.sign_in_failures where name_hash in (
    select g.name_hash from app.sign_in_failures g where g.last_at < now() - interval '1 day' order by g.last_at limit 20 for update skip locked);
  return 0;
end
$$;
create function app.gate_succeeded(name bytea) returns void
language sql volatile security definer set search_path = app, pg_temp as $$
  delete from app.sign_in_failures where name_hash = name
$$;
-- +goose StatementEnd
-- +goose StatementBegin
do $$
declare f regprocedure;
begin
  for f in select p.oid::regprocedure from pg_proc p where p.pronamespace = 'app'::regnamespace and p.proname like 'gate\_%' loop
    execute format('revoke execute on function %s from public', f);
    execute format('grant execute on function %s to helianthus_app', f);
    execute format('alter function %s owner to helianthus_gate', f);
  end loop;
end $$;
-- +goose StatementEnd
