-- Exchange platforms of three levels, calls that are mirrored from them, and what calls are about.
--
-- +goose Up
create table app.promotion_platforms (
  tenant_id     uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id            uuid not null default uuidv7(),
  version       integer not null default 1,
  status        text not null default 'active' constraint promotion_platforms_status_check check (status in ('active', 'archived')),
  level         text not null constraint promotion_platforms_level_check check (level in ('national', 'regional', 'municipal')),
  names         jsonb not null,
  folded        text not null,                     -- its names by registry.NameKey
  region        text not null default '',          -- of which it is: a province, a city
  address       text not null default '',
  website       text not null default '',
  contact       text not null default '',
  partner       uuid,                              -- the tenant that it is here, if any
  recorded_name text not null default '',
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint promotion_platforms_other_check check (partner <> tenant_id),
  constraint promotion_platforms_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.promotion_platforms');
create unique index promotion_platforms_partner_key on app.promotion_platforms (tenant_id, partner) where status = 'active';
create index promotion_platforms_newest_idx on app.promotion_platforms (tenant_id, id desc);
grant select, insert on app.promotion_platforms to helianthus_app;
grant update (version, status, level, names, folded, region, address, website, contact, partner, recorded_name, updated_at) on app.promotion_platforms to helianthus_app;

-- What a call is about, folded as its titles are; and whose it is when it is another's. The original is looked up: what it says now is its own.
alter table app.promotion_programmes
  add column topics text[] not null default '{}',
  add column mirror jsonb,
  add column original uuid,
  add constraint promotion_programmes_original_check check (original is null or mirror is not null);
create unique index promotion_programmes_mirrored_key on app.promotion_programmes (tenant_id, original) where status <> 'cancelled';

-- +goose StatementBegin
create or replace function app.keep_call() returns trigger language plpgsql set search_path = app, pg_temp as $$
begin
  if old.published_at is not null and (new.content, new.kind, new.countries, new.opens_at, new.closes_at, new.places, new.published_at, new.reviewed_by, new.topics)
      is distinct from (old.content, old.kind, old.countries, old.opens_at, old.closes_at, old.places, old.published_at, old.reviewed_by, old.topics) then
    raise exception 'programme % is published', old.id using errcode = 'check_violation', constraint = 'promotion_programmes_frozen_check';
  end if;
  if (new.mirror, new.original) is distinct from (old.mirror, old.original) then
    raise exception 'whose call % is does not change', old.id using errcode = 'check_violation', constraint = 'promotion_programmes_frozen_check';
  end if;
  return new;
end $$;
-- +goose StatementEnd

-- Whoever wants what another's call offers applies there.
drop policy to_a_call on app.promotion_applications;
create policy to_a_call on app.promotion_applications as restrictive for insert to helianthus_app
  with check (exists (select from app.promotion_programmes p where p.tenant_id = promotion_applications.keeper and p.id = promotion_applications.programme_id and p.status = 'open' and p.mirror is null));

-- +goose Down
drop policy to_a_call on app.promotion_applications;
create policy to_a_call on app.promotion_applications as restrictive for insert to helianthus_app
  with check (exists (select from app.promotion_programmes p where p.tenant_id = promotion_applications.keeper and p.id = promotion_applications.programme_id and p.status = 'open'));
-- +goose StatementBegin
create or replace function app.keep_call() returns trigger language plpgsql set search_path = app, pg_temp as $$
begin
  if old.published_at is not null and (new.content, new.kind, new.countries, new.opens_at, new.closes_at, new.places, new.published_at, new.reviewed_by)
      is distinct from (old.content, old.kind, old.countries, old.opens_at, old.closes_at, old.places, old.published_at, old.reviewed_by) then
    raise exception 'programme % is published', old.id using errcode = 'check_violation', constraint = 'promotion_programmes_frozen_check';
  end if;
  return new;
end $$;
-- +goose StatementEnd
drop index app.promotion_programmes_mirrored_key;
alter table app.promotion_programmes drop constraint promotion_programmes_original_check, drop column topics, drop column mirror, drop column original;
drop table app.promotion_platforms;
