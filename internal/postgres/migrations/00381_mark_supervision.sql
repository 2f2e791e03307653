-- Supervision of holders of marks: visits that are planned and what they found, complaints, and how much each sign of trouble counts.
--
-- +goose Up
create table app.mark_visits (
  tenant_id        uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id               uuid not null default uuidv7(),
  version          integer not null default 1,
  authorisation_id uuid not null,
  status           text not null default 'planned' constraint mark_visits_status_check check (status in ('planned', 'done', 'cancelled')),
  planned_on       date not null,
  visitor          text not null constraint mark_visits_visitor_check check (visitor <> ''),
  reason           text not null constraint mark_visits_reason_check check (reason <> ''),
  outcome          text not null default '' constraint mark_visits_outcome_check check (outcome in ('', 'passed', 'minor', 'failed')),
  visited_on       date,
  findings         text not null default '',        -- or why it was cancelled
  documents        uuid[] not null default '{}',    -- photographs and papers
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now(),
  updated_name     text not null default '',
  primary key (tenant_id, id),
  constraint mark_visits_done_check check ((status = 'done') = (outcome <> '') and (status = 'done') = (visited_on is not null)),
  constraint mark_visits_findings_check check (findings <> '' or status = 'planned' or outcome = 'passed'),
  constraint mark_visits_authorisation_fkey foreign key (tenant_id, authorisation_id) references app.mark_authorisations (tenant_id, id)
);
call app.isolate('app.mark_visits');
create index mark_visits_holder_idx on app.mark_visits (tenant_id, authorisation_id, visited_on desc);
create index mark_visits_planned_idx on app.mark_visits (tenant_id, planned_on) where status = 'planned';
grant select, insert, update (version, status, outcome, visited_on, findings, documents, updated_at, updated_name) on app.mark_visits to helianthus_app;

create table app.mark_complaints (
  tenant_id        uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id               uuid not null default uuidv7(),
  version          integer not null default 1,
  authorisation_id uuid not null,
  status           text not null default 'open' constraint mark_complaints_status_check check (status in ('open', 'upheld', 'dismissed')),
  complainant      text not null default '',        -- read by whoever decides alone
  text             text not null constraint mark_complaints_text_check check (text <> ''),
  received_on      date not null,
  documents        uuid[] not null default '{}',
  answer           text not null default '',
  decided_name     text not null default '',
  decided_at       timestamptz,
  created_at       timestamptz not null default now(),
  created_name     text not null default '',
  primary key (tenant_id, id),
  constraint mark_complaints_answer_check check ((status = 'open') = (decided_at is null) and (status = 'open' or answer <> '')),
  constraint mark_complaints_authorisation_fkey foreign key (tenant_id, authorisation_id) references app.mark_authorisations (tenant_id, id)
);
call app.isolate('app.mark_complaints');
create index mark_complaints_holder_idx on app.mark_complaints (tenant_id, authorisation_id);
grant select, insert, update (version, status, answer, decided_name, decided_at) on app.mark_complaints to helianthus_app;

alter table app.mark_rules add column risk_weights jsonb not null default '{}'; -- points by reason, where they are others than the house's

-- +goose Down
alter table app.mark_rules drop column risk_weights;
drop table app.mark_complaints;
drop table app.mark_visits;
