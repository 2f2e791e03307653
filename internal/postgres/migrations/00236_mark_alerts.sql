-- What the scans of a tenant's marks say that should not be so, with its evidence, and what an officer made of it.
--
-- +goose Up
create table app.mark_alerts (
  tenant_id        uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id               uuid not null default uuidv7(),
  version          integer not null default 1,
  kind             text not null constraint mark_alerts_kind_check check (kind in ('far-apart', 'burst', 'not-issued', 'void', 'stopped', 'no-lot')),
  batch_id         uuid not null,
  number           bigint,                          -- of the one mark that it is about; null: of several
  authorisation_id uuid,                            -- of the holder whose marks they are, where it is about one
  day              date not null,                   -- of the last scan
  evidence         jsonb not null,                  -- what was counted, and against what
  status           text not null default 'open' constraint mark_alerts_status_check check (status in ('open', 'confirmed', 'dismissed')),
  reason           text not null default '',
  decided_by       uuid,
  decided_name     text not null default '',
  decided_at       timestamptz,
  raised_at        timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint mark_alerts_once_key unique nulls not distinct (tenant_id, kind, batch_id, number, authorisation_id, day),
  constraint mark_alerts_reason_check check (status = 'open' or reason <> '' and decided_at is not null),
  constraint mark_alerts_batch_fkey foreign key (tenant_id, batch_id) references app.mark_batches (tenant_id, id),
  constraint mark_alerts_authorisation_fkey foreign key (tenant_id, authorisation_id) references app.mark_authorisations (tenant_id, id)
);
call app.isolate('app.mark_alerts');
create index mark_alerts_dismissed_idx on app.mark_alerts (tenant_id, batch_id, kind, decided_at) where status = 'dismissed';
grant select, insert on app.mark_alerts to helianthus_app;
grant update (version, evidence, status, reason, decided_by, decided_name, decided_at) on app.mark_alerts to helianthus_app;
create index mark_scans_at_idx on app.mark_scans (tenant_id, scanned_at);

-- +goose Down
drop index app.mark_scans_at_idx;
drop table app.mark_alerts;
