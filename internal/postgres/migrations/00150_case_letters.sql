-- Documents and letters of recognition cases. What one side has not shared yet are rows of that tenant alone; what both
-- sides see is copied into the file, and nobody changes it there.
--
-- +goose Up

-- Documents that one side put to a case and keeps for itself, until it shares them.
create table app.case_attachments (
  tenant_id       uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id              uuid not null default uuidv7(),
  case_id         uuid not null,                  -- of any keeper: a reference by value
  seq             integer,                        -- the event that names it, of those that the other side does not see
  letter_id       uuid,
  document_id     uuid not null,
  number          integer not null,               -- the version
  title           text not null,
  kind            text not null default '',
  language        text not null default '',
  attached_name   text not null default '',
  attached_at     timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint case_attachments_tenant_fkey foreign key (tenant_id) references app.tenants (id),
  constraint case_attachments_version_fkey foreign key (tenant_id, document_id, number) references app.document_versions (tenant_id, document_id, number),
  constraint case_attachments_document_key unique (tenant_id, case_id, document_id, number)
);
call app.isolate('app.case_attachments');
grant select, insert, update (seq), delete on app.case_attachments to helianthus_app;

-- Documents that both sides read. The bytes stay in the store of the tenant that shared them.
create table app.case_documents (
  tenant_id       uuid not null default nullif(current_setting('app.tenant', true), '')::uuid, -- who keeps the file
  id              uuid not null,
  case_id         uuid not null,
  owner           uuid not null,
  seq             integer,                        -- the event that names it
  letter_id       uuid,
  document_id     uuid not null,                  -- of the owner
  number          integer not null,
  title           text not null,
  kind            text not null default '',
  language        text not null default '',
  sha256          bytea not null constraint case_documents_sha256_check check (length(sha256) = 32),
  filename        text not null,
  media_type      text not null,
  size            bigint not null,
  shared_name     text not null default '',
  shared_at       timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint case_documents_document_key unique (tenant_id, case_id, owner, document_id, number),
  constraint case_documents_case_fkey foreign key (tenant_id, case_id) references app.recognition_cases (tenant_id, id),
  constraint case_documents_event_fkey foreign key (tenant_id, case_id, seq) references app.case_events (tenant_id, case_id, seq)
);
create index case_documents_case_idx on app.case_documents (case_id, id);

