-- Recognition cases: procedures of instruments, and files that two tenants work on.
--
-- +goose Up

-- The law of the file: every move of a case, by side. internal/recognition holds the same table and a test compares them.
-- A move that is no row here cannot be written, see case_events_move_fkey.
create table app.case_moves (
  from_state text not null,
  act        text not null,
  to_state   text not null,
  side       text not null constraint case_moves_side_check check (side in ('origin', 'destination')),
  primary key (from_state, act, to_state, side)
);
grant select on app.case_moves to helianthus_app;
insert into app.case_moves (from_state, act, to_state, side) values
  ('new', 'open', 'draft', 'origin'),
  ('new', 'open', 'proposed', 'destination'),
  ('draft', 'submit', 'endorsement', 'origin'),
  ('endorsement', 'return', 'draft', 'origin'),
  ('endorsement', 'endorse', 'proposed', 'origin'),
  ('proposed', 'receive', 'formality', 'destination'),
  ('formality', 'notify', 'deficient', 'destination'),
  ('deficient', 'remedy', 'formality', 'origin'),
  ('deficient', 'abandon', 'abandoned', 'destination'),
  ('opposed', 'abandon', 'abandoned', 'destination'),
  ('formality', 'accept', 'examination', 'destination'),
  ('examination', 'object', 'examination', 'destination'),
  ('examination', 'respond', 'examination', 'origin'),
  ('examination', 'publish', 'published', 'destination'),
  ('published', 'oppose', 'opposed', 'destination'),
  ('opposed', 'oppose', 'opposed', 'destination'),
  ('opposed', 'counter', 'opposed', 'origin'),
  ('opposed', 'consult', 'consultation', 'origin'),
  ('opposed', 'consult', 'consultation', 'destination'),
  ('opposed', 'dismiss', 'decision-pending', 'destination'),
  ('consultation', 'dismiss', 'decision-pending', 'destination'),
  ('opposed', 'settle', 'decision-pending', 'destination'),
  ('consultation', 'settle', 'decision-pending', 'destination'),
  ('published', 'clear', 'decision-pending', 'destination'),
  ('decision-pending', 'enter', 'protected', 'destination'),
  ('proposed', 'grant', 'protected', 'destination'),
  ('formality', 'grant', 'protected', 'destination'),
  ('deficient', 'grant', 'protected', 'destination'),
  ('examination', 'grant', 'protected', 'destination'),
  ('published', 'grant', 'protected', 'destination'),
  ('opposed', 'grant', 'protected', 'destination'),
  ('consultation', 'grant', 'protected', 'destination'),
  ('decision-pending', 'grant', 'protected', 'destination'),
  ('appeal', 'grant', 'protected', 'destination'),
  ('formality', 'acquiesce', 'protected', 'origin'),
  ('formality', 'acquiesce', 'protected', 'destination'),
  ('examination', 'acquiesce', 'protected', 'origin'),
  ('examination', 'acquiesce', 'protected', 'destination'),
  ('proposed', 'limit', 'protected-limited', 'destination'),
  ('formality', 'limit', 'protected-limited', 'destination'),
  ('deficient', 'limit', 'protected-limited', 'destination'),
  ('examination', 'limit', 'protected-limited', 'destination'),
  ('published', 'limit', 'protected-limited', 'destination'),
  ('opposed', 'limit', 'protected-limited', 'destination'),
  ('consultation', 'limit', 'protected-limited', 'destination'),
  ('decision-pending', 'limit', 'protected-limited', 'destination'),
  ('appeal', 'limit', 'protected-limited', 'destination'),
  ('protected', 'limit', 'protected-limited', 'destination'),
  ('protected-limited', 'limit', 'protected-limited', 'destination'),
  ('refused', 'limit', 'protected-limited', 'destination'),
  ('formality', 'refuse', 'refused', 'destination'),
  ('deficient', 'refuse', 'refused', 'destination'),
  ('examination', 'refuse', 'refused', 'destination'),
  ('published', 'refuse', 'refused', 'destination'),
  ('opposed', 'refuse', 'refused', 'destination'),
  ('consultation', 'refuse', 'refused', 'destination'),
  ('decision-pending', 'refuse', 'refused', 'destination'),
  ('refused', 'retract', 'protected', 'destination'),
  ('refused', 'appeal', 'appeal', 'origin'),
  ('appeal', 'uphold', 'refused', 'destination'),
  ('appeal', 'remit', 'examination', 'destination'),
  ('proposed', 'suspend', 'suspended', 'origin'),
  ('proposed', 'suspend', 'suspended', 'destination'),
  ('formality', 'suspend', 'suspended', 'origin'),
  ('formality', 'suspend', 'suspended', 'destination'),
  ('deficient', 'suspend', 'suspended', 'origin'),
  ('deficient', 'suspend', 'suspended', 'destination'),
  ('examination', 'suspend', 'suspended', 'origin'),
  ('examination', 'suspend', 'suspended', 'destination'),
  ('published', 'suspend', 'suspended', 'origin'),
  ('published', 'suspend', 'suspended', 'destination'),
  ('opposed', 'suspend', 'suspended', 'origin'),
  ('opposed', 'suspend', 'suspended', 'destination'),
  ('consultation', 'suspend', 'suspended', 'origin'),
  ('consultation', 'suspend', 'suspended', 'destination'),
  ('decision-pending', 'suspend', 'suspended', 'origin'),
  ('decision-pending', 'suspend', 'suspended', 'destination'),
  ('appeal', 'suspend', 'suspended', 'origin'),
  ('appeal', 'suspend', 'suspended', 'destination'),
  ('protected', 'suspend', 'suspended', 'origin'),
  ('protected', 'suspend', 'suspended', 'destination'),
  ('protected-limited', 'suspend', 'suspended', 'origin'),
  ('protected-limited', 'suspend', 'suspended', 'destination'),
  ('protected', 'amend', 'protected', 'origin'),
  ('protected-limited', 'amend', 'protected-limited', 'origin'),
  ('protected', 'renew', 'protected', 'origin'),
  ('protected-limited', 'renew', 'protected-limited', 'origin'),
  ('protected', 'expire', 'expired', 'destination'),
  ('protected-limited', 'expire', 'expired', 'destination'),
  ('protected', 'invalidate', 'invalidated', 'destination'),
  ('protected-limited', 'invalidate', 'invalidated', 'destination'),
  ('proposed', 'cancel', 'cancelled', 'origin'),
  ('formality', 'cancel', 'cancelled', 'origin'),
  ('deficient', 'cancel', 'cancelled', 'origin'),
  ('examination', 'cancel', 'cancelled', 'origin'),
  ('published', 'cancel', 'cancelled', 'origin'),
  ('opposed', 'cancel', 'cancelled', 'origin'),
  ('consultation', 'cancel', 'cancelled', 'origin'),
  ('decision-pending', 'cancel', 'cancelled', 'origin'),
  ('appeal', 'cancel', 'cancelled', 'origin'),
  ('protected', 'cancel', 'cancelled', 'origin'),
  ('protected-limited', 'cancel', 'cancelled', 'origin'),
  ('suspended', 'cancel', 'cancelled', 'origin'),
  ('refused', 'cancel', 'cancelled', 'origin'),
  ('protected', 'renounce', 'renounced', 'origin'),
  ('protected-limited', 'renounce', 'renounced', 'origin'),
  ('draft', 'withdraw', 'withdrawn', 'origin'),
  ('endorsement', 'withdraw', 'withdrawn', 'origin'),
  ('proposed', 'withdraw', 'withdrawn', 'origin'),
  ('formality', 'withdraw', 'withdrawn', 'origin'),
  ('deficient', 'withdraw', 'withdrawn', 'origin'),
  ('examination', 'withdraw', 'withdrawn', 'origin'),
  ('published', 'withdraw', 'withdrawn', 'origin'),
  ('opposed', 'withdraw', 'withdrawn', 'origin'),
  ('consultation', 'withdraw', 'withdrawn', 'origin'),
  ('decision-pending', 'withdraw', 'withdrawn', 'origin'),
  ('appeal', 'withdraw', 'withdrawn', 'origin'),
  ('suspended', 'withdraw', 'withdrawn', 'origin'),
  ('proposed', 'extend', 'proposed', 'origin'),
  ('proposed', 'extend', 'proposed', 'destination'),
  ('formality', 'extend', 'formality', 'origin'),
  ('formality', 'extend', 'formality', 'destination'),
  ('deficient', 'extend', 'deficient', 'origin'),
  ('deficient', 'extend', 'deficient', 'destination'),
  ('examination', 'extend', 'examination', 'origin'),
  ('examination', 'extend', 'examination', 'destination'),
  ('published', 'extend', 'published', 'origin'),
  ('published', 'extend', 'published', 'destination'),
  ('opposed', 'extend', 'opposed', 'origin'),
  ('opposed', 'extend', 'opposed', 'destination'),
  ('consultation', 'extend', 'consultation', 'origin'),
  ('consultation', 'extend', 'consultation', 'destination'),
  ('decision-pending', 'extend', 'decision-pending', 'origin'),
  ('decision-pending', 'extend', 'decision-pending', 'destination'),
  ('appeal', 'extend', 'appeal', 'origin'),
  ('appeal', 'extend', 'appeal', 'destination'),
  ('protected', 'extend', 'protected', 'origin'),
  ('protected', 'extend', 'protected', 'destination'),
  ('protected-limited', 'extend', 'protected-limited', 'origin'),
  ('protected-limited', 'extend', 'protected-limited', 'destination'),
  ('proposed', 'waive', 'proposed', 'origin'),
  ('proposed', 'waive', 'proposed', 'destination'),
  ('formality', 'waive', 'formality', 'origin'),
  ('formality', 'waive', 'formality', 'destination'),
  ('deficient', 'waive', 'deficient', 'origin'),
  ('deficient', 'waive', 'deficient', 'destination'),
  ('examination', 'waive', 'examination', 'origin'),
  ('examination', 'waive', 'examination', 'destination'),
  ('published', 'waive', 'published', 'origin'),
  ('published', 'waive', 'published', 'destination'),
  ('opposed', 'waive', 'opposed', 'origin'),
  ('opposed', 'waive', 'opposed', 'destination'),
  ('consultation', 'waive', 'consultation', 'origin'),
  ('consultation', 'waive', 'consultation', 'destination'),
  ('decision-pending', 'waive', 'decision-pending', 'origin'),
  ('decision-pending', 'waive', 'decision-pending', 'destination'),
  ('appeal', 'waive', 'appeal', 'origin'),
  ('appeal', 'waive', 'appeal', 'destination'),
  ('protected', 'waive', 'protected', 'origin'),
  ('protected', 'waive', 'protected', 'destination'),
  ('protected-limited', 'waive', 'protected-limited', 'origin'),
  ('protected-limited', 'waive', 'protected-limited', 'destination'),
  ('draft', 'correct', 'draft', 'origin'),
  ('draft', 'correct', 'draft', 'destination'),
  ('endorsement', 'correct', 'endorsement', 'origin'),
  ('endorsement', 'correct', 'endorsement', 'destination'),
  ('proposed', 'correct', 'proposed', 'origin'),
  ('proposed', 'correct', 'proposed', 'destination'),
  ('formality', 'correct', 'formality', 'origin'),
  ('formality', 'correct', 'formality', 'destination'),
  ('deficient', 'correct', 'deficient', 'origin'),
  ('deficient', 'correct', 'deficient', 'destination'),
  ('examination', 'correct', 'examination', 'origin'),
  ('examination', 'correct', 'examination', 'destination'),
  ('published', 'correct', 'published', 'origin'),
  ('published', 'correct', 'published', 'destination'),
  ('opposed', 'correct', 'opposed', 'origin'),
  ('opposed', 'correct', 'opposed', 'destination'),
  ('consultation', 'correct', 'consultation', 'origin'),
  ('consultation', 'correct', 'consultation', 'destination'),
  ('decision-pending', 'correct', 'decision-pending', 'origin'),
  ('decision-pending', 'correct', 'decision-pending', 'destination'),
  ('protected', 'correct', 'protected', 'origin'),
  ('protected', 'correct', 'protected', 'destination'),
  ('protected-limited', 'correct', 'protected-limited', 'origin'),
  ('protected-limited', 'correct', 'protected-limited', 'destination'),
  ('suspended', 'correct', 'suspended', 'origin'),
  ('suspended', 'correct', 'suspended', 'destination'),
  ('refused', 'correct', 'refused', 'origin'),
  ('refused', 'correct', 'refused', 'destination'),
  ('appeal', 'correct', 'appeal', 'origin'),
  ('appeal', 'correct', 'appeal', 'destination'),
  ('withdrawn', 'correct', 'withdrawn', 'origin'),
  ('withdrawn', 'correct', 'withdrawn', 'destination'),
  ('abandoned', 'correct', 'abandoned', 'origin'),
  ('abandoned', 'correct', 'abandoned', 'destination'),
  ('renounced', 'correct', 'renounced', 'origin'),
  ('renounced', 'correct', 'renounced', 'destination'),
  ('invalidated', 'correct', 'invalidated', 'origin'),
  ('invalidated', 'correct', 'invalidated', 'destination'),
  ('cancelled', 'correct', 'cancelled', 'origin'),
  ('cancelled', 'correct', 'cancelled', 'destination'),
  ('expired', 'correct', 'expired', 'origin'),
  ('expired', 'correct', 'expired', 'destination'),
  ('endorsement', 'annul', 'draft', 'origin'),
  ('draft', 'annul', 'endorsement', 'origin'),
  ('proposed', 'annul', 'endorsement', 'origin'),
  ('formality', 'annul', 'proposed', 'destination'),
  ('deficient', 'annul', 'formality', 'destination'),
  ('formality', 'annul', 'deficient', 'origin'),
  ('abandoned', 'annul', 'deficient', 'destination'),
  ('abandoned', 'annul', 'opposed', 'destination'),
  ('examination', 'annul', 'formality', 'destination'),
  ('examination', 'annul', 'examination', 'destination'),
  ('examination', 'annul', 'examination', 'origin'),
  ('published', 'annul', 'examination', 'destination'),
  ('opposed', 'annul', 'published', 'destination'),
  ('opposed', 'annul', 'opposed', 'destination'),
  ('opposed', 'annul', 'opposed', 'origin'),
  ('consultation', 'annul', 'opposed', 'origin'),
  ('consultation', 'annul', 'opposed', 'destination'),
  ('decision-pending', 'annul', 'opposed', 'destination'),
  ('decision-pending', 'annul', 'consultation', 'destination'),
  ('decision-pending', 'annul', 'published', 'destination'),
  ('refused', 'annul', 'formality', 'destination'),
  ('refused', 'annul', 'deficient', 'destination'),
  ('refused', 'annul', 'examination', 'destination'),
  ('refused', 'annul', 'published', 'destination'),
  ('refused', 'annul', 'opposed', 'destination'),
  ('refused', 'annul', 'consultation', 'destination'),
  ('refused', 'annul', 'decision-pending', 'destination'),
  ('appeal', 'annul', 'refused', 'origin'),
  ('refused', 'annul', 'appeal', 'destination'),
  ('examination', 'annul', 'appeal', 'destination'),
  ('suspended', 'resume', 'proposed', 'origin'),
  ('suspended', 'annul', 'proposed', 'origin'),
  ('proposed', 'annul', 'suspended', 'origin'),
  ('suspended', 'resume', 'proposed', 'destination'),
  ('suspended', 'annul', 'proposed', 'destination'),
  ('proposed', 'annul', 'suspended', 'destination'),
  ('suspended', 'resume', 'formality', 'origin'),
  ('suspended', 'annul', 'formality', 'origin'),
  ('formality', 'annul', 'suspended', 'origin'),
  ('suspended', 'resume', 'formality', 'destination'),
  ('suspended', 'annul', 'formality', 'destination'),
  ('formality', 'annul', 'suspended', 'destination'),
  ('suspended', 'resume', 'deficient', 'origin'),
  ('suspended', 'annul', 'deficient', 'origin'),
  ('deficient', 'annul', 'suspended', 'origin'),
  ('suspended', 'resume', 'deficient', 'destination'),
  ('suspended', 'annul', 'deficient', 'destination'),
  ('deficient', 'annul', 'suspended', 'destination'),
  ('suspended', 'resume', 'examination', 'origin'),
  ('suspended', 'annul', 'examination', 'origin'),
  ('examination', 'annul', 'suspended', 'origin'),
  ('suspended', 'resume', 'examination', 'destination'),
  ('suspended', 'annul', 'examination', 'destination'),
  ('examination', 'annul', 'suspended', 'destination'),
  ('suspended', 'resume', 'published', 'origin'),
  ('suspended', 'annul', 'published', 'origin'),
  ('published', 'annul', 'suspended', 'origin'),
  ('suspended', 'resume', 'published', 'destination'),
  ('suspended', 'annul', 'published', 'destination'),
  ('published', 'annul', 'suspended', 'destination'),
  ('suspended', 'resume', 'opposed', 'origin'),
  ('suspended', 'annul', 'opposed', 'origin'),
  ('opposed', 'annul', 'suspended', 'origin'),
  ('suspended', 'resume', 'opposed', 'destination'),
  ('suspended', 'annul', 'opposed', 'destination'),
  ('opposed', 'annul', 'suspended', 'destination'),
  ('suspended', 'resume', 'consultation', 'origin'),
  ('suspended', 'annul', 'consultation', 'origin'),
  ('consultation', 'annul', 'suspended', 'origin'),
  ('suspended', 'resume', 'consultation', 'destination'),
  ('suspended', 'annul', 'consultation', 'destination'),
  ('consultation', 'annul', 'suspended', 'destination'),
  ('suspended', 'resume', 'decision-pending', 'origin'),
  ('suspended', 'annul', 'decision-pending', 'origin'),
  ('decision-pending', 'annul', 'suspended', 'origin'),
  ('suspended', 'resume', 'decision-pending', 'destination'),
  ('suspended', 'annul', 'decision-pending', 'destination'),
  ('decision-pending', 'annul', 'suspended', 'destination'),
  ('suspended', 'resume', 'appeal', 'origin'),
  ('suspended', 'annul', 'appeal', 'origin'),
  ('appeal', 'annul', 'suspended', 'origin'),
  ('suspended', 'resume', 'appeal', 'destination'),
  ('suspended', 'annul', 'appeal', 'destination'),
  ('appeal', 'annul', 'suspended', 'destination'),
  ('suspended', 'resume', 'protected', 'origin'),
  ('suspended', 'annul', 'protected', 'origin'),
  ('protected', 'annul', 'suspended', 'origin'),
  ('suspended', 'resume', 'protected', 'destination'),
  ('suspended', 'annul', 'protected', 'destination'),
  ('protected', 'annul', 'suspended', 'destination'),
  ('suspended', 'resume', 'protected-limited', 'origin'),
  ('suspended', 'annul', 'protected-limited', 'origin'),
  ('protected-limited', 'annul', 'suspended', 'origin'),
  ('suspended', 'resume', 'protected-limited', 'destination'),
  ('suspended', 'annul', 'protected-limited', 'destination'),
  ('protected-limited', 'annul', 'suspended', 'destination'),
  ('protected', 'annul', 'protected', 'origin'),
  ('protected-limited', 'annul', 'protected-limited', 'origin'),
  ('withdrawn', 'annul', 'draft', 'origin'),
  ('withdrawn', 'annul', 'endorsement', 'origin'),
  ('withdrawn', 'annul', 'proposed', 'origin'),
  ('withdrawn', 'annul', 'formality', 'origin'),
  ('withdrawn', 'annul', 'deficient', 'origin'),
  ('withdrawn', 'annul', 'examination', 'origin'),
  ('withdrawn', 'annul', 'published', 'origin'),
  ('withdrawn', 'annul', 'opposed', 'origin'),
  ('withdrawn', 'annul', 'consultation', 'origin'),
  ('withdrawn', 'annul', 'decision-pending', 'origin'),
  ('withdrawn', 'annul', 'appeal', 'origin'),
  ('withdrawn', 'annul', 'suspended', 'origin'),
  ('proposed', 'annul', 'proposed', 'origin'),
  ('proposed', 'annul', 'proposed', 'destination'),
  ('formality', 'annul', 'formality', 'origin'),
  ('formality', 'annul', 'formality', 'destination'),
  ('deficient', 'annul', 'deficient', 'origin'),
  ('deficient', 'annul', 'deficient', 'destination'),
  ('published', 'annul', 'published', 'origin'),
  ('published', 'annul', 'published', 'destination'),
  ('consultation', 'annul', 'consultation', 'origin'),
  ('consultation', 'annul', 'consultation', 'destination'),
  ('decision-pending', 'annul', 'decision-pending', 'origin'),
  ('decision-pending', 'annul', 'decision-pending', 'destination'),
  ('appeal', 'annul', 'appeal', 'origin'),
  ('appeal', 'annul', 'appeal', 'destination'),
  ('protected', 'annul', 'protected', 'destination'),
  ('protected-limited', 'annul', 'protected-limited', 'destination');

