-- Documents: files of a tenant, in versions. The bytes are in the object store; a row says what may be read there.
--
-- +goose Up
create table app.documents (
  tenant_id       uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id              uuid not null default uuidv7(),
  version         integer not null default 1,     -- of the row, for ETags
  status          text not null default 'uploading' constraint documents_status_check check (status in ('uploading','ready','refused','retired')),
  filename        text not null,                  -- of the version that holds, or is awaited
  purpose         text not null default '',
  current_number  integer not null default 0,     -- the version that holds; 0: none yet
  created_by      uuid,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint documents_tenant_fkey foreign key (tenant_id) references app.tenants (id),
  constraint documents_ready_check check ((status in ('ready','retired')) = (current_number > 0))
);
call app.isolate('app.documents');
create index documents_created_idx on app.documents (tenant_id, created_at desc, id desc);
grant select, insert, update on app.documents to helianthus_app;

create table app.document_versions (
  tenant_id        uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  document_id      uuid not null,
  number           integer not null,
  status           text not null default 'uploading' constraint document_versions_status_check check (status in ('uploading','ready','refused')),
  filename         text not null,
  media_type       text not null,
  size             bigint not null constraint document_versions_size_check check (size > 0),
  sha256           bytea not null constraint document_versions_sha256_check check (length(sha256) = 32),
  upload_key       text not null default '',      -- where the browser writes; empty for files the server made
  object_key       text not null,                 -- where it is kept once it is ready; nothing else ever writes there
  object_version   text not null default '',      -- the store's version, set when it is ready
  reason           text not null default '',      -- code of why it was refused
  retain_until     timestamptz,
  uploaded_by      uuid,
  uploaded_by_name text not null default '',
  created_at       timestamptz not null default now(),
  completed_at     timestamptz,
  primary key (tenant_id, document_id, number),
  constraint document_versions_document_fkey foreign key (tenant_id, document_id) references app.documents (tenant_id, id),
  constraint document_versions_key_check check (object_key like 't/' || tenant_id || '/%' and (upload_key = '' or upload_key like 't/' || tenant_id || '/%')),
  constraint document_versions_ready_check check ((status = 'ready') = (object_version <> ''))
);
call app.isolate('app.document_versions');
create index document_versions_uploading_idx on app.document_versions (tenant_id, created_at) where status = 'uploading';
create index document_versions_key_idx on app.document_versions (tenant_id, object_key);
grant select, insert, update on app.document_versions to helianthus_app;

-- +goose Down
drop table app.document_versions;
drop table app.documents;
