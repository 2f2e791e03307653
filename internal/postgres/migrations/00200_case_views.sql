-- One case in two houses: the keys of other houses' publishers, and what they signed of a case.
--
-- +goose Up

-- Public there and so public here; a key that was seen retired stays retired.
create table app.partner_keys (
  house      text not null,
  key_id     text not null,
  publisher  text not null,                      -- its slug in that house
  public_key bytea not null constraint partner_keys_public_key_check check (length(public_key) = 32), -- Ed25519
  retired_at timestamptz,
  seen_at    timestamptz not null,               -- when that house last gave it
  primary key (house, key_id),
  constraint partner_keys_house_fkey foreign key (house) references app.partner_houses (name)
);
grant select, insert, update (retired_at, seen_at), delete on app.partner_keys to helianthus_app;

-- What another house signed of a case, as it came. It is evidence: the key stands beside it, and neither goes with the house.
create table app.case_views (
  tenant_id     uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id            uuid not null default uuidv7(),
  case_id       uuid not null,                   -- of any keeper: a reference by value
  house         text not null,
  statement     text not null,
  sha256        bytea not null constraint case_views_sha256_check check (length(sha256) = 32), -- of the statement
  chain         text[] not null constraint case_views_chain_check check (cardinality(chain) <= 2000),
  key_id        text not null,
  public_key    bytea not null constraint case_views_public_key_check check (length(public_key) = 32),
  signature     bytea not null constraint case_views_signature_check check (length(signature) = 64),
  received_name text not null default '',
  received_at   timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint case_views_statement_key unique (tenant_id, case_id, sha256),
  constraint case_views_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.case_views');
create index case_views_case_idx on app.case_views (tenant_id, case_id, id desc);
grant select, insert on app.case_views to helianthus_app;

-- +goose Down
drop table app.case_views;
drop table app.partner_keys;
