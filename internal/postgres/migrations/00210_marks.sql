-- Marks: who may use the special mark, how many were printed, and where each one is.
--
-- +goose Up

-- Who may use the mark of a registration. Its row says what its last event says.
create table app.mark_authorisations (
  tenant_id       uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id              uuid not null default uuidv7(),
  version         integer not null default 1,       -- the number of its last event
  status          text not null constraint mark_authorisations_status_check check (status in
    ('applied', 'verified', 'examined', 'announced', 'active', 'rectifying', 'abnormal', 'ended', 'refused', 'withdrawn')),
  registration_id uuid not null,
  kind            text not null constraint mark_authorisations_kind_check check (kind in ('approved-producer', 'collective-member', 'certification-licensee', 'filed-user')),
  credit_code     text not null,                    -- of the holder; for a foreign indication of who distributes it
  names           jsonb not null,                   -- the holder's, by language tag
  title           text not null,                    -- the first of them
  folded          text not null,                    -- names by registry.NameKey and the code, a line each
  township        text not null default '',
  exports         boolean not null default false,
  notice          text not null default '',         -- number of the notice that entered it
  from_on         date,
  ended_on        date,
  ground          text not null default '',         -- of its end
  due_on          date,                             -- until when a rectification is to be done
  appeal_until    date,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint mark_authorisations_registration_fkey foreign key (tenant_id, registration_id) references app.registrations (tenant_id, id),
  constraint mark_authorisations_ended_check check ((status = 'ended') = (ended_on is not null)),
  constraint mark_authorisations_due_check check ((status = 'rectifying') = (due_on is not null))
);
call app.isolate('app.mark_authorisations');
-- A producer has one authorisation, or application, at a time for a registration.
create unique index mark_authorisations_holder_key on app.mark_authorisations (tenant_id, registration_id, credit_code) where status not in ('ended', 'refused', 'withdrawn');
create index mark_authorisations_updated_idx on app.mark_authorisations (tenant_id, updated_at desc, id desc);
grant select, insert on app.mark_authorisations to helianthus_app;
grant update (version, status, kind, names, title, folded, township, exports, notice, from_on, ended_on, ground, due_on, appeal_until, updated_at) on app.mark_authorisations to helianthus_app;

-- What happened to it. By number and status each event stands behind the one before it.
create table app.mark_authorisation_events (
  tenant_id        uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  authorisation_id uuid not null,
  seq              integer not null constraint mark_authorisation_events_seq_check check (seq > 0),
  after            integer generated always as (nullif(seq - 1, 0)) stored,
  act              text not null,
  from_status      text not null,
  to_status        text not null,
  happened_on      date not null,
  reference        text not null default '',
  reason           text not null default '',
  ground           text not null default '',
  due_on           date,
  appeal_until     date,
  documents        uuid[] not null default '{}',
  recorded_by      uuid,
  recorded_name    text not null default '',
  recorded_at      timestamptz not null default now(),
  constraint mark_authorisation_events_pkey primary key (tenant_id, authorisation_id, seq),
  constraint mark_authorisation_events_to_key unique (tenant_id, authorisation_id, seq, to_status),
  constraint mark_authorisation_events_first_check check ((seq = 1) = (act = 'apply')),
  constraint mark_authorisation_events_reason_check check (act not in ('refuse', 'withdraw', 'order', 'flag', 'clear', 'end', 'appeal', 'reopen') or reason <> ''),
  constraint mark_authorisation_events_appeal_check check (act <> 'refuse' or appeal_until is not null),
  constraint mark_authorisation_events_authorisation_fkey foreign key (tenant_id, authorisation_id) references app.mark_authorisations (tenant_id, id),
  constraint mark_authorisation_events_chain_fkey foreign key (tenant_id, authorisation_id, after, from_status)
    references app.mark_authorisation_events (tenant_id, authorisation_id, seq, to_status)
);
call app.isolate('app.mark_authorisation_events');
grant select, insert on app.mark_authorisation_events to helianthus_app;
alter table app.mark_authorisations add constraint mark_authorisations_last_fkey
  foreign key (tenant_id, id, version, status) references app.mark_authorisation_events (tenant_id, authorisation_id, seq, to_status) deferrable initially deferred;

