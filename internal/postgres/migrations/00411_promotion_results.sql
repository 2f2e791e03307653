-- What shows that a report is true, when it is followed up, and which dossiers and recognition cases opened the market.
--
-- +goose Up
alter table app.promotion_results
  add column follow_up_on   date,                                       -- when somebody looks what came of it
  add column follow_up_what text not null default '',
  add column follows        uuid,                                       -- the report that this one follows up
  add column followed_at    timestamptz,                                -- since when another report does
  add column dossiers       jsonb not null default '[]',                -- of the applicant, as they were called then
  add column cases          jsonb not null default '[]',                -- of the keeper, as they were called then
  add constraint promotion_results_follow_up_check check (follow_up_what = '' or follow_up_on is not null),
  add constraint promotion_results_follows_fkey foreign key (tenant_id, follows) references app.promotion_results (tenant_id, id);
create unique index promotion_results_follows_key on app.promotion_results (tenant_id, follows);
create index promotion_results_due_idx on app.promotion_results (tenant_id, follow_up_on) where follow_up_on is not null and followed_at is null;
grant update (followed_at, cases) on app.promotion_results to helianthus_app;
create policy keeper_links on app.promotion_results for update to helianthus_app
  using (keeper = (select nullif(current_setting('app.tenant', true), '')::uuid))
  with check (keeper = (select nullif(current_setting('app.tenant', true), '')::uuid));
create trigger keep_sides before update on app.promotion_results for each row execute function app.keep_sides('{cases}');

-- The evidence of a report is read by both sides, as receipts of a claim are.
drop policy keeper_reads on app.promotion_papers;
create policy keeper_reads on app.promotion_papers for select to helianthus_app
  using (keeper = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and (exists (select from app.promotion_applications a where a.tenant_id = promotion_papers.tenant_id and a.id = promotion_papers.object_id and a.keeper = promotion_papers.keeper and a.number is not null and a.status <> 'withdrawn')
      or exists (select from app.promotion_claims c where c.tenant_id = promotion_papers.tenant_id and c.id = promotion_papers.object_id and c.keeper = promotion_papers.keeper)
      or exists (select from app.promotion_results r where r.tenant_id = promotion_papers.tenant_id and r.id = promotion_papers.object_id and r.keeper = promotion_papers.keeper)));
create policy gate on app.promotion_results for select to helianthus_gate using (true);
grant select on app.promotion_results to helianthus_gate;
set local role helianthus_gate;
drop function app.gate_promotion_document(uuid, uuid);
reset role;
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
          or exists (select from app.promotion_claims c where c.tenant_id = d.tenant_id and c.id = d.object_id and c.keeper = d.keeper)
          or exists (select from app.promotion_results r where r.tenant_id = d.tenant_id and r.id = d.object_id and r.keeper = d.keeper)))
  limit 1
$$;
-- +goose StatementEnd
revoke execute on function app.gate_promotion_document(uuid, uuid) from public;
grant execute on function app.gate_promotion_document(uuid, uuid) to helianthus_app;
alter function app.gate_promotion_document(uuid, uuid) owner to helianthus_gate;

-- The commitments of a call in the order in which they were entered, for the finance bureau.
create index promotion_commitments_newest_idx on app.promotion_commitments (tenant_id, id desc);

-- +goose Down
drop index app.promotion_commitments_newest_idx;
drop policy keeper_reads on app.promotion_papers;
create policy keeper_reads on app.promotion_papers for select to helianthus_app
  using (keeper = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and (exists (select from app.promotion_applications a where a.tenant_id = promotion_papers.tenant_id and a.id = promotion_papers.object_id and a.keeper = promotion_papers.keeper and a.number is not null and a.status <> 'withdrawn')
      or exists (select from app.promotion_claims c where c.tenant_id = promotion_papers.tenant_id and c.id = promotion_papers.object_id and c.keeper = promotion_papers.keeper)));
set local role helianthus_gate;
drop function app.gate_promotion_document(uuid, uuid);
reset role;
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
revoke select on app.promotion_results from helianthus_gate;
drop policy gate on app.promotion_results;
drop trigger keep_sides on app.promotion_results;
drop policy keeper_links on app.promotion_results;
drop index app.promotion_results_follows_key;
alter table app.promotion_results drop constraint promotion_results_follows_fkey, drop constraint promotion_results_follow_up_check,
  drop column follow_up_on, drop column follow_up_what, drop column follows, drop column followed_at, drop column dossiers, drop column cases;