-- Versions of the procedure of an instrument, with the instrument as it was then. They are only added: a case keeps the one
-- that it was opened under.
create table app.procedures (
  tenant_id     uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  instrument_id uuid not null,
  version       integer not null,
  instrument    jsonb not null,                   -- as it is published
  content       jsonb not null,
  adopted_by    uuid,
  adopted_at    timestamptz not null default now(),
  primary key (tenant_id, instrument_id, version),
  constraint procedures_instrument_fkey foreign key (tenant_id, instrument_id) references app.instruments (tenant_id, id)
);

-- Files. The tenant that opened one keeps it; origin and destination are the tenants of the two sides, null where the office
-- is no tenant of the house and the keeper keeps that side by hand.
create table app.recognition_cases (
  tenant_id         uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id                uuid not null default uuidv7(),
  version           integer not null,             -- number of the last event
  state             text not null,                -- where that event led
  since             date not null,
  origin            uuid,
  destination       uuid,
  shared            boolean not null default false, -- both sides see it
  origin_office     text not null constraint recognition_cases_origin_office_check check (origin_office ~ '^[A-Z]{2}$'),
  market            text not null constraint recognition_cases_market_check check (market ~ '^[A-Z]{2}$'),
  name              text not null,
  language          text not null,
  forms             jsonb not null default '[]',
  form_keys         text not null,
  registration_publisher uuid,
  registration_id        uuid,
  instrument_id     uuid not null,
  procedure_version integer not null,
  list              text not null default '',
  opened_at         timestamptz not null default now(),
  updated_at        timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint recognition_cases_keeper_check check (tenant_id in (origin, destination)),
  constraint recognition_cases_sides_check check (origin <> destination),
  constraint recognition_cases_registration_check check ((registration_publisher is null) = (registration_id is null)),
  constraint recognition_cases_procedure_fkey foreign key (tenant_id, instrument_id, procedure_version) references app.procedures (tenant_id, instrument_id, version),
  constraint recognition_cases_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);