-- What the codes of a tenant's marks are derived with, sealed. A batch keeps the one that it was made with.
create table app.mark_keys (
  tenant_id  uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  version    integer not null constraint mark_keys_version_check check (version > 0),
  sealed     bytea not null,
  created_at timestamptz not null default now(),
  retired_at timestamptz,
  primary key (tenant_id, version),
  constraint mark_keys_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.mark_keys');
create unique index mark_keys_present_key on app.mark_keys (tenant_id) where retired_at is null;
grant select, insert, update (sealed, retired_at) on app.mark_keys to helianthus_app;

-- A run of marks, numbered from 0. Its code is drawn by chance, and two tenants may have the same one: the MAC tells them apart,
-- and no tenant learns of the other's.
create table app.mark_batches (
  tenant_id        uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id               uuid not null default uuidv7(),
  code             integer not null constraint mark_batches_code_check check (code between 0 and 16777215),
  key_version      integer not null,
  registration_id  uuid not null,
  authorisation_id uuid,                            -- whose credit code is in the design; null: for stock
  design           text not null,
  document_id      uuid,                            -- the official image, as it was uploaded
  printer          text not null,
  count            bigint not null constraint mark_batches_count_check check (count between 1 and 16777216),
  moves            integer not null default 0,
  created_at       timestamptz not null default now(),
  created_name     text not null default '',
  primary key (tenant_id, id),
  constraint mark_batches_code_key unique (tenant_id, code),
  constraint mark_batches_key_fkey foreign key (tenant_id, key_version) references app.mark_keys (tenant_id, version),
  constraint mark_batches_registration_fkey foreign key (tenant_id, registration_id) references app.registrations (tenant_id, id),
  constraint mark_batches_authorisation_fkey foreign key (tenant_id, authorisation_id) references app.mark_authorisations (tenant_id, id)
);
call app.isolate('app.mark_batches');
create index mark_batches_code_idx on app.mark_batches (code);
grant select, insert on app.mark_batches to helianthus_app;

-- The ledger. A row takes a range of numbers out of one place and puts it into another; move_marks writes it and nobody else.
create table app.mark_moves (
  tenant_id     uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id            uuid not null default uuidv7(),
  batch_id      uuid not null,
  seq           integer not null,
  act           text not null,
  numbers       int8range not null constraint mark_moves_numbers_check check (not isempty(numbers) and lower(numbers) >= 0 and not upper_inf(numbers)),
  from_kind     text not null,
  from_of       text not null,
  to_kind       text not null,
  to_of         text not null,
  happened_on   date not null,
  reference     text not null default '',           -- the proof, the delivery note, the notice
  reason        text not null default '',
  lot           text not null default '',
  packages      integer,
  weight_g      bigint,
  destination   text not null default '',
  witnesses     text[] not null default '{}',
  documents     uuid[] not null default '{}',
  corrects      uuid,
  recorded_by   uuid,
  recorded_name text not null default '',
  recorded_at   timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  constraint mark_moves_seq_key unique (tenant_id, batch_id, seq),
  constraint mark_moves_batch_fkey foreign key (tenant_id, batch_id) references app.mark_batches (tenant_id, id),
  constraint mark_moves_corrects_fkey foreign key (tenant_id, corrects) references app.mark_moves (tenant_id, id),
  constraint mark_moves_corrects_check check ((act = 'correct') = (corrects is not null)),
  constraint mark_moves_kinds_check check (act = 'correct' and to_kind <> '' or (act, from_kind, to_kind) in (
    ('order', '', 'ordered'), ('print', 'ordered', 'printed'), ('receive', 'printed', 'stock'), ('transfer', 'stock', 'stock'),
    ('issue', 'stock', 'issued'), ('use', 'issued', 'used'), ('return', 'issued', 'stock'),
    ('void', 'ordered', 'void'), ('void', 'printed', 'void'), ('void', 'stock', 'void'), ('void', 'issued', 'void'), ('void', 'used', 'void'),
    ('lose', 'printed', 'lost'), ('lose', 'stock', 'lost'), ('lose', 'issued', 'lost'), ('find', 'lost', 'stock'),
    ('destroy', 'printed', 'destroyed'), ('destroy', 'stock', 'destroyed'), ('destroy', 'issued', 'destroyed'), ('destroy', 'void', 'destroyed'))),
  constraint mark_moves_proof_check check (act not in ('print', 'receive') or reference <> ''),
  constraint mark_moves_reason_check check (act not in ('return', 'void', 'lose', 'find', 'destroy', 'correct') or reason <> ''),
  constraint mark_moves_lot_check check (act <> 'use' or lot <> '' and to_of = from_of || '/' || lot),
  constraint mark_moves_witnesses_check check (act <> 'destroy' or cardinality(witnesses) >= 2)
);
call app.isolate('app.mark_moves');
create index mark_moves_newest_idx on app.mark_moves (tenant_id, recorded_at desc, id desc);
create index mark_moves_issued_idx on app.mark_moves (tenant_id, to_of, happened_on) where to_kind = 'issued';
create index mark_moves_used_idx on app.mark_moves (tenant_id, from_of, happened_on) where to_kind = 'used';
grant select on app.mark_moves to helianthus_app;
grant select, insert on app.mark_moves to helianthus_gate;
create policy gate on app.mark_moves to helianthus_gate
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));

