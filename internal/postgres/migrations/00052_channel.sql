-- The channel: what keeps a request that was sent twice from being done twice.
--
-- +goose Up
-- The first answer to a write that carried an Idempotency-Key. It is written by the write's own transaction, so that there
-- is no key without its write and no write without its key. The answer is sealed: it may hold a secret shown once.
create table app.idempotency_keys (
  tenant_id uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id        bytea not null constraint idempotency_keys_id_check check (length(id) = 32),          -- SHA-256 of actor, operation and key
  request   bytea not null constraint idempotency_keys_request_check check (length(request) = 32), -- SHA-256 of what was asked
  answer    bytea not null,
  until_at  timestamptz not null,
  primary key (tenant_id, id),
  constraint idempotency_keys_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.idempotency_keys');
create index idempotency_keys_until_idx on app.idempotency_keys (tenant_id, until_at);
grant select, insert, delete on app.idempotency_keys to helianthus_app;

-- +goose Down
drop table app.idempotency_keys;