-- What happened. An event refers to its move in the law of the file and, by number and state, to the event before it: so
-- a chain has no gap, no fork and no step that the law does not have, whoever writes it.
create table app.case_events (
  tenant_id       uuid not null default nullif(current_setting('app.tenant', true), '')::uuid, -- who keeps the file
  case_id         uuid not null,
  seq             integer not null constraint case_events_seq_check check (seq > 0),
  after           integer generated always as (nullif(seq - 1, 0)) stored,
  act             text not null,
  from_state      text not null,
  to_state        text not null,
  side            text not null,
  about           integer,                        -- the event that it corrects or annuls, or that the case was suspended by
  back_to         text generated always as (case when act in ('annul', 'resume') then to_state end) stored,
  recorder        uuid not null,                  -- the tenant that recorded it
  recorded_by     uuid,
  recorded_at     timestamptz not null default now(),
  shared          boolean not null,
  happened_on     date not null,
  effective_on    date,
  received_on     date,
  dispatched_on   date,
  reference       text not null default '',
  national_code   text not null default '',
  national_text   jsonb not null default '{}',
  reason          text not null default '',
  grounds         text[] not null default '{}',
  documents       jsonb not null default '[]',
  period          text not null default '',
  length          jsonb,
  list            text not null default '',
  position        text not null default '',
  limits          jsonb not null default '{}',
  phase_out_until date,
  constraint case_events_pkey primary key (tenant_id, case_id, seq),
  constraint case_events_to_key unique (tenant_id, case_id, seq, to_state),
  constraint case_events_from_key unique (tenant_id, case_id, seq, from_state),
  constraint case_events_move_fkey foreign key (from_state, act, to_state, side) references app.case_moves (from_state, act, to_state, side),
  constraint case_events_case_fkey foreign key (tenant_id, case_id) references app.recognition_cases (tenant_id, id),
  constraint case_events_chain_fkey foreign key (tenant_id, case_id, after, from_state) references app.case_events (tenant_id, case_id, seq, to_state),
  constraint case_events_first_check check ((seq = 1) = (act = 'open')),
  constraint case_events_about_check check (about < seq and (about is not null) = (act in ('correct', 'annul', 'resume'))),
  constraint case_events_back_fkey foreign key (tenant_id, case_id, about, back_to) references app.case_events (tenant_id, case_id, seq, from_state)
);

