-- How the exchange is doing: how far each reader of the feed is, and who still calls what is on its way out.
--
-- +goose Up

-- A reader of the feed is a person or an API client with the filter it reads by. Its position is what was delivered last.
create table app.feed_consumers (
  tenant_id  uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  actor_id   uuid not null,
  kind       text not null,                       -- of publications; empty: all
  publisher  text not null,                       -- slug; empty: all
  actor_kind text not null constraint feed_consumers_actor_check check (actor_kind in ('person', 'client')),
  position   bigint not null,
  since      timestamptz not null default now(),
  read_at    timestamptz not null default now(),
  primary key (tenant_id, actor_id, kind, publisher),
  constraint feed_consumers_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.feed_consumers');
grant select, insert, update on app.feed_consumers to helianthus_app;

-- The last call of each retired operation by each of the tenant's people and machines.
create table app.retired_calls (
  tenant_id  uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  operation  text not null,
  actor_id   uuid not null,
  actor_kind text not null,
  first_at   timestamptz not null default now(),
  last_at    timestamptz not null default now(),
  primary key (tenant_id, operation, actor_id),
  constraint retired_calls_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.retired_calls');
grant select, insert, update on app.retired_calls to helianthus_app;

-- The last receipts between two tenants.
create index receipts_pair_idx on app.receipts (owner, reader, id desc);

-- +goose Down
drop index app.receipts_pair_idx;
drop table app.retired_calls;
drop table app.feed_consumers;
