-- How a machine shows that a request is its own, beyond the secret: keys that it signs requests with, and certificates that it
-- connects with; and what its tenant requires of it.
--
-- +goose Up
alter table app.api_clients add column required text[] not null default '{}'
  constraint api_clients_required_check check (required <@ array['signature', 'certificate'] and cardinality(required) <= 2);

-- What is required of a machine only grows. Whoever gets hold of an administrator's session cannot open a channel that was
-- closed; a machine of which less is required is a new machine, with a new secret.
-- +goose StatementBegin
create function app.keep_required() returns trigger language plpgsql as $$
begin
  if not new.required @> old.required then
    raise exception 'what is required of a machine only grows' using errcode = 'check_violation', constraint = 'api_clients_required_grows';
  end if;
  return new;
end $$;
-- +goose StatementEnd
create trigger keep_required before update on app.api_clients for each row execute function app.keep_required();

create table app.api_client_keys (
  tenant_id   uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id          uuid not null default uuidv7(),
  client_id   uuid not null,
  kind        text not null constraint api_client_keys_kind_check check (kind in ('signature', 'certificate')),
  algorithm   text not null,
  der         bytea not null constraint api_client_keys_der_check check (length(der) between 40 and 8192), -- SubjectPublicKeyInfo, or the certificate
  fingerprint bytea not null constraint api_client_keys_fingerprint_check check (fingerprint = sha256(der)),
  created_at  timestamptz not null default now(),
  created_by  uuid,
  expires_at  timestamptz,                        -- the certificate's; a key is good as long as its machine
  revoked_at  timestamptz,
  primary key (tenant_id, id),
  constraint api_client_keys_fingerprint_key unique (tenant_id, client_id, fingerprint),
  constraint api_client_keys_client_fkey foreign key (tenant_id, client_id) references app.api_clients (tenant_id, id)
);
call app.isolate('app.api_client_keys');
grant select, insert on app.api_client_keys to helianthus_app;
grant update (revoked_at) on app.api_client_keys to helianthus_app;
create policy gate on app.api_client_keys for select to helianthus_gate using (true);
grant select on app.api_client_keys to helianthus_gate;

-- Nonces of signatures that were taken, for as long as the signature would be: a request that was recorded is of no use, at no
-- node.
create table app.signature_nonces (
  tenant_id uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  client_id uuid not null,
  nonce     bytea not null constraint signature_nonces_nonce_check check (length(nonce) = 32), -- SHA-256
  until_at  timestamptz not null,
  primary key (tenant_id, client_id, nonce),
  constraint signature_nonces_client_fkey foreign key (tenant_id, client_id) references app.api_clients (tenant_id, id)
);
call app.isolate('app.signature_nonces');
create index signature_nonces_until_idx on app.signature_nonces (tenant_id, until_at);
grant select, insert, delete on app.signature_nonces to helianthus_app;

-- gate_machine is gate_client and how the machine shows itself. The older one stays for nodes that still run.
-- +goose StatementBegin
create function app.gate_machine(client uuid) returns table (
  tenant_id uuid, slug text, kind text, demo boolean, name text, secret_hash bytea, scopes text[], required text[], keys jsonb)
language sql stable security definer set search_path = app, pg_temp as $$
  select t.id, t.slug, t.kind, t.demo, c.name, c.secret_hash, c.scopes, c.required, coalesce((
    select jsonb_agg(jsonb_build_object('id', k.id, 'kind', k.kind, 'der', encode(k.der, 'base64'), 'expiresAt', k.expires_at))
    from app.api_client_keys k
    where k.tenant_id = c.tenant_id and k.client_id = c.id and k.revoked_at is null and coalesce(k.expires_at > now(), true)), '[]')
  from app.api_clients c join app.tenants t on t.id = c.tenant_id
  where c.id = client and c.revoked_at is null and c.expires_at > now() and t.suspended_at is null
$$;
-- +goose StatementEnd
revoke execute on function app.gate_machine(uuid) from public;
grant execute on function app.gate_machine(uuid) to helianthus_app;
alter function app.gate_machine(uuid) owner to helianthus_gate;

-- +goose Down
drop function app.gate_machine(uuid);
drop table app.signature_nonces;
drop table app.api_client_keys;
drop trigger keep_required on app.api_clients;
drop function app.keep_required();
alter table app.api_clients drop column required;
