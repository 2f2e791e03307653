-- Credentials: what a tenant attests of its published records, and whether it still holds.
--
-- +goose Up

-- A tenant signs with a key for each algorithm: Ed25519 for everything, P-256 for credentials in ES256 only.
alter table app.signing_keys add column algorithm text not null default 'EdDSA' constraint signing_keys_algorithm_check check (algorithm in ('EdDSA', 'ES256'));
alter table app.public_keys add column algorithm text not null default 'EdDSA' constraint public_keys_algorithm_check check (algorithm in ('EdDSA', 'ES256'));
alter table app.signing_keys drop constraint signing_keys_public_check;
-- An uncompressed point of P-256 has 65 bytes (SEC 1, section 2.3.3).
alter table app.signing_keys add constraint signing_keys_public_check check (length(public_key) = case algorithm when 'EdDSA' then 32 else 65 end);
drop index app.signing_keys_current_key;
create unique index signing_keys_current_key on app.signing_keys (tenant_id, algorithm) where retired_at is null;

-- Status lists come in pairs with the same number, one of each purpose; a credential has the same place in both. What is
-- signed is public, and made when somebody asks for it.
create table app.credential_status_lists (
  tenant_id uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id        uuid not null default gen_random_uuid(),
  number    integer not null,
  purpose   text not null constraint credential_status_lists_purpose_check check (purpose in ('revocation', 'suspension')),
  snapshot  text,                                 -- a signed credential (VC-JOSE), as of signed_at
  signed_at timestamptz,
  changed_at timestamptz not null default now(),  -- a bit was turned
  primary key (tenant_id, id),
  constraint credential_status_lists_number_key unique (tenant_id, number, purpose),
  constraint credential_status_lists_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
alter table app.credential_status_lists enable row level security;
alter table app.credential_status_lists force row level security;
create policy readers on app.credential_status_lists for select to helianthus_app using (true);
create policy issuer_adds on app.credential_status_lists for insert to helianthus_app
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy issuer_changes on app.credential_status_lists for update to helianthus_app
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
create index credential_status_lists_id_idx on app.credential_status_lists (id);
grant select, insert on app.credential_status_lists to helianthus_app;
grant update (snapshot, signed_at, changed_at) on app.credential_status_lists to helianthus_app;

-- What was attested never changes.
create table app.credentials (
  tenant_id      uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id             uuid not null,
  number         text not null,
  kind           text not null,                   -- of the record
  record_id      uuid not null,
  publication_id uuid not null,
  title          text not null,
  algorithm      text not null constraint credentials_algorithm_check check (algorithm in ('EdDSA', 'ES256')),
  key_id         text not null,
  token          text not null,                   -- the credential, application/vc+jwt
  list_number    integer not null,
  list_index     integer not null constraint credentials_list_index_check check (list_index between 0 and 131071),
  legal_basis    text not null,
  languages      text[] not null,
  issued_at      timestamptz not null,
  valid_until    timestamptz,
  issued_by      uuid,
  officer        text not null,                   -- who decided, as printed
  task_id        uuid,
  papers         jsonb not null default '[]',     -- [{language, documentId, sha256, pages}], when they are made
  primary key (tenant_id, id),
  constraint credentials_number_key unique (tenant_id, number),
  constraint credentials_place_key unique (tenant_id, list_number, list_index),
  constraint credentials_publication_fkey foreign key (tenant_id, publication_id) references app.publications (tenant_id, id),
  constraint credentials_key_fkey foreign key (tenant_id, key_id) references app.signing_keys (tenant_id, id)
);
call app.isolate('app.credentials');
create index credentials_record_idx on app.credentials (tenant_id, kind, record_id);
create index credentials_issued_idx on app.credentials (tenant_id, issued_at desc, id desc);
grant select, insert on app.credentials to helianthus_app;
grant update (papers, task_id) on app.credentials to helianthus_app;

-- Whether a credential holds, for whoever has one: it is found by the hash of its bytes.
create table app.credential_statuses (
  tenant_id     uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  credential_id uuid not null,
  sha256        bytea not null constraint credential_statuses_sha256_check check (length(sha256) = 32),
  status        text not null default 'valid' constraint credential_statuses_status_check check (status in ('valid', 'suspended', 'revoked')),
  cause         text not null default 'officer' constraint credential_statuses_cause_check check (cause in ('officer', 'withdrawn', 'corrected', 'superseded')),
  reason        text not null default '',
  since         timestamptz not null default now(),
  primary key (tenant_id, credential_id),
  constraint credential_statuses_credential_fkey foreign key (tenant_id, credential_id) references app.credentials (tenant_id, id)
);
alter table app.credential_statuses enable row level security;
alter table app.credential_statuses force row level security;
create policy readers on app.credential_statuses for select to helianthus_app using (true);
create policy issuer_adds on app.credential_statuses for insert to helianthus_app
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy issuer_changes on app.credential_statuses for update to helianthus_app
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
create index credential_statuses_sha256_idx on app.credential_statuses (sha256);
grant select, insert on app.credential_statuses to helianthus_app;
grant update (status, cause, reason, since) on app.credential_statuses to helianthus_app;

-- A revocation is for ever: nothing makes a credential valid again that a verifier may have seen revoked.
-- +goose StatementBegin
create function app.keep_revoked() returns trigger language plpgsql as $$
begin
  if old.status = 'revoked' and new.status <> 'revoked' then
    raise exception 'a revoked credential stays revoked' using errcode = 'check_violation', constraint = 'credential_statuses_revoked_check';
  end if;
  return new;
end $$;
-- +goose StatementEnd
create trigger keep_revoked before update on app.credential_statuses for each row execute function app.keep_revoked();

-- A turned bit makes the signed lists old.
-- +goose StatementBegin
create function app.credential_turned() returns trigger language plpgsql as $$
begin
  update app.credential_status_lists l set changed_at = clock_timestamp() from app.credentials c
  where c.tenant_id = new.tenant_id and c.id = new.credential_id and l.tenant_id = c.tenant_id and l.number = c.list_number;
  return null;
end $$;
-- +goose StatementEnd
create trigger credential_turned after update of status on app.credential_statuses
  for each row when (old.status is distinct from new.status) execute function app.credential_turned();

-- A credential attests the version of a record that holds. Whatever path ends that version, a withdrawal, a correction or a
-- newer one, ends the credential in the same transaction.
-- +goose StatementBegin
create function app.revoke_credentials_of() returns trigger language plpgsql as $$
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
create trigger credentials_follow_withdrawal after update of withdrawn_at on app.publications
  for each row when (old.withdrawn_at is null and new.withdrawn_at is not null) execute function app.revoke_credentials_of();
create trigger credentials_follow_version after insert on app.publications
  for each row execute function app.revoke_credentials_of();

-- +goose Down
drop trigger credentials_follow_version on app.publications;
drop trigger credentials_follow_withdrawal on app.publications;
drop table app.credential_statuses;
drop table app.credentials;
drop table app.credential_status_lists;
drop function app.revoke_credentials_of();
drop function app.credential_turned();
drop function app.keep_revoked();
delete from app.public_keys where algorithm <> 'EdDSA';
delete from app.signing_keys where algorithm <> 'EdDSA';
drop index app.signing_keys_current_key;
create unique index signing_keys_current_key on app.signing_keys (tenant_id) where retired_at is null;
alter table app.signing_keys drop constraint signing_keys_public_check;
alter table app.signing_keys drop column algorithm;
alter table app.signing_keys add constraint signing_keys_public_check check (length(public_key) = 32);
alter table app.public_keys drop column algorithm;
