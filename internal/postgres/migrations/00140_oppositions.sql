-- Oppositions: what is announced for opposition, and the files of those who oppose.
--
-- +goose Up

-- What anybody may read of a case while it is published for opposition, as it follows from the events; rewritten with each.
create table app.case_notices (
  tenant_id         uuid not null default nullif(current_setting('app.tenant', true), '')::uuid, -- who keeps the file
  case_id           uuid not null,
  origin            uuid,
  destination       uuid,
  sandbox           uuid default app.sandbox(),
  open              boolean not null,               -- oppositions are taken, until the last day
  state             text not null,
  name              text not null,
  name_key          text not null,
  language          text not null,
  forms             jsonb not null default '[]',
  origin_office     text not null,
  market            text not null,
  instrument_code   text not null,
  instrument_titles jsonb not null,
  reference         text not null,                  -- the gazette's
  published_on      date not null,
  ends_on           date,                           -- the last day; null: the procedure has no period, or it is paused
  certain           boolean not null,
  grounds           jsonb not null,                 -- those of the procedure
  primary key (tenant_id, case_id),
  constraint case_notices_case_fkey foreign key (tenant_id, case_id) references app.recognition_cases (tenant_id, id)
);
alter table app.case_notices enable row level security;
alter table app.case_notices force row level security;
create policy readers on app.case_notices for select to helianthus_app using (true);
create policy side on app.case_notices as restrictive to helianthus_app
  using (coalesce(sandbox is not distinct from (select m.sandbox from app.sandbox_tenants m where m.member = app.tenant()), false))
  with check (coalesce(sandbox is not distinct from (select m.sandbox from app.sandbox_tenants m where m.member = app.tenant()), false));
create policy both_write on app.case_notices for insert to helianthus_app
  with check (exists (select from app.recognition_cases c where c.tenant_id = case_notices.tenant_id and c.id = case_notices.case_id
      and c.origin is not distinct from case_notices.origin and c.destination is not distinct from case_notices.destination));
create policy both_remove on app.case_notices for delete to helianthus_app
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
      or origin = (select nullif(current_setting('app.tenant', true), '')::uuid)
      or destination = (select nullif(current_setting('app.tenant', true), '')::uuid));
grant select, insert, delete on app.case_notices to helianthus_app;
create index case_notices_case_idx on app.case_notices (case_id);
create index case_notices_open_idx on app.case_notices (published_on desc, case_id desc) where open;

