-- Partner houses, and what they publish to everybody, as this house received it: facts of others, each with its house, its
-- proof and its age. It is public there and so it is public here; it belongs to no tenant.
--
-- +goose Up
create table app.partner_houses (
  name       text primary key,               -- of its log
  url        text not null,
  state      jsonb,                          -- as package mirror keeps it; none before the first page
  position   bigint not null default 0,      -- in its feed
  checked_at timestamptz,                    -- when its feed was last read to the head
  tried_at   timestamptz,
  error      text not null default ''        -- why the last try failed: a code
);

-- One row for each version that was received. It ends when the house supersedes, withdraws or conceals it, and stays.
create table app.received (
  house          text not null,
  seq            bigint not null,            -- of the change that brought it, in the house's feed
  publication_id uuid not null,
  publisher_id   uuid not null,
  publisher      text not null,
  publisher_names jsonb not null,
  demo           boolean not null,
  kind           text not null,
  record_id      uuid not null,
  version        integer not null,
  content        jsonb not null,
  sha256         bytea not null,
  published_at   timestamptz not null,
  received_at    timestamptz not null default now(),
  ended_seq      bigint,
  ended_at       timestamptz,
  -- What the status check reads, made of the content when it came.
  about          uuid,
  market         text not null default '',
  instrument_id  uuid,
  proof          text not null default '',   -- C2SP tlog-proof of the house's log; empty: not asked for yet
  primary key (house, seq),
  constraint received_house_fkey foreign key (house) references app.partner_houses (name),
  constraint received_end_check check ((ended_seq is null) = (ended_at is null) and ended_seq > seq)
);
create unique index received_current_key on app.received (house, publisher_id, kind, record_id) where ended_at is null;
create index received_about_idx on app.received (about) where ended_at is null;
create index received_unproved_idx on app.received (house, seq) where ended_at is null and proof = '';

create table app.received_names (
  house    text not null,
  seq      bigint not null,
  name_key text not null,
  name     text not null,
  language text not null,
  kind     text not null,
  primary key (house, seq, name_key, name, language),
  constraint received_names_received_fkey foreign key (house, seq) references app.received (house, seq)
);
create index received_names_key_idx on app.received_names (name_key);

grant select, insert on app.received, app.received_names, app.partner_houses to helianthus_app;
grant update (url, state, position, checked_at, tried_at, error) on app.partner_houses to helianthus_app;
grant update (ended_seq, ended_at, proof) on app.received to helianthus_app;

-- +goose Down
drop table app.received_names;
drop table app.received;
drop table app.partner_houses;