-- What a tenant's letters carry: its name, its seal, who signs; and how far it has counted.
create table app.letterheads (
  tenant_id  uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  version    integer not null default 1,
  content    jsonb not null,
  updated_at timestamptz not null default now(),
  primary key (tenant_id),
  constraint letterheads_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.letterheads');
grant select, insert, update on app.letterheads to helianthus_app;
create table app.letter_numbers (
  tenant_id uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  year      integer not null,
  last      integer not null,
  primary key (tenant_id, year),
  constraint letter_numbers_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.letter_numbers');
grant select, insert, update on app.letter_numbers to helianthus_app;

-- Letters that one side is still writing.
create table app.case_letter_drafts (
  tenant_id    uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id           uuid not null default uuidv7(),
  version      integer not null default 1,
  case_id      uuid not null,                     -- of any keeper
  side         text not null constraint case_letter_drafts_side_check check (side in ('origin', 'destination')),
  content      jsonb not null,
  updated_name text not null default '',
  updated_at   timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint case_letter_drafts_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.case_letter_drafts');
create index case_letter_drafts_case_idx on app.case_letter_drafts (tenant_id, case_id, id desc);
grant select, insert, update, delete on app.case_letter_drafts to helianthus_app;

-- Letters that were issued, and those that came in and were registered. Nobody changes one.
create table app.case_letters (
  tenant_id   uuid not null default nullif(current_setting('app.tenant', true), '')::uuid, -- who keeps the file
  id          uuid not null,
  case_id     uuid not null,
  direction   text not null constraint case_letters_direction_check check (direction in ('outgoing', 'incoming')),
  owner       uuid not null,                      -- who issued or registered it
  side        text not null constraint case_letters_side_check check (side in ('origin', 'destination')), -- whose letter it is
  number      text not null,
  dated_on    date not null,
  received_on date,
  content     jsonb not null,
  head        jsonb not null,                     -- the letterhead as it was
  shared      boolean not null,
  task_id     uuid,                               -- of the owner; makes the paper
  entered_name text not null default '',
  entered_at  timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint case_letters_case_fkey foreign key (tenant_id, case_id) references app.recognition_cases (tenant_id, id),
  constraint case_letters_received_check check ((direction = 'incoming') = (received_on is not null))
);
create unique index case_letters_number_key on app.case_letters (tenant_id, owner, number) where direction = 'outgoing';
create index case_letters_case_idx on app.case_letters (case_id, id desc);

alter table app.case_documents enable row level security;
alter table app.case_documents force row level security;
alter table app.case_letters enable row level security;
alter table app.case_letters force row level security;
create policy both_sides on app.case_documents for select to helianthus_app
  using (owner = (select nullif(current_setting('app.tenant', true), '')::uuid)
      or exists (select from app.recognition_cases c where c.tenant_id = case_documents.tenant_id and c.id = case_documents.case_id and c.shared));
create policy side_shares on app.case_documents for insert to helianthus_app
  with check (owner = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and exists (select from app.recognition_cases c where c.tenant_id = case_documents.tenant_id and c.id = case_documents.case_id));
create policy both_sides on app.case_letters for select to helianthus_app
  using (owner = (select nullif(current_setting('app.tenant', true), '')::uuid)
      or shared and exists (select from app.recognition_cases c where c.tenant_id = case_letters.tenant_id and c.id = case_letters.case_id));
create policy side_writes on app.case_letters for insert to helianthus_app
  with check (owner = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and exists (select from app.recognition_cases c where c.tenant_id = case_letters.tenant_id and c.id = case_letters.case_id));
grant select, insert on app.case_documents, app.case_letters to helianthus_app;

-- Where the bytes of a shared document are, for the tenants of the two sides. The rows of the store are the owner's; this says of
-- one version of one document what a link needs, and nothing else.
create policy gate on app.case_documents for select to helianthus_gate using (true);
create policy gate on app.recognition_cases for select to helianthus_gate using (true);
create policy gate on app.document_versions for select to helianthus_gate using (true);
grant select on app.case_documents, app.recognition_cases, app.document_versions to helianthus_gate;
-- +goose StatementBegin
create function app.gate_case_document(document uuid) returns table (object_key text, filename text, media_type text)
language sql stable security definer set search_path = app, pg_temp as $$
  select v.object_key, v.filename, v.media_type
  from app.case_documents d
  join app.recognition_cases c on c.tenant_id = d.tenant_id and c.id = d.case_id
  join app.document_versions v on v.tenant_id = d.owner and v.document_id = d.document_id and v.number = d.number
  where d.id = document and v.status = 'ready'
    and (d.owner = nullif(current_setting('app.tenant', true), '')::uuid
      or c.shared and nullif(current_setting('app.tenant', true), '')::uuid in (c.tenant_id, c.origin, c.destination))
$$;
-- +goose StatementEnd
revoke execute on function app.gate_case_document(uuid) from public;
grant execute on function app.gate_case_document(uuid) to helianthus_app;
alter function app.gate_case_document(uuid) owner to helianthus_gate;

-- +goose Down
drop function app.gate_case_document(uuid);
drop table app.case_letters;
drop table app.case_letter_drafts;
drop table app.letter_numbers;
drop table app.letterheads;
drop policy gate on app.document_versions;
drop policy gate on app.recognition_cases;
revoke select on app.recognition_cases, app.document_versions from helianthus_gate;
drop table app.case_documents;
drop table app.case_attachments;
