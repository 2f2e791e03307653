-- Keys with which a member looks at its own membership: one that is handed out opens it once, and then another one for a short while.
--
-- +goose Up
create table app.member_keys (
  tenant_id  uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id         uuid not null default uuidv7(),
  key        uuid not null,                        -- a hash of the key
  member_id  uuid not null,
  kind       text not null constraint member_keys_kind_check check (kind in ('link', 'session')),
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint member_keys_key_key unique (tenant_id, key),
  constraint member_keys_member_fkey foreign key (tenant_id, member_id) references app.members (tenant_id, id)
);
call app.isolate('app.member_keys');
create index member_keys_member_idx on app.member_keys (tenant_id, member_id);
grant select, insert, delete on app.member_keys to helianthus_app;

-- +goose Down
drop table app.member_keys;
