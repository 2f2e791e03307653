-- Applications of producers for the use of a mark, made by themselves or by their association: another tenant than the keeper of the mark.
--
-- As in promotion, a row belongs to the applicant; the keeper sees it once it is submitted and writes its own columns (keep_sides).
--
-- +goose Up
create table app.mark_applications (
  tenant_id        uuid not null default nullif(current_setting('app.tenant', true), '')::uuid, -- the applicant
  id               uuid not null default uuidv7(),
  version          integer not null default 1,
  keeper           uuid not null,
  registration_id  uuid not null,                   -- the keeper's
  product          text not null,                   -- its name, as it was published
  status           text not null default 'draft' constraint mark_applications_status_check
    check (status in ('draft', 'submitted', 'returned', 'withdrawn', 'taken', 'refused', 'appealed', 'entered')),
  content          jsonb not null,
  credit_code      text not null default '',
  checks           jsonb not null default '[]',     -- what makes it eligible or not, as it was when it was submitted
  number           text,
  submitted_at     timestamptz,
  appeal           text not null default '',
  asked            jsonb not null default '[]',     -- what has to be completed
  complete_until   date,
  authorisation_id uuid,                            -- the keeper's, once it is examined
  progress         text not null default '',        -- where that stands
  decision         text not null default '',        -- why it was refused, or ended
  notice           text not null default '',
  appeal_until     date,
  decided_name     text not null default '',
  created_name     text not null default '',
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint mark_applications_number_key unique (tenant_id, number),
  constraint mark_applications_numbered_check check ((submitted_at is null) = (number is null) and (status in ('draft', 'withdrawn') or number is not null)),
  constraint mark_applications_taken_check check (status not in ('taken', 'refused', 'appealed', 'entered') or authorisation_id is not null),
  constraint mark_applications_refused_check check (status not in ('refused', 'appealed') or decision <> '' and appeal_until is not null),
  constraint mark_applications_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.mark_applications');
create unique index mark_applications_once_key on app.mark_applications (tenant_id, keeper, registration_id, credit_code)
  where status in ('draft', 'submitted', 'returned', 'taken') and credit_code <> '';
create policy keeper_reads on app.mark_applications for select to helianthus_app
  using (number is not null and keeper = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy keeper_decides on app.mark_applications for update to helianthus_app
  using (number is not null and keeper = (select nullif(current_setting('app.tenant', true), '')::uuid))
  with check (status in ('returned', 'taken', 'refused', 'appealed', 'entered', 'withdrawn') and keeper = (select nullif(current_setting('app.tenant', true), '')::uuid));
-- What the keeper decides, the applicant does not.
create policy applicant_moves on app.mark_applications as restrictive for update to helianthus_app
  using (keeper = (select nullif(current_setting('app.tenant', true), '')::uuid) or status in ('draft', 'submitted', 'returned', 'refused'))
  with check (keeper = (select nullif(current_setting('app.tenant', true), '')::uuid) or status in ('draft', 'submitted', 'returned', 'withdrawn', 'appealed'));
create policy to_a_registration on app.mark_applications as restrictive for insert to helianthus_app
  with check (status = 'draft' and exists (select from app.publications p where p.tenant_id = mark_applications.keeper and p.kind = 'registration' and p.record_id = mark_applications.registration_id and p.withdrawn_at is null));
create trigger keep_sides before update on app.mark_applications for each row
  execute function app.keep_sides('{asked,complete_until,authorisation_id,progress,decision,notice,appeal_until,decided_name}');
create index mark_applications_keeper_idx on app.mark_applications (keeper, id desc) where number is not null;
create index mark_applications_authorisation_idx on app.mark_applications (keeper, authorisation_id) where authorisation_id is not null;
grant select, insert on app.mark_applications to helianthus_app;
grant update (version, status, content, credit_code, checks, number, submitted_at, appeal, asked, complete_until, authorisation_id, progress, decision, notice, appeal_until, decided_name, updated_at) on app.mark_applications to helianthus_app;

-- +goose Down
drop table app.mark_applications;