-- Where each number is. Two rows that overlap are refused: no number is in two places.
create table app.mark_holdings (
  tenant_id  uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  batch_id   uuid not null,
  numbers    int8range not null,
  place_kind text not null,
  place_of   text not null,
  constraint mark_holdings_pkey primary key (tenant_id, batch_id, numbers without overlaps),
  constraint mark_holdings_batch_fkey foreign key (tenant_id, batch_id) references app.mark_batches (tenant_id, id)
);
call app.isolate('app.mark_holdings');
create index mark_holdings_place_idx on app.mark_holdings (tenant_id, place_kind, place_of);
grant select on app.mark_holdings to helianthus_app;
grant select, insert, delete on app.mark_holdings to helianthus_gate;
create policy gate on app.mark_holdings to helianthus_gate
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));

grant select, update (moves) on app.mark_batches to helianthus_gate;
create policy gate on app.mark_batches for select to helianthus_gate using (true);
create policy gate_counts on app.mark_batches for update to helianthus_gate
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
grant select on app.mark_authorisations to helianthus_gate;
create policy gate on app.mark_authorisations for select to helianthus_gate
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));

-- Stock-taking: what was counted in a place, what the ledger had there, and why they differ.
create table app.mark_counts (
  tenant_id     uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id            uuid not null default uuidv7(),
  batch_id      uuid not null,
  place_kind    text not null,
  place_of      text not null,
  counted_on    date not null,
  counted       int8multirange not null,
  booked        int8multirange not null,
  missing       int8multirange generated always as (booked - counted) stored,
  surplus       int8multirange generated always as (counted - booked) stored,
  explanation   text not null default '',
  witnesses     text[] not null default '{}',
  recorded_name text not null default '',
  recorded_at   timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint mark_counts_explanation_check check (booked = counted or explanation <> ''),
  constraint mark_counts_batch_fkey foreign key (tenant_id, batch_id) references app.mark_batches (tenant_id, id)
);
call app.isolate('app.mark_counts');
create index mark_counts_batch_idx on app.mark_counts (tenant_id, batch_id, id desc);
grant select, insert on app.mark_counts to helianthus_app;

-- Scans of codes that are the tenant's, with nothing of who scanned but the country.
create table app.mark_scans (
  tenant_id  uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id         uuid not null default uuidv7(),
  batch_id   uuid not null,
  number     bigint not null,
  verdict    text not null,
  country    text not null default '' constraint mark_scans_country_check check (country ~ '^([A-Z]{2})?$'),
  scanned_at timestamptz not null,
  primary key (tenant_id, id),
  constraint mark_scans_batch_fkey foreign key (tenant_id, batch_id) references app.mark_batches (tenant_id, id)
);
call app.isolate('app.mark_scans');
create index mark_scans_batch_idx on app.mark_scans (tenant_id, batch_id, number, scanned_at);
grant select, insert on app.mark_scans to helianthus_app;

-- +goose StatementBegin
-- Moves a range of a batch's numbers, all of which must be in the place that they are taken from. The batch's row is locked by its
-- count of moves, so moves of one batch stand behind each other.
create function app.move_marks(batch uuid, doing text, wanted int8range, out_kind text, out_of text, in_kind text, in_of text, on_day date, facts jsonb, actor uuid, actor_name text)
returns uuid language plpgsql volatile security definer set search_path = app, pg_temp as $$
declare
  mine uuid := nullif(current_setting('app.tenant', true), '')::uuid;
  b record;
  made uuid;
  rest int8multirange;
  joined int8multirange := int8multirange(wanted);
