-- The transparency log: one for the house, of hashes that everybody may read. Entries wait in their tenant's
-- transaction; a sequencer gives them their place.
--
-- +goose Up

-- What waits for its place. A row comes and goes with the transaction that published.
create table app.log_queue (
  tenant_id      uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id             uuid not null default uuidv7(),
  publication_id uuid not null,
  event          text not null,
  entry          bytea not null constraint log_queue_entry_check check (length(entry) between 1 and 65535),
  primary key (tenant_id, id),
  constraint log_queue_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.log_queue');
create policy gate on app.log_queue for all to helianthus_gate using (true) with check (true);
create index log_queue_id_idx on app.log_queue (id);
grant insert on app.log_queue to helianthus_app;
grant select, delete on app.log_queue to helianthus_gate;

-- What a sealed entry says, and the salt that proves it, for those who may read the publication.
create table app.log_openings (
  tenant_id      uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  publication_id uuid not null,
  event          text not null,
  salt           bytea not null constraint log_openings_salt_check check (length(salt) = 32),
  entry          bytea not null,
  primary key (tenant_id, publication_id, event),
  constraint log_openings_publication_fkey foreign key (tenant_id, publication_id) references app.publications (tenant_id, id)
);
alter table app.log_openings enable row level security;
alter table app.log_openings force row level security;
create policy readers on app.log_openings for select to helianthus_app
  using (exists (select from app.publications p where p.tenant_id = log_openings.tenant_id and p.id = log_openings.publication_id));
create policy publisher_adds on app.log_openings for insert to helianthus_app
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
grant select, insert on app.log_openings to helianthus_app;

-- The log itself belongs to the house and is public. Rows are only added; a tile may grow, and keeps what it has.
create table app.log_leaves (
  index          bigint primary key constraint log_leaves_index_check check (index >= 0),
  entry          bytea not null,
  publication_id uuid not null,
  event          text not null
);
create index log_leaves_publication_idx on app.log_leaves (publication_id, index desc);
create table app.log_tiles (
  level smallint not null,
  n     bigint not null,
  data  bytea not null constraint log_tiles_data_check check (length(data) % 32 = 0 and length(data) between 32 and 8192),
  primary key (level, n)
);
alter table app.log_tiles alter column data set storage external; -- hashes do not compress
create table app.log_checkpoints (
  size bigint primary key,
  root bytea not null constraint log_checkpoints_root_check check (length(root) = 32),
  note text not null,
  at   timestamptz not null default now()
);
-- Keys of the log (it signs) and of the witness (it cosigns others' checkpoints), sealed as signing keys are.
create table app.log_keys (
  id         uuid primary key default uuidv7(),
  kind       text not null constraint log_keys_kind_check check (kind in ('log', 'witness')),
  name       text not null,                       -- of the log its origin
  verifier   text not null,
  sealed     bytea not null,
  created_at timestamptz not null default now()
);
-- Witnesses of this log: how far each is, and what it signed last.
create table app.log_witnesses (
  name       text primary key,
  size       bigint not null default 0,
  cosigned   text not null default '',            -- its signature line of the checkpoint of that size
  at         timestamptz,
  error      text not null default '',
  tried_at   timestamptz
);
-- Logs whose witness we are: the last checkpoint that we cosigned.
create table app.log_witnessed (
  origin text primary key,
  size   bigint not null,
  root   bytea not null,
  at     timestamptz not null default now()
);
grant select, insert on app.log_leaves, app.log_keys to helianthus_app;
grant select, insert, update on app.log_tiles, app.log_witnesses, app.log_witnessed to helianthus_app;
grant select, insert, delete on app.log_checkpoints to helianthus_app;
-- +goose StatementBegin
create function app.keep_hashes() returns trigger language plpgsql as $$
begin
  if length(new.data) < length(old.data) or substring(new.data for length(old.data)) <> old.data then
    raise exception 'a tile of the log keeps the hashes that it has';
  end if;
  return new;
end $$;
-- +goose StatementEnd
create trigger keep_hashes before update on app.log_tiles for each row execute function app.keep_hashes();

-- take_log_queue hands the sequencer what waits, the oldest first, and removes it: place and removal are one transaction.
-- +goose StatementBegin
create function app.take_log_queue(most integer) returns table (publication_id uuid, event text, entry bytea)
language sql volatile security definer set search_path = app, pg_temp as $$
  with next as (select q.tenant_id, q.id from app.log_queue q order by q.id limit most),
  taken as (delete from app.log_queue q using next where q.tenant_id = next.tenant_id and q.id = next.id returning q.id, q.publication_id, q.event, q.entry)
  select taken.publication_id, taken.event, taken.entry from taken order by taken.id
$$;
-- +goose StatementEnd
revoke execute on function app.take_log_queue from public;
grant execute on function app.take_log_queue to helianthus_app;
alter function app.take_log_queue owner to helianthus_gate;

-- +goose Down
drop function app.take_log_queue;
drop table app.log_witnessed;
drop table app.log_witnesses;
drop table app.log_keys;
drop table app.log_checkpoints;
drop table app.log_tiles;
drop function app.keep_hashes();
drop table app.log_leaves;
drop table app.log_openings;
drop table app.log_queue;
