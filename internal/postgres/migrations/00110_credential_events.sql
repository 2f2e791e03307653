-- What happened to a credential, for those who answer for it: issued, suspended, resumed, revoked, by whom and why.
--
-- +goose Up
create table app.credential_events (
  tenant_id     uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id            uuid not null default uuidv7(),
  credential_id uuid not null,
  status        text not null constraint credential_events_status_check check (status in ('valid', 'suspended', 'revoked')), -- from then on
  cause         text not null constraint credential_events_cause_check check (cause in ('officer', 'withdrawn', 'corrected', 'superseded')),
  reason        text not null default '',
  by_name       text not null default '',        -- empty: it followed its record
  at            timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint credential_events_credential_fkey foreign key (tenant_id, credential_id) references app.credentials (tenant_id, id)
);
call app.isolate('app.credential_events');
create index credential_events_credential_idx on app.credential_events (tenant_id, credential_id, id);
grant select, insert on app.credential_events to helianthus_app;

-- Row-level security binds the owner too, so that each tenant's rows are taken over under its own name.
-- +goose StatementBegin
do $$
declare t uuid;
begin
  for t in select id from app.tenants loop
    execute format('set local app.tenant = %L', t);
    insert into app.credential_events (credential_id, status, cause, by_name, at)
      select id, 'valid', 'officer', officer, issued_at from app.credentials where tenant_id = t;
    insert into app.credential_events (credential_id, status, cause, reason, at)
      select credential_id, status, cause, reason, since from app.credential_statuses where tenant_id = t and status <> 'valid';
  end loop;
  set local app.tenant = '';
end $$;
-- +goose StatementEnd

-- +goose StatementBegin
create or replace function app.revoke_credentials_of() returns trigger language plpgsql as $$
begin
  with ended as (
    update app.credential_statuses s set status = 'revoked', since = now(),
      cause = case when new.withdrawn_at is not null then 'withdrawn' when new.corrects is not null then 'corrected' else 'superseded' end,
      reason = case when new.withdrawn_at is not null then new.withdrawal_reason else new.reason end
    from app.credentials c
    where c.tenant_id = new.tenant_id and c.kind = new.kind and c.record_id = new.record_id
      and s.tenant_id = c.tenant_id and s.credential_id = c.id and s.status <> 'revoked'
      and (new.withdrawn_at is not null or c.publication_id <> new.id)
    returning s.tenant_id, s.credential_id, s.status, s.cause, s.reason)
  insert into app.credential_events (tenant_id, credential_id, status, cause, reason) select * from ended;
  return null;
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
create or replace function app.revoke_credentials_of() returns trigger language plpgsql as $$
begin
  update app.credential_statuses s set status = 'revoked', since = now(),
    cause = case when new.withdrawn_at is not null then 'withdrawn' when new.corrects is not null then 'corrected' else 'superseded' end,
    reason = case when new.withdrawn_at is not null then new.withdrawal_reason else new.reason end
  from app.credentials c
  where c.tenant_id = new.tenant_id and c.kind = new.kind and c.record_id = new.record_id
    and s.tenant_id = c.tenant_id and s.credential_id = c.id and s.status <> 'revoked'
    and (new.withdrawn_at is not null or c.publication_id <> new.id);
  return null;
end $$;
-- +goose StatementEnd
drop table app.credential_events;