-- The case's row says what its last event says.
alter table app.recognition_cases add constraint recognition_cases_state_fkey
  foreign key (tenant_id, id, version, state) references app.case_events (tenant_id, case_id, seq, to_state) deferrable initially deferred;

-- A file only goes on. The foreign key alone would let a case's row point at an earlier event.
-- +goose StatementBegin
create function app.case_goes_on() returns trigger language plpgsql set search_path = app, pg_temp as $$
begin
  if new.version <> old.version + 1 or old.shared and not new.shared then
    raise exception 'case % does not go on from event % to %', old.id, old.version, new.version using errcode = 'check_violation', constraint = 'recognition_cases_version_check';
  end if;
  return new;
end $$;
-- +goose StatementEnd
create trigger case_goes_on before update on app.recognition_cases for each row execute function app.case_goes_on();

-- Deadlines, as they follow from the events; rewritten with each, for lists over all cases.
create table app.case_deadlines (
  tenant_id   uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  case_id     uuid not null,
  code        text not null,
  start_seq   integer not null,
  origin      uuid,
  destination uuid,
  shared      boolean not null,
  side        text not null,                      -- who has to act
  state       text not null constraint case_deadlines_state_check check (state in ('open', 'met', 'missed', 'over', 'waived', 'void')),
  starts_on   date not null,
  ends_on     date,                               -- null: it is paused
  certain     boolean not null,
  verified    boolean not null,
  silence     text not null default '',
  calendar    text not null,
  length      jsonb not null,
  extensions  jsonb not null default '[]',
  by_seq      integer,
  primary key (tenant_id, case_id, code, start_seq),
  constraint case_deadlines_case_fkey foreign key (tenant_id, case_id) references app.recognition_cases (tenant_id, id)
);

