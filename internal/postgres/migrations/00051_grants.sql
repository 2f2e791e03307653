-- Who may read what of a tenant's publications, for how long, who did, and what changed: audiences, grants, receipts
-- and the change feed.
--
-- +goose Up

-- The tenants that are parties of an instrument, as its keeper named them when it was last published.
create table app.instrument_parties (
  tenant_id     uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  instrument_id uuid not null,
  party         uuid not null,
  since         timestamptz not null default now(),
  primary key (tenant_id, instrument_id, party),
  constraint instrument_parties_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
alter table app.instrument_parties enable row level security;
alter table app.instrument_parties force row level security;
create policy both_sides on app.instrument_parties for select to helianthus_app
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
      or party = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy keeper_adds on app.instrument_parties for insert to helianthus_app
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy keeper_removes on app.instrument_parties for delete to helianthus_app
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
create index instrument_parties_party_idx on app.instrument_parties (party);
grant select, insert, delete on app.instrument_parties to helianthus_app;

-- A named reader may read publications of a named scope that are not for everybody, for a purpose, until an instant.
create table app.grants (
  tenant_id  uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id         uuid not null default uuidv7(),
  reader     uuid not null,
  kinds      text[] not null,                     -- all publications of these kinds,
  records    uuid[] not null,                     -- and those of these records
  purpose    text not null constraint grants_purpose_check check (purpose <> ''),
  created_at timestamptz not null default now(),
  created_by uuid,
  until_at   timestamptz not null,
  revoked_at timestamptz,
  reason     text not null default '',            -- why it was revoked
  settled_at timestamptz,                         -- the reader was told of the end in the feed
  primary key (tenant_id, id),
  constraint grants_scope_check check (cardinality(kinds) + cardinality(records) > 0),
  constraint grants_reader_check check (reader <> tenant_id),
  constraint grants_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
alter table app.grants enable row level security;
alter table app.grants force row level security;
create policy both_sides on app.grants for select to helianthus_app
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
      or reader = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy owner_gives on app.grants for insert to helianthus_app
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy owner_ends on app.grants for update to helianthus_app
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
create index grants_reader_idx on app.grants (reader, tenant_id) where revoked_at is null;
create index grants_unsettled_idx on app.grants (tenant_id, until_at) where settled_at is null;
grant select, insert on app.grants to helianthus_app;
grant update (revoked_at, reason, settled_at) on app.grants to helianthus_app;

alter table app.publications
  drop constraint publications_audience_check,
  add constraint publications_audience_check check (audience in ('public', 'parties', 'tenant')),
  add column parties_of uuid,                     -- the instrument whose parties may read it, for audience parties
  add column audience_since timestamptz not null default now(),
  add column names jsonb not null default '[]',   -- under which it is found while everybody may read it
  add column root uuid,                           -- the id of the record's first version: its place in lists
  add column corrects integer,                    -- the version that this one corrects,
  add column reason text not null default '',     -- and why
  add column withdrawal_reason text not null default '';

-- The owner is bound by row-level security as everybody is; for these rows it is let out.
alter table app.publications no force row level security;
alter table app.published_names no force row level security;
update app.publications p set
  audience_since = p.published_at,
  root = (select f.id from app.publications f where f.tenant_id = p.tenant_id and f.kind = p.kind and f.record_id = p.record_id order by f.version limit 1),
  names = coalesce((select jsonb_agg(jsonb_build_object('key', n.name_key, 'text', n.name, 'language', n.language, 'kind', n.kind))
    from app.published_names n where n.tenant_id = p.tenant_id and n.publication_id = p.id), '[]');
-- A withdrawal is of the record, with the versions before.
update app.publications p set withdrawn_at = w.at
  from (select tenant_id, kind, record_id, version, withdrawn_at as at from app.publications where withdrawn_at is not null) w
  where p.tenant_id = w.tenant_id and p.kind = w.kind and p.record_id = w.record_id and p.version < w.version and p.withdrawn_at is null;
alter table app.publications force row level security;
alter table app.published_names force row level security;
alter table app.publications
  alter root set not null,
  add constraint publications_reader_check check ((audience = 'tenant') = (reader is not null)),
  add constraint publications_parties_check check ((audience = 'parties') = (parties_of is not null)),
  add constraint publications_correction_check check ((corrects is null) = (reason = ''));

drop index app.publications_published_idx;
create index publications_root_idx on app.publications (root desc) where withdrawn_at is null and superseded_at is null;
create index publications_own_idx on app.publications (tenant_id, root desc);
grant update (withdrawn_at, withdrawal_reason, audience, reader, parties_of, audience_since) on app.publications to helianthus_app;

-- Who may read a publication: everybody, its publisher, the tenant it is for, the parties of its instrument, and whoever
-- has a grant that has not ended. exchange.mayRead asks the same of another tenant.
alter policy readers on app.publications
  using (audience = 'public'
      or tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
      or reader = (select nullif(current_setting('app.tenant', true), '')::uuid)
      or audience = 'parties' and exists (select from app.instrument_parties i
           where i.tenant_id = publications.tenant_id and i.instrument_id = publications.parties_of
             and i.party = (select nullif(current_setting('app.tenant', true), '')::uuid))
      or exists (select from app.grants g
           where g.reader = (select nullif(current_setting('app.tenant', true), '')::uuid) and g.tenant_id = publications.tenant_id
             and g.revoked_at is null and g.until_at > now()
             and (publications.kind = any (g.kinds) or publications.record_id = any (g.records))));

-- Names of what is no longer for everybody are removed.
create policy publisher_removes on app.published_names for delete to helianthus_app
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
grant delete on app.published_names to helianthus_app;

-- The change feed. An event gets its number after its transaction is committed, by sequence_changes; so no number comes
-- before one that somebody has read already.
create table app.changes (
  tenant_id      uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id             uuid not null default uuidv7(),
  seq            bigint,
  event          text not null constraint changes_event_check check (event in ('publish', 'withdraw', 'reveal', 'conceal')),
  publication_id uuid not null,
  kind           text not null,
  record_id      uuid not null,
  version        integer not null,
  open           boolean not null,                -- it was for everybody when it happened
  reader         uuid,                            -- whom alone it concerns; null: all who may read the publication
  at             timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint changes_publication_fkey foreign key (tenant_id, publication_id) references app.publications (tenant_id, id)
);
alter table app.changes enable row level security;
alter table app.changes force row level security;
create policy readers on app.changes for select to helianthus_app
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
      or reader = (select nullif(current_setting('app.tenant', true), '')::uuid)
      or reader is null and (open or exists (select from app.publications p
           where p.tenant_id = changes.tenant_id and p.id = changes.publication_id)));
create policy publisher_adds on app.changes for insert to helianthus_app
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy gate on app.changes for all to helianthus_gate using (true) with check (true);
create index changes_seq_idx on app.changes (seq) where seq is not null;
create index changes_unnumbered_idx on app.changes (id) where seq is null;
grant select, insert on app.changes to helianthus_app;
grant select, update (seq) on app.changes to helianthus_gate;

-- What was published before there was a feed is its beginning.
alter table app.changes no force row level security;
alter table app.publications no force row level security;
insert into app.changes (tenant_id, id, seq, event, publication_id, kind, record_id, version, open, reader, at)
select tenant_id, uuidv7(), row_number() over (order by at, id, event), event, id, kind, record_id, version, audience = 'public', null, at from (
  select tenant_id, id, 'publish' as event, kind, record_id, version, audience, published_at as at from app.publications
  union all
  select tenant_id, id, 'withdraw', kind, record_id, version, audience, withdrawn_at from app.publications
  where withdrawn_at is not null and superseded_at is null) e;
alter table app.changes force row level security;
alter table app.publications force row level security;

-- sequence_changes gives numbers to the events that are committed and have none, and returns the last number given. Only
-- one does so at a time, and the next one begins when it is committed.
-- +goose StatementBegin
create function app.sequence_changes() returns bigint language plpgsql volatile security definer set search_path = app, pg_temp as $$
declare head bigint;
begin
  if exists (select from app.changes where seq is null) then
    perform pg_advisory_xact_lock(5100);
    select coalesce(max(seq), 0) into head from app.changes where seq is not null;
    with next as (
      select c.tenant_id, c.id, row_number() over (order by c.id) as n
      from (select tenant_id, id from app.changes where seq is null order by id limit 20000) c)
    update app.changes c set seq = head + next.n from next where c.tenant_id = next.tenant_id and c.id = next.id;
  end if;
  select coalesce(max(seq), 0) into head from app.changes where seq is not null;
  return head;
end $$;
-- +goose StatementEnd
revoke execute on function app.sequence_changes() from public;
grant execute on function app.sequence_changes() to helianthus_app;
alter function app.sequence_changes() owner to helianthus_gate;

-- Receipts of what crossed the wall between two tenants, shown to both. The one who acted signs.
create table app.receipts (
  tenant_id    uuid not null default nullif(current_setting('app.tenant', true), '')::uuid, -- who acted
  id           uuid not null default uuidv7(),
  owner        uuid not null,                     -- whose records they are
  reader       uuid not null,
  act          text not null constraint receipts_act_check check (act in ('read', 'publish', 'withdraw', 'share', 'grant', 'revoke')),
  at           timestamptz not null default now(),
  count        integer not null,                  -- of items
  publications uuid[] not null,
  items        jsonb not null,
  statement    text not null,                     -- what is signed, in the form of RFC 8785
  key_id       text,
  signature    bytea,                             -- of acts of the owner it follows within seconds
  primary key (tenant_id, id),
  constraint receipts_sides_check check (owner <> reader and tenant_id in (owner, reader)),
  constraint receipts_signature_check check ((key_id is null) = (signature is null)),
  constraint receipts_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
alter table app.receipts enable row level security;
alter table app.receipts force row level security;
create policy both_sides on app.receipts for select to helianthus_app
  using (owner = (select nullif(current_setting('app.tenant', true), '')::uuid)
      or reader = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy actor_adds on app.receipts for insert to helianthus_app
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy actor_signs on app.receipts for update to helianthus_app
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid) and signature is null)
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
create index receipts_owner_idx on app.receipts (owner, id desc);
create index receipts_reader_idx on app.receipts (reader, id desc);
create index receipts_unsigned_idx on app.receipts (tenant_id, id) where signature is null;
grant select, insert on app.receipts to helianthus_app;
grant update (key_id, signature) on app.receipts to helianthus_app;

-- +goose Down
drop table app.receipts;
drop function app.sequence_changes();
drop table app.changes;
revoke delete on app.published_names from helianthus_app;
drop policy publisher_removes on app.published_names;
alter policy readers on app.publications
  using (audience = 'public'
      or tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
      or reader = (select nullif(current_setting('app.tenant', true), '')::uuid));
revoke update (withdrawal_reason, audience, reader, parties_of, audience_since) on app.publications from helianthus_app;
drop index app.publications_own_idx;
drop index app.publications_root_idx;
alter table app.publications drop constraint publications_correction_check, drop constraint publications_parties_check, drop constraint publications_reader_check,
  drop column withdrawal_reason, drop column reason, drop column corrects, drop column root, drop column names, drop column audience_since, drop column parties_of;
create index publications_published_idx on app.publications (published_at desc, id desc) where withdrawn_at is null and superseded_at is null;
drop table app.grants;
drop table app.instrument_parties;
