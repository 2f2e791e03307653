-- How the applicants of applications for a mark and for support are reached: telephones and addresses of mail are sealed here, and stand
-- masked in the application, so that nothing that reads one shows more, and no trail has more.
--
-- The database cannot seal: what older applications said is left in unsealed until the first sweep after this migration has sealed it.
--
-- +goose Up
create table app.applicant_contacts (
  tenant_id uuid not null default nullif(current_setting('app.tenant', true), '')::uuid, -- the applicant
  object_id uuid not null,                      -- an application for a mark or for support
  keeper    uuid not null,
  sealed    bytea,
  unsealed  jsonb,                              -- {"phone", "email"} of before, for the sweep
  primary key (tenant_id, object_id),
  constraint applicant_contacts_sealed_check check ((sealed is null) <> (unsealed is null)),
  constraint applicant_contacts_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);

-- As exchange.Contact.Masked does.
-- +goose StatementBegin
create function pg_temp.masked(form jsonb) returns jsonb language sql as $$
  select form
    || case when form ->> 'phone' is null then '{}' else jsonb_build_object('phone', case
         when length(form ->> 'phone') >= 11 then left(form ->> 'phone', 3) || repeat('*', length(form ->> 'phone') - 5) || right(form ->> 'phone', 2)
         when length(form ->> 'phone') >= 4 then repeat('*', length(form ->> 'phone') - 2) || right(form ->> 'phone', 2)
         else repeat('*', length(form ->> 'phone')) end) end
    || case when form ->> 'email' is null then '{}' else jsonb_build_object('email', case
         when strpos(form ->> 'email', '@') > 1 then left(form ->> 'email', 1) || '***@' || substr(form ->> 'email', strpos(form ->> 'email', '@') + 1)
         else repeat('*', length(form ->> 'email')) end) end
$$;
-- +goose StatementEnd
alter table app.mark_applications no force row level security;
alter table app.promotion_applications no force row level security;
alter table app.audit_events no force row level security;
alter table app.mark_applications disable trigger keep_sides;
alter table app.promotion_applications disable trigger keep_sides;
insert into app.applicant_contacts (tenant_id, object_id, keeper, unsealed)
  select tenant_id, id, keeper, jsonb_build_object('phone', coalesce(content ->> 'phone', '')) from app.mark_applications where content ->> 'phone' <> ''
  union all
  select tenant_id, id, keeper, jsonb_build_object('phone', coalesce(content ->> 'phone', ''), 'email', coalesce(content ->> 'email', '')) from app.promotion_applications
    where content ->> 'phone' <> '' or content ->> 'email' <> '';
update app.mark_applications set content = pg_temp.masked(content) where content ->> 'phone' <> '';
update app.promotion_applications set content = pg_temp.masked(content) where content ->> 'phone' <> '' or content ->> 'email' <> '';
-- The trail should never have had them: it keeps who did what when, and is masked.
update app.audit_events set after = jsonb_set(after, '{Form}', pg_temp.masked(after -> 'Form')) where object_kind = 'mark-application' and jsonb_typeof(after -> 'Form') = 'object';
update app.audit_events set after = jsonb_set(after, '{form}', pg_temp.masked(after -> 'form')) where object_kind = 'promotion-application' and jsonb_typeof(after -> 'form') = 'object';
alter table app.mark_applications enable trigger keep_sides;
alter table app.promotion_applications enable trigger keep_sides;
alter table app.mark_applications force row level security;
alter table app.promotion_applications force row level security;
alter table app.audit_events force row level security;
drop function pg_temp.masked(jsonb);

call app.isolate('app.applicant_contacts');
create policy keeper_reads on app.applicant_contacts for select to helianthus_app
  using (keeper = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and (exists (select from app.mark_applications a where a.tenant_id = applicant_contacts.tenant_id and a.id = applicant_contacts.object_id and a.keeper = applicant_contacts.keeper and a.number is not null and a.status <> 'withdrawn')
      or exists (select from app.promotion_applications a where a.tenant_id = applicant_contacts.tenant_id and a.id = applicant_contacts.object_id and a.keeper = applicant_contacts.keeper and a.number is not null and a.status <> 'withdrawn')));
grant select, insert, update (sealed, unsealed) on app.applicant_contacts to helianthus_app;

-- +goose Down
drop table app.applicant_contacts;
