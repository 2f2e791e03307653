-- Webhooks: addresses of a tenant's own systems that are told of changes, and what came of it.
--
-- +goose Up
create table app.webhooks (
  tenant_id     uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id            uuid not null default uuidv7(),
  version       integer not null default 1,
  url           text not null constraint webhooks_url_check check (starts_with(url, 'https://')),
  description   text not null default '',
  kinds         text[] not null default '{}',
  status        text not null default 'active' constraint webhooks_status_check check (status in ('active', 'disabled')),
  disabled_at   timestamptz,
  disabled_why  text not null default '',
  position      bigint not null default 0,        -- in the change feed
  failing_since timestamptz,                      -- since then nothing arrived
  created_by    uuid,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint webhooks_disabled_check check ((status = 'disabled') = (disabled_at is not null)),
  constraint webhooks_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.webhooks');
grant select, insert, update, delete on app.webhooks to helianthus_app;

-- Secrets, sealed as signing keys are. The newest one counts; the one before signs beside it for a while.
create table app.webhook_secrets (
  tenant_id  uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id         uuid not null default uuidv7(),
  webhook_id uuid not null,
  sealed     bytea not null,
  created_at timestamptz not null default now(),
  until_at   timestamptz,
  primary key (tenant_id, id),
  constraint webhook_secrets_webhook_fkey foreign key (tenant_id, webhook_id) references app.webhooks (tenant_id, id) on delete cascade
);
call app.isolate('app.webhook_secrets');
create index webhook_secrets_webhook_idx on app.webhook_secrets (tenant_id, webhook_id);
grant select, insert, delete on app.webhook_secrets to helianthus_app;
grant update (until_at) on app.webhook_secrets to helianthus_app;

-- One delivery a change and endpoint, or a test. It holds no content: that is read when it is sent.
create table app.webhook_deliveries (
  tenant_id    uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id           uuid not null default uuidv7(),
  webhook_id   uuid not null,
  message_id   text not null,
  type         text not null,                     -- registration.publish, webhook.test
  seq          bigint,                            -- of the change; none for a test
  status       text not null default 'queued' constraint webhook_deliveries_status_check check (status in ('queued', 'delivered', 'given-up', 'concealed')),
  tries        integer not null default 0,
  next_at      timestamptz not null default now(),
  created_at   timestamptz not null default now(),
  delivered_at timestamptz,
  primary key (tenant_id, id),
  constraint webhook_deliveries_message_key unique (tenant_id, webhook_id, message_id),
  constraint webhook_deliveries_webhook_fkey foreign key (tenant_id, webhook_id) references app.webhooks (tenant_id, id) on delete cascade
);
call app.isolate('app.webhook_deliveries');
create index webhook_deliveries_due_idx on app.webhook_deliveries (tenant_id, webhook_id, next_at) where status = 'queued';
grant select, insert, update, delete on app.webhook_deliveries to helianthus_app;

-- The delivery log: each try, and what the other side said.
create table app.webhook_tries (
  tenant_id   uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  delivery_id uuid not null,
  id          uuid not null default uuidv7(),
  at          timestamptz not null,
  took_ms     integer not null,
  response    integer,                            -- HTTP status; none when there was no answer
  error       text not null default '',           -- why there was none: a code
  primary key (tenant_id, delivery_id, id),
  constraint webhook_tries_delivery_fkey foreign key (tenant_id, delivery_id) references app.webhook_deliveries (tenant_id, id) on delete cascade
);
call app.isolate('app.webhook_tries');
grant select, insert on app.webhook_tries to helianthus_app;

-- busy_webhooks names the tenants whose endpoints have something to be told. Workers ask for all tenants at once, and learn
-- nothing but who.
create policy gate on app.webhooks for select to helianthus_gate using (true);
create policy gate on app.webhook_deliveries for select to helianthus_gate using (true);
grant select on app.webhooks, app.webhook_deliveries to helianthus_gate;
create index webhook_deliveries_queue_idx on app.webhook_deliveries (next_at) where status = 'queued';
-- +goose StatementBegin
create function app.busy_webhooks(head bigint) returns table (id uuid, slug text, kind text, demo boolean)
language sql stable security definer set search_path = app, pg_temp as $$
  select t.id, t.slug, t.kind, t.demo from app.tenants t
  where t.suspended_at is null and exists (
    select from app.webhooks w where w.tenant_id = t.id and w.status = 'active' and (w.position < head or exists (
      select from app.webhook_deliveries d where d.tenant_id = w.tenant_id and d.webhook_id = w.id and d.status = 'queued' and d.next_at <= now())))
$$;
-- +goose StatementEnd
revoke execute on function app.busy_webhooks from public;
grant execute on function app.busy_webhooks to helianthus_app;
alter function app.busy_webhooks owner to helianthus_gate;

-- +goose Down
drop function app.busy_webhooks(bigint);
drop table app.webhook_tries;
drop table app.webhook_deliveries;
drop table app.webhook_secrets;
drop table app.webhooks;
