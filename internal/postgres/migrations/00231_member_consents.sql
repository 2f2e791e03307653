-- What a member agreed to: that a named reader may read what its membership publishes, for a purpose, until an instant. The right itself is
-- a grant; here is who agreed to it, when, and on which paper.
--
-- +goose Up
create table app.member_consents (
  tenant_id   uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id          uuid not null default uuidv7(),
  member_id   uuid not null,
  grant_id    uuid not null,                       -- a reference by value
  given_on    date not null,
  document_id uuid,                                -- a reference by value
  recorded_at timestamptz not null default now(),
  recorded_by text not null default '',
  primary key (tenant_id, id),
  constraint member_consents_member_fkey foreign key (tenant_id, member_id) references app.members (tenant_id, id)
);
call app.isolate('app.member_consents');
create index member_consents_member_idx on app.member_consents (tenant_id, member_id);
grant select, insert on app.member_consents to helianthus_app;

-- +goose Down
drop table app.member_consents;
