-- The documents of an application for the use of a mark, as they were when it was handed in: the keeper reads their bytes, in the applicant's
-- store, as long as the application is not withdrawn.
--
-- +goose Up
create table app.mark_application_papers (
  tenant_id      uuid not null default nullif(current_setting('app.tenant', true), '')::uuid, -- the applicant
  application_id uuid not null,
  place          integer not null,              -- in what was handed in
  keeper         uuid not null,
  document_id    uuid not null,
  number         integer not null,              -- the version that was the newest then
  filename       text not null,
  media_type     text not null,
  size           bigint not null,
  sha256         bytea not null,
  primary key (tenant_id, application_id, place),
  constraint mark_application_papers_application_fkey foreign key (tenant_id, application_id) references app.mark_applications (tenant_id, id),
  constraint mark_application_papers_version_fkey foreign key (tenant_id, document_id, number) references app.document_versions (tenant_id, document_id, number)
);

-- What was handed in before is what its documents were when it was: the newest version that was ready then.
alter table app.mark_applications no force row level security;
alter table app.document_versions no force row level security;
insert into app.mark_application_papers (tenant_id, application_id, place, keeper, document_id, number, filename, media_type, size, sha256)
select a.tenant_id, a.id, p.place, a.keeper, v.document_id, v.number, v.filename, v.media_type, v.size, v.sha256
from app.mark_applications a
cross join lateral jsonb_array_elements_text(coalesce(a.content -> 'documents', '[]')) with ordinality p(document_id, place)
cross join lateral (
  select v.* from app.document_versions v
  where v.tenant_id = a.tenant_id and v.document_id = p.document_id::uuid and v.status = 'ready' and v.created_at <= a.submitted_at order by v.number desc limit 1
) v
where a.number is not null;
alter table app.mark_applications force row level security;
alter table app.document_versions force row level security;

call app.isolate('app.mark_application_papers');
create policy keeper_reads on app.mark_application_papers for select to helianthus_app
  using (keeper = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and exists (select from app.mark_applications a where a.tenant_id = mark_application_papers.tenant_id and a.id = mark_application_papers.application_id
      and a.keeper = mark_application_papers.keeper and a.number is not null and a.status <> 'withdrawn'));
grant select, insert, delete on app.mark_application_papers to helianthus_app;

-- Where the bytes of such a document are, for the applicant and for the keeper of the mark.
create policy gate on app.mark_application_papers for select to helianthus_gate using (true);
create policy gate on app.mark_applications for select to helianthus_gate using (true);
grant select on app.mark_application_papers, app.mark_applications to helianthus_gate;
-- +goose StatementBegin
create function app.gate_mark_document(application uuid, document uuid) returns table (object_key text, filename text, media_type text)
language sql stable security definer set search_path = app, pg_temp as $$
  select v.object_key, v.filename, v.media_type
  from app.mark_application_papers d
  join app.document_versions v on v.tenant_id = d.tenant_id and v.document_id = d.document_id and v.number = d.number
  where d.application_id = application and d.document_id = document and v.status = 'ready'
    and (d.tenant_id = nullif(current_setting('app.tenant', true), '')::uuid
      or d.keeper = nullif(current_setting('app.tenant', true), '')::uuid
        and exists (select from app.mark_applications a where a.tenant_id = d.tenant_id and a.id = d.application_id and a.keeper = d.keeper and a.number is not null and a.status <> 'withdrawn'))
  limit 1
$$;
-- +goose StatementEnd
revoke execute on function app.gate_mark_document(uuid, uuid) from public;
grant execute on function app.gate_mark_document(uuid, uuid) to helianthus_app;
alter function app.gate_mark_document(uuid, uuid) owner to helianthus_gate;

-- +goose Down
drop function app.gate_mark_document(uuid, uuid);
drop table app.mark_application_papers;
revoke select on app.mark_applications from helianthus_gate;
drop policy gate on app.mark_applications;
