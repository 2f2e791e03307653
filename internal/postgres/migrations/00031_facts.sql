-- What the status check reads of publications, beside the contents, which may be long (areas, specifications): columns
-- that the database makes of the content itself, so that they cannot differ from it.
--
-- +goose Up

-- said is the part of a publication's content that says what holds where and when.
create function app.said(kind text, content jsonb) returns jsonb language sql immutable
  return case kind
    when 'registration' then (
      select jsonb_object_agg(key, value) from jsonb_each(content)
      where key in ('office', 'names', 'bases', 'holder', 'status', 'periods', 'sources'))
    when 'recognition' then content
    when 'instrument' then content
  end;
grant execute on function app.said(text, jsonb) to helianthus_app;

alter table app.publications
  add column said jsonb generated always as (app.said(kind, content)) stored,
  -- The registration that it is about: itself, or the one that a recognition stands on.
  add column about uuid generated always as (
    case kind when 'recognition' then coalesce((content #>> '{registration,recordId}')::uuid, record_id) else record_id end) stored,
  -- Where a recognition holds.
  add column market text generated always as (case kind when 'recognition' then content ->> 'market' end) stored,
  add column instrument_id uuid generated always as (case kind when 'recognition' then (content #>> '{instrument,recordId}')::uuid end) stored;

create index publications_about_idx on app.publications (about)
  where superseded_at is null and withdrawn_at is null and kind in ('registration', 'recognition') and audience = 'public';

-- Names are kept of publications to everybody only, so that whoever looks one up need not be checked row by row.
alter policy readers on app.published_names using (true);
alter policy publisher_adds on app.published_names with check (
  tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
  and exists (select from app.publications p where p.tenant_id = published_names.tenant_id and p.id = published_names.publication_id and p.audience = 'public'));

-- +goose Down
alter policy publisher_adds on app.published_names with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
alter policy readers on app.published_names
  using (exists (select from app.publications p where p.tenant_id = published_names.tenant_id and p.id = published_names.publication_id));
drop index app.publications_about_idx;
alter table app.publications drop column said, drop column about, drop column market, drop column instrument_id;
drop function app.said(text, jsonb);
