-- Applications that somebody without an account writes: kept for a while under a key that the applicant alone has, and gone when they are
-- sent or when their time is over.
--
-- +goose Up
create table app.member_drafts (
  tenant_id  uuid not null default nullif(current_setting('app.tenant', true), '')::uuid, -- the association that is applied to
  id         uuid not null default uuidv7(),
  key        uuid not null,                        -- a hash of the key in the address
  sealed     bytea not null,                       -- what was written, sealed by the house's secret
  documents  jsonb not null default '[]',
  expires_at timestamptz not null,
  primary key (tenant_id, id),
  constraint member_drafts_key_key unique (tenant_id, key),
  constraint member_drafts_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.member_drafts');
create index member_drafts_expires_idx on app.member_drafts (tenant_id, expires_at);
grant select, insert, update (sealed, documents, expires_at), delete on app.member_drafts to helianthus_app;

-- +goose Down
drop table app.member_drafts;