-- Two-party tables: both sides read what is shared, and each adds what is its own.
alter table app.procedures enable row level security;
alter table app.procedures force row level security;
alter table app.recognition_cases enable row level security;
alter table app.recognition_cases force row level security;
alter table app.case_events enable row level security;
alter table app.case_events force row level security;
alter table app.case_deadlines enable row level security;
alter table app.case_deadlines force row level security;

create policy both_sides on app.recognition_cases for select to helianthus_app
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
      or shared and (origin = (select nullif(current_setting('app.tenant', true), '')::uuid)
                  or destination = (select nullif(current_setting('app.tenant', true), '')::uuid)));
create policy keeper_opens on app.recognition_cases for insert to helianthus_app
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy both_act on app.recognition_cases for update to helianthus_app
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
      or shared and (origin = (select nullif(current_setting('app.tenant', true), '')::uuid)
                  or destination = (select nullif(current_setting('app.tenant', true), '')::uuid)))
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
      or shared and (origin = (select nullif(current_setting('app.tenant', true), '')::uuid)
                  or destination = (select nullif(current_setting('app.tenant', true), '')::uuid)));
-- A case shows the procedure that it is under.
create policy keeper on app.procedures to helianthus_app
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy both_sides on app.procedures for select to helianthus_app
  using (exists (select from app.recognition_cases c
    where c.tenant_id = procedures.tenant_id and c.instrument_id = procedures.instrument_id and c.procedure_version = procedures.version));
