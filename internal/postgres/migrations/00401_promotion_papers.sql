-- The documents of an application, and the receipts of a claim, as they were when they were handed in: the keeper reads their bytes, in the
-- applicant's store, as long as the application stands.
--
-- +goose Up
create table app.promotion_papers (
  tenant_id   uuid not null default nullif(current_setting('app.tenant', true), '')::uuid, -- the applicant
  object_id   uuid not null,                    -- an application or a claim
  place       integer not null,                 -- in what was handed in
  keeper      uuid not null,
  code        text not null default '',         -- of the document that the call requires
  document_id uuid not null,
  number      integer not null,                 -- the version that was the newest then
  filename    text not null,
  media_type  text not null,
  size        bigint not null,
  sha256      bytea not null,
  primary key (tenant_id, object_id, place),
  constraint promotion_papers_version_fkey foreign key (tenant_id, document_id, number) references app.document_versions (tenant_id, document_id, number)
);
call app.isolate('app.promotion_papers');
create policy keeper_reads on app.promotion_papers for select to helianthus_app
  using (keeper = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and (exists (select from app.promotion_applications a where a.tenant_id = promotion_papers.tenant_id and a.id = promotion_papers.object_id and a.keeper = promotion_papers.keeper and a.number is not null and a.status <> 'withdrawn')
      or exists (select from app.promotion_claims c where c.tenant_id = promotion_papers.tenant_id and c.id = promotion_papers.object_id and c.keeper = promotion_papers.keeper)));
grant select, insert, delete on app.promotion_papers to helianthus_app;

-- Where the bytes of such a document are, for the applicant and for the keeper of the call.
create policy gate on app.promotion_papers for select to helianthus_gate using (true);
create policy gate on app.promotion_claims for select to helianthus_gate using (true);
grant select on app.promotion_papers, app.promotion_claims to helianthus_gate;
-- +goose StatementBegin
create function app.gate_promotion_document(object uuid, document uuid) returns table (object_key text, filename text, media_type text)
language sql stable security definer set search_path = app, pg_temp as $$
  select v.object_key, v.filename, v.media_type
  from app.promotion_papers d
  join app.document_versions v on v.tenant_id = d.tenant_id and v.document_id = d.document_id and v.number = d.number
  where d.object_id = object and d.document_id = document and v.status = 'ready'
    and (d.tenant_id = nullif(current_setting('app.tenant', true), '')::uuid
      or d.keeper = nullif(current_setting('app.tenant', true), '')::uuid
        and (exists (select from app.promotion_applications a where a.tenant_id = d.tenant_id and a.id = d.object_id and a.keeper = d.keeper and a.number is not null and a.status <> 'withdrawn')
          or exists (select from app.promotion_claims c where c.tenant_id = d.tenant_id and c.id = d.object_id and c.keeper = d.keeper)))
  limit 1
$$;
-- +goose StatementEnd
revoke execute on function app.gate_promotion_document(uuid, uuid) from public;
grant execute on function app.gate_promotion_document(uuid, uuid) to helianthus_app;
alter function app.gate_promotion_document(uuid, uuid) owner to helianthus_gate;

-- +goose Down
drop function app.gate_promotion_document(uuid, uuid);
revoke select on app.promotion_claims from helianthus_gate;
drop policy gate on app.promotion_claims;
drop table app.promotion_papers;
