-- Clearance: marks and words that were there before, as a tenant imported or entered them, and reports on what stands against
-- a name in a market. A report is frozen when its search ends; only the decisions of people on its findings are added.
--
-- +goose Up

-- A list of earlier marks: what it was taken from, and on which day.
create table app.earlier_mark_lists (
  tenant_id  uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id         uuid not null default uuidv7(),
  version    integer not null default 1,           -- one more with each import and each change by hand
  name       text not null,
  source     text not null,
  taken_on   date not null,
  updated_at timestamptz not null default now(),
  updated_by text not null default '',
  primary key (tenant_id, id),
  constraint earlier_mark_lists_name_key unique (tenant_id, name),
  constraint earlier_mark_lists_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.earlier_mark_lists');
grant select, insert, update, delete on app.earlier_mark_lists to helianthus_app;

create table app.earlier_marks (
  tenant_id     uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id            uuid not null default uuidv7(),
  list_id       uuid not null,
  kind          text not null constraint earlier_marks_kind_check check (kind in ('trade-mark', 'plant-variety', 'geographical-indication', 'generic-term')),
  identity      text not null,                     -- what two rows of a list are the same mark by: kind, office and number, or sign
  sign          text not null,
  script        text not null default '',          -- ISO 15924
  transcription text not null default '',
  translation   text not null default '',
  office        text not null default '',          -- ST.3 of where it holds; empty: wherever the name is asked for
  number        text not null default '',
  holder        text not null default '',
  classes       text[] not null default '{}',      -- scheme|code
  priority_on   date,
  status        text not null default 'unknown' constraint earlier_marks_status_check check (status in ('pending', 'registered', 'ended', 'unknown')),
  folded        text not null,                     -- sign, transcription and translation by registry.NameKey, a line each
  import_id     uuid,                              -- that wrote it last; null: entered by hand
  primary key (tenant_id, id),
  constraint earlier_marks_identity_key unique (tenant_id, list_id, identity),
  constraint earlier_marks_list_fkey foreign key (tenant_id, list_id) references app.earlier_mark_lists (tenant_id, id) on delete cascade
);
call app.isolate('app.earlier_marks');
create index earlier_marks_sign_idx on app.earlier_marks (tenant_id, sign collate "C", id);
grant select, insert, update, delete on app.earlier_marks to helianthus_app;

create table app.clearance_reports (
  tenant_id       uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id              uuid not null default uuidv7(),
  version         integer not null default 1,
  status          text not null default 'searching' constraint clearance_reports_status_check check (status in ('searching', 'done')),
  title           text not null,                   -- the first name
  title_key       text not null,
  names           jsonb not null,                  -- [{text, language}]
  market          text not null constraint clearance_reports_market_check check (market ~ '^[A-Z]{2}$'),
  classes         text[] not null,                 -- scheme|code
  hs_codes        text[] not null,
  floor           integer not null,                -- the least score that is shown
  registration_id uuid,                            -- of the tenant: a reference by value
  case_id         uuid,                            -- of any keeper: a reference by value
  same            uuid[] not null default '{}',    -- records that are the name itself, and stand not against it
  task_id         uuid,
  asked_at        timestamptz not null default now(),
  asked_by        text not null default '',
  searched        jsonb not null default '[]',     -- [{source, count, newestAt, lists}]
  method          jsonb not null default '{}',     -- versions of weights and data
  found           integer not null default 0,      -- as many were above the floor
  document_id     uuid,                            -- its paper
  printed_version integer not null default 0,      -- of which version
  primary key (tenant_id, id),
  constraint clearance_reports_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.clearance_reports');
create index clearance_reports_case_idx on app.clearance_reports (tenant_id, case_id) where case_id is not null;
create index clearance_reports_registration_idx on app.clearance_reports (tenant_id, registration_id) where registration_id is not null;
grant select, insert, update (version, status, task_id, searched, method, found, document_id, printed_version) on app.clearance_reports to helianthus_app;

create table app.clearance_findings (
  tenant_id    uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  report_id    uuid not null,
  id           uuid not null,
  place        integer not null,                   -- from 1, the strongest first
  "right"      text not null constraint clearance_findings_right_check check ("right" in ('geographical-indication', 'recognition', 'pending-name', 'trade-mark', 'plant-variety', 'generic-term')),
  source       text not null,
  record_id    uuid not null,
  facts        jsonb not null,                     -- the sign, number, holder, … as they were found
  name         text not null,                      -- of ours, that it is like
  score        integer not null constraint clearance_findings_score_check check (score between 0 and 100),
  goods        text not null constraint clearance_findings_goods_check check (goods in ('same', 'different', 'unknown')),
  likenesses   jsonb not null,                     -- [{kind, score, ours, theirs}]
  decision     text not null default '' constraint clearance_findings_decision_check check (decision in ('', 'conflict', 'no-conflict', 'unclear')),
  reason       text not null default '',
  decided_by   text not null default '',
  decided_at   timestamptz,
  primary key (tenant_id, report_id, id),
  constraint clearance_findings_place_key unique (tenant_id, report_id, place),
  constraint clearance_findings_decided_check check ((decision = '') = (decided_at is null)),
  constraint clearance_findings_report_fkey foreign key (tenant_id, report_id) references app.clearance_reports (tenant_id, id)
);
call app.isolate('app.clearance_findings');
grant select, insert, update (decision, reason, decided_by, decided_at) on app.clearance_findings to helianthus_app;

-- +goose Down
drop table app.clearance_findings;
drop table app.clearance_reports;
drop table app.earlier_marks;
drop table app.earlier_mark_lists;