-- An opposition belongs to the office that decides on it. The origin's side sees it once it is admitted. Who opposes is no
-- tenant: that scope has no tenant, and its actor is made from the key that the opponent alone has (sha-256), so that the
-- database shows it its own file and no other.
create table app.oppositions (
  tenant_id    uuid not null default nullif(current_setting('app.tenant', true), '')::uuid, -- the office of destination
  id           uuid not null default uuidv7(),
  version      integer not null default 1,
  state        text not null constraint oppositions_state_check check (state in ('begun', 'filed', 'admitted', 'inadmissible', 'decided', 'settled', 'withdrawn')),
  keeper       uuid not null,                       -- of the case: a reference by value
  case_id      uuid not null,
  origin       uuid,                                -- the tenant of the other side; null: this one keeps it by hand
  shared       boolean not null default false,      -- the other side sees it
  opponent_key uuid,                                -- null: it came on paper
  number       text,
  name         text not null,                       -- of the case
  market       text not null,
  language     text not null,                       -- in which it is written
  opponent     text not null default '',
  capacity     text not null default '',
  received_on  date,
  expires_at   timestamptz,                         -- of one that is only begun
  begun_at     timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint oppositions_number_key unique (tenant_id, number),
  constraint oppositions_numbered_check check ((state = 'begun') = (number is null)),
  constraint oppositions_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
-- Where the opponent can be reached is for the office only.
create table app.opposition_contacts (
  tenant_id     uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  opposition_id uuid not null,
  address       text not null,
  email         text not null,
  primary key (tenant_id, opposition_id),
  constraint opposition_contacts_opposition_fkey foreign key (tenant_id, opposition_id) references app.oppositions (tenant_id, id) on delete cascade
);
-- What was said, by whom, ground by ground. Entries are only added.
create table app.opposition_entries (
  tenant_id     uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  opposition_id uuid not null,
  seq           integer not null constraint opposition_entries_seq_check check (seq > 0),
  kind          text not null,
  side          text not null constraint opposition_entries_side_check check (side in ('opponent', 'origin', 'destination')),
  recorder      uuid,                               -- the tenant that recorded it; null: the opponent
  ground        text not null default '',
  text          text not null default '',
  outcome       text not null default '',
  documents     jsonb not null default '[]',
  happened_on   date not null,
  recorded_at   timestamptz not null default now(),
  primary key (tenant_id, opposition_id, seq),
  constraint opposition_entries_opposition_fkey foreign key (tenant_id, opposition_id) references app.oppositions (tenant_id, id) on delete cascade
);
-- The last number that an office gave in a year.
create table app.opposition_numbers (
  tenant_id uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  year      integer not null,
  last      integer not null,
  primary key (tenant_id, year),
  constraint opposition_numbers_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.oppositions');
call app.isolate('app.opposition_contacts');
call app.isolate('app.opposition_entries');
call app.isolate('app.opposition_numbers');

create policy origin_reads on app.oppositions for select to helianthus_app
  using (shared and origin = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy origin_answers on app.oppositions for update to helianthus_app
  using (shared and origin = (select nullif(current_setting('app.tenant', true), '')::uuid))
  with check (shared and origin = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy opponent on app.oppositions for select to helianthus_app
  using ((select nullif(current_setting('app.tenant', true), '')) is null and opponent_key = (select nullif(current_setting('app.actor', true), '')::uuid));
-- An opposition is to a case that the office decides.
create policy own_case on app.oppositions as restrictive for insert to helianthus_app
  with check (exists (select from app.recognition_cases c where c.tenant_id = oppositions.keeper and c.id = oppositions.case_id
      and coalesce(c.destination, c.tenant_id) = oppositions.tenant_id));
-- What was filed stays; what was only begun is removed when its time is over.
create policy only_begun on app.oppositions as restrictive for delete to helianthus_app using (state = 'begun');
create policy opponent on app.opposition_contacts for select to helianthus_app
  using ((select nullif(current_setting('app.tenant', true), '')) is null
    and exists (select from app.oppositions o where o.tenant_id = opposition_contacts.tenant_id and o.id = opposition_contacts.opposition_id));
create policy readers on app.opposition_entries for select to helianthus_app
  using (exists (select from app.oppositions o where o.tenant_id = opposition_entries.tenant_id and o.id = opposition_entries.opposition_id));
create policy origin_answers on app.opposition_entries for insert to helianthus_app
  with check (side = 'origin' and kind = 'answer' and recorder = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and exists (select from app.oppositions o where o.tenant_id = opposition_entries.tenant_id and o.id = opposition_entries.opposition_id and o.origin = opposition_entries.recorder));

grant select, insert, delete on app.oppositions to helianthus_app;
grant update (version, state, shared, number, opponent, capacity, language, received_on, expires_at, updated_at) on app.oppositions to helianthus_app;
grant select, insert on app.opposition_contacts to helianthus_app;
grant select, insert on app.opposition_entries to helianthus_app;
grant select, insert, update (last) on app.opposition_numbers to helianthus_app;
create index oppositions_case_idx on app.oppositions (case_id, id);
create index oppositions_origin_idx on app.oppositions (origin, id desc) where shared;
create index oppositions_opponent_idx on app.oppositions (opponent_key);

-- +goose Down
drop table app.opposition_numbers;
drop table app.opposition_entries;
drop table app.opposition_contacts;
drop table app.oppositions;
drop table app.case_notices;