create policy both_sides on app.case_events for select to helianthus_app
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
      or shared and exists (select from app.recognition_cases c where c.tenant_id = case_events.tenant_id and c.id = case_events.case_id));
-- An event is written by the side whose act it is; for a side that no tenant has, by the keeper.
create policy side_acts on app.case_events for insert to helianthus_app
  with check (recorder = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and exists (select from app.recognition_cases c where c.tenant_id = case_events.tenant_id and c.id = case_events.case_id
      and coalesce(case case_events.side when 'origin' then c.origin else c.destination end, c.tenant_id) = case_events.recorder));
create policy both_sides on app.case_deadlines for select to helianthus_app
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
      or shared and (origin = (select nullif(current_setting('app.tenant', true), '')::uuid)
                  or destination = (select nullif(current_setting('app.tenant', true), '')::uuid)));
create policy both_reckon on app.case_deadlines for insert to helianthus_app
  with check (exists (select from app.recognition_cases c where c.tenant_id = case_deadlines.tenant_id and c.id = case_deadlines.case_id
      and c.origin is not distinct from case_deadlines.origin and c.destination is not distinct from case_deadlines.destination));
create policy both_remove on app.case_deadlines for delete to helianthus_app
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
      or shared and (origin = (select nullif(current_setting('app.tenant', true), '')::uuid)
                  or destination = (select nullif(current_setting('app.tenant', true), '')::uuid)));