begin
  update app.mark_batches m set moves = m.moves + 1 where m.id = batch and m.tenant_id = mine returning m.moves, m.count, m.registration_id, m.authorisation_id into b;
  if not found then
    raise exception 'no batch %', batch using errcode = 'foreign_key_violation', constraint = 'mark_moves_batch_fkey';
  end if;
  if not int8range(0, b.count) @> wanted then
    raise exception 'batch % has no numbers %', batch, wanted using errcode = 'check_violation', constraint = 'mark_moves_range_check';
  end if;
  if doing = 'issue' and not exists (select from app.mark_authorisations a where a.tenant_id = mine and a.id::text = in_of and a.status = 'active'
      and a.registration_id = b.registration_id and a.id = coalesce(b.authorisation_id, a.id)) then
    raise exception 'no authorisation in force %', in_of using errcode = 'check_violation', constraint = 'mark_moves_holder_check';
  end if;
  if doing = 'correct' and not exists (select from app.mark_moves m where m.tenant_id = mine and m.id = (facts ->> 'corrects')::uuid and m.batch_id = batch
      and m.numbers @> wanted and m.to_kind = out_kind and m.to_of = out_of and m.from_kind = in_kind and m.from_of = in_of) then
    raise exception 'no move to correct' using errcode = 'check_violation', constraint = 'mark_moves_reverse_check';
  end if;
  if out_kind <> '' then
    select coalesce(range_agg(h.numbers), '{}') into rest from app.mark_holdings h
    where h.tenant_id = mine and h.batch_id = batch and h.numbers && wanted and h.place_kind = out_kind and h.place_of = out_of;
    if not rest @> wanted then
      raise exception 'batch %: % are not all in % %', batch, wanted, out_kind, out_of using errcode = 'check_violation', constraint = 'mark_moves_from_check';
    end if;
    delete from app.mark_holdings h where h.tenant_id = mine and h.batch_id = batch and h.numbers && wanted;
    insert into app.mark_holdings (batch_id, numbers, place_kind, place_of) select batch, r, out_kind, out_of from unnest(rest - int8multirange(wanted)) r;
  end if;
  -- What lies beside it in the same place becomes one range with it.
  with gone as (delete from app.mark_holdings h where h.tenant_id = mine and h.batch_id = batch and h.place_kind = in_kind and h.place_of = in_of and h.numbers -|- wanted returning h.numbers)
  select joined + coalesce(range_agg(numbers), '{}') into joined from gone;
  insert into app.mark_holdings (batch_id, numbers, place_kind, place_of) select batch, r, in_kind, in_of from unnest(joined) r;
  insert into app.mark_moves (batch_id, seq, act, numbers, from_kind, from_of, to_kind, to_of, happened_on, reference, reason, lot, packages, weight_g, destination, witnesses, documents, corrects, recorded_by, recorded_name)
  select batch, b.moves, doing, wanted, out_kind, out_of, in_kind, in_of, on_day, coalesce(f.reference, ''), coalesce(f.reason, ''), coalesce(f.lot, ''), f.packages, f."weightG", coalesce(f.destination, ''),
    coalesce(f.witnesses, '{}'), coalesce(f.documents, '{}'), f.corrects, actor, actor_name
  from jsonb_to_record(facts) f (reference text, reason text, lot text, packages integer, "weightG" bigint, destination text, witnesses text[], documents uuid[], corrects uuid)
  returning id into made;
  return made;
end $$;

-- Whose batches a code may be of. Who asks has the code from a package in a shop, and no tenant.
create function app.gate_mark_batches(wanted integer) returns table (tenant_id uuid, slug text, kind text, demo boolean, batch_id uuid)
language sql stable security definer set search_path = app, pg_temp as $$
  select t.id, t.slug, t.kind, t.demo, b.id from app.mark_batches b join app.tenants t on t.id = b.tenant_id
  where b.code = wanted and t.suspended_at is null order by b.id limit 8
$$;
-- +goose StatementEnd
revoke execute on function app.move_marks, app.gate_mark_batches from public;
grant execute on function app.move_marks, app.gate_mark_batches to helianthus_app;
alter function app.move_marks owner to helianthus_gate;
alter function app.gate_mark_batches owner to helianthus_gate;

-- +goose Down
set local role helianthus_gate;
drop function app.move_marks;
drop function app.gate_mark_batches;
reset role;
drop table app.mark_scans;
drop table app.mark_counts;
drop table app.mark_holdings;
drop table app.mark_moves;
drop table app.mark_batches;
drop table app.mark_keys;
alter table app.mark_authorisations drop constraint mark_authorisations_last_fkey;
drop table app.mark_authorisation_events;
drop table app.mark_authorisations;