grant select, insert on app.procedures, app.recognition_cases, app.case_events, app.case_deadlines to helianthus_app;
grant update (version, state, since, shared, updated_at) on app.recognition_cases to helianthus_app;
grant delete on app.case_deadlines to helianthus_app;
create index recognition_cases_id_idx on app.recognition_cases (id desc);
create index recognition_cases_origin_idx on app.recognition_cases (origin, id desc);
create index recognition_cases_destination_idx on app.recognition_cases (destination, id desc);
create index procedures_instrument_idx on app.procedures (instrument_id, version desc);
create index case_events_case_idx on app.case_events (case_id, seq);
create index case_deadlines_case_idx on app.case_deadlines (case_id);
create index case_deadlines_origin_idx on app.case_deadlines (origin, ends_on) where state = 'open';
create index case_deadlines_destination_idx on app.case_deadlines (destination, ends_on) where state = 'open';

-- What one side keeps for itself: notes, and which recognition of its own register a case led to.
create table app.case_notes (
  tenant_id  uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id         uuid not null default uuidv7(),
  case_id    uuid not null,                       -- of any keeper: a reference by value
  text       text not null,
  created_by uuid,
  created_name text not null default '',
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint case_notes_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.case_notes');
create index case_notes_case_idx on app.case_notes (tenant_id, case_id, id desc);
grant select, insert, delete on app.case_notes to helianthus_app;

create table app.case_recognitions (
  tenant_id      uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  case_id        uuid not null,                   -- of any keeper
  recognition_id uuid not null,
  entered_at     timestamptz not null default now(),
  primary key (tenant_id, case_id, recognition_id),
  constraint case_recognitions_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.case_recognitions');
grant select, insert on app.case_recognitions to helianthus_app;

-- +goose Down
drop table app.case_recognitions;
drop table app.case_notes;
drop policy both_sides on app.procedures;
drop policy both_sides on app.case_events;
drop policy side_acts on app.case_events;
drop table app.case_deadlines;
alter table app.recognition_cases drop constraint recognition_cases_state_fkey;
drop table app.case_events;
drop table app.recognition_cases;
drop function app.case_goes_on();
drop table app.procedures;
drop table app.case_moves;
