-- Overseas promotion: calls, applications of other tenants, their selection, and the money.
--
-- Two sides write: the keeper, whose programme it is, and the applicant. Each row belongs to the side that began it; the other side sees it
-- once it is submitted or published, and may write its own columns of it (keep_sides). References across the wall are by value.
--
-- +goose Up

-- keep_sides lets each side of a row change its own columns only. The arguments are the columns of the keeper; those of both are let out.
-- +goose StatementBegin
create function app.keep_sides() returns trigger language plpgsql set search_path = app, pg_temp as $$
declare
  mine text[] := tg_argv[0]::text[];
  shared text[] := array['version', 'status', 'updated_at'];
begin
  if old.tenant_id = old.keeper then
    return new; -- it is its own applicant
  end if;
  if app.tenant() = old.tenant_id then
    if exists (select from unnest(mine) c where to_jsonb(new) -> c is distinct from to_jsonb(old) -> c) then
      raise exception 'what the keeper said is the keeper''s' using errcode = 'insufficient_privilege';
    end if;
  elsif to_jsonb(new) - mine - shared is distinct from to_jsonb(old) - mine - shared then
    raise exception 'what the applicant said is the applicant''s' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
-- +goose StatementEnd
revoke execute on function app.keep_sides() from public;

create table app.promotion_programmes (
  tenant_id     uuid not null default nullif(current_setting('app.tenant', true), '')::uuid, -- the keeper
  id            uuid not null default uuidv7(),
  version       integer not null default 1,
  status        text not null default 'draft' constraint promotion_programmes_status_check check (status in ('draft', 'reviewed', 'open', 'closed', 'decided', 'running', 'settled', 'cancelled')),
  content       jsonb not null,                    -- the call: texts, window, budget, rules, criteria; fixed once it is published
  kind          text not null,
  countries     text[] not null,
  folded        text not null,                     -- its titles by registry.NameKey
  opens_at      timestamptz not null,
  closes_at     timestamptz not null,              -- the last second that counts
  places        integer not null constraint promotion_programmes_places_check check (places between 1 and 100000),
  taken         integer not null default 0,        -- places that are awarded
  published_at  timestamptz,                       -- since then everybody sees it
  sandbox       uuid default app.sandbox(),
  drafted_by    uuid not null,                     -- who last wrote the text
  drafted_name  text not null default '',
  reviewed_by   uuid,
  reviewed_name text not null default '',
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint promotion_programmes_window_check check (closes_at > opens_at),
  constraint promotion_programmes_taken_check check (taken between 0 and places),
  constraint promotion_programmes_second_check check (reviewed_by <> drafted_by), -- two pairs of eyes
  constraint promotion_programmes_reviewed_check check (published_at is null or reviewed_by is not null),
  constraint promotion_programmes_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.promotion_programmes');
create policy readers on app.promotion_programmes for select to helianthus_app using (published_at is not null);
create policy side on app.promotion_programmes as restrictive for select to helianthus_app
  using (coalesce(sandbox is not distinct from (select m.sandbox from app.sandbox_tenants m where m.member = app.tenant()), false));
create index promotion_programmes_updated_idx on app.promotion_programmes (tenant_id, updated_at desc, id desc);
create index promotion_programmes_published_idx on app.promotion_programmes (updated_at desc, id desc) where published_at is not null;
create index promotion_programmes_id_idx on app.promotion_programmes (id);
grant select, insert, update on app.promotion_programmes to helianthus_app;

-- Whoever applied did so under the rules of that day.
-- +goose StatementBegin
create function app.keep_call() returns trigger language plpgsql set search_path = app, pg_temp as $$
begin
  if old.published_at is not null and (new.content, new.kind, new.countries, new.opens_at, new.closes_at, new.places, new.published_at, new.reviewed_by)
      is distinct from (old.content, old.kind, old.countries, old.opens_at, old.closes_at, old.places, old.published_at, old.reviewed_by) then
    raise exception 'programme % is published', old.id using errcode = 'check_violation', constraint = 'promotion_programmes_frozen_check';
  end if;
  return new;
end $$;
-- +goose StatementEnd
revoke execute on function app.keep_call() from public;
create trigger keep_call before update on app.promotion_programmes for each row execute function app.keep_call();

-- How much of each source there is, is promised and is paid. What is promised is the sum of the commitments.
create table app.promotion_budgets (
  tenant_id    uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  programme_id uuid not null,
  source       text not null constraint promotion_budgets_source_check check (source in ('county', 'league-city', 'region', 'state')),
  amount       bigint not null constraint promotion_budgets_amount_check check (amount > 0), -- in the smallest unit of the programme's currency
  committed    bigint not null default 0,
  paid         bigint not null default 0,
  primary key (tenant_id, programme_id, source),
  constraint promotion_budgets_committed_check check (committed between 0 and amount),
  constraint promotion_budgets_paid_check check (paid between 0 and committed),
  constraint promotion_budgets_programme_fkey foreign key (tenant_id, programme_id) references app.promotion_programmes (tenant_id, id)
);
call app.isolate('app.promotion_budgets');
grant select, insert, update (committed, paid) on app.promotion_budgets to helianthus_app;

create table app.promotion_committee (
  tenant_id    uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  programme_id uuid not null,
  person_id    uuid not null,
  added_at     timestamptz not null default now(),
  primary key (tenant_id, programme_id, person_id),
  constraint promotion_committee_programme_fkey foreign key (tenant_id, programme_id) references app.promotion_programmes (tenant_id, id),
  constraint promotion_committee_person_fkey foreign key (tenant_id, person_id) references app.people (tenant_id, id)
);
call app.isolate('app.promotion_committee');
grant select, insert, delete on app.promotion_committee to helianthus_app;

create table app.promotion_applications (
  tenant_id      uuid not null default nullif(current_setting('app.tenant', true), '')::uuid, -- the applicant
  id             uuid not null default uuidv7(),
  version        integer not null default 1,
  keeper         uuid not null,
  programme_id   uuid not null,
  status         text not null default 'draft' constraint promotion_applications_status_check check (status in ('draft', 'submitted', 'returned', 'withdrawn')),
  content        jsonb not null,
  credit_code    text not null default '',         -- of the producer that it is for; an association applies for several
  number         text,
  submitted_at   timestamptz,
  eligible       bigint not null default 0,        -- as it was reckoned at submission, in the programme's currency
  support        bigint not null default 0,
  asked          jsonb not null default '[]',      -- what has to be completed
  complete_until timestamptz,
  asked_name     text not null default '',
  created_name   text not null default '',
  created_at     timestamptz not null default now(),
  updated_at     timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint promotion_applications_number_key unique (tenant_id, number),
  constraint promotion_applications_numbered_check check ((submitted_at is null) = (number is null) and (status in ('draft', 'withdrawn') or number is not null)),
  constraint promotion_applications_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.promotion_applications');
create unique index promotion_applications_once_key on app.promotion_applications (tenant_id, keeper, programme_id, credit_code) where status <> 'withdrawn';
create policy keeper_reads on app.promotion_applications for select to helianthus_app
  using (number is not null and keeper = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy keeper_returns on app.promotion_applications for update to helianthus_app
  using (status = 'submitted' and keeper = (select nullif(current_setting('app.tenant', true), '')::uuid))
  with check (status = 'returned' and keeper = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy to_a_call on app.promotion_applications as restrictive for insert to helianthus_app
  with check (exists (select from app.promotion_programmes p where p.tenant_id = promotion_applications.keeper and p.id = promotion_applications.programme_id and p.status = 'open'));
create trigger keep_sides before update on app.promotion_applications for each row execute function app.keep_sides('{asked,complete_until,asked_name}');
create index promotion_applications_keeper_idx on app.promotion_applications (keeper, programme_id, submitted_at desc, id desc) where number is not null;
create index promotion_applications_changed_idx on app.promotion_applications (keeper, updated_at desc, id desc) where number is not null;
create index promotion_applications_own_idx on app.promotion_applications (tenant_id, updated_at desc, id desc);
grant select, insert on app.promotion_applications to helianthus_app;
grant update (version, status, content, credit_code, number, submitted_at, eligible, support, asked, complete_until, asked_name, updated_at) on app.promotion_applications to helianthus_app;

-- What happened to a programme or an application. Events are of who acted; the other side of an application reads them.
create table app.promotion_events (
  tenant_id     uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id            uuid not null default uuidv7(),
  object_id     uuid not null,
  version       integer not null,
  act           text not null,
  from_status   text not null default '',
  to_status     text not null,
  reason        text not null default '',
  recorded_by   uuid,
  recorded_name text not null default '',
  recorded_at   timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  constraint promotion_events_version_key unique (tenant_id, object_id, version),
  constraint promotion_events_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.promotion_events');
create policy both_sides on app.promotion_events for select to helianthus_app
  using (exists (select from app.promotion_applications a where a.id = promotion_events.object_id));
create index promotion_events_object_idx on app.promotion_events (object_id, version);
grant select, insert on app.promotion_events to helianthus_app;

-- Who has a conflict of interest keeps it: it is declared once, and nobody takes it back.
create table app.promotion_conflicts (
  tenant_id      uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id             uuid not null default uuidv7(),
  application_id uuid not null,
  person_id      uuid not null,
  programme_id   uuid not null,
  reason         text not null constraint promotion_conflicts_reason_check check (reason <> ''),
  declared_at    timestamptz not null default now(),
  primary key (tenant_id, application_id, person_id),
  constraint promotion_conflicts_member_fkey foreign key (tenant_id, programme_id, person_id) references app.promotion_committee (tenant_id, programme_id, person_id)
);
call app.isolate('app.promotion_conflicts');
grant select, insert on app.promotion_conflicts to helianthus_app;

create table app.promotion_scores (
  tenant_id      uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id             uuid not null default uuidv7(),
  version        integer not null default 1,
  programme_id   uuid not null,
  application_id uuid not null,
  person_id      uuid not null,
  points         jsonb,                            -- {"market": 80}: by criterion; null: an abstention
  note           text not null default '',
  scored_at      timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint promotion_scores_once_key unique (tenant_id, application_id, person_id),
  constraint promotion_scores_abstention_check check (points is not null or note <> ''), -- an abstention says why
  constraint promotion_scores_member_fkey foreign key (tenant_id, programme_id, person_id) references app.promotion_committee (tenant_id, programme_id, person_id)
);
call app.isolate('app.promotion_scores');
-- Nobody scores in another's name, nor where a conflict is declared.
create policy own_name_adds on app.promotion_scores as restrictive for insert to helianthus_app
  with check (person_id = (select nullif(current_setting('app.actor', true), '')::uuid)
    and not exists (select from app.promotion_conflicts c where c.tenant_id = promotion_scores.tenant_id and c.application_id = promotion_scores.application_id and c.person_id = promotion_scores.person_id));
create policy own_name_changes on app.promotion_scores as restrictive for update to helianthus_app
  using (person_id = (select nullif(current_setting('app.actor', true), '')::uuid))
  with check (person_id = (select nullif(current_setting('app.actor', true), '')::uuid)
    and not exists (select from app.promotion_conflicts c where c.tenant_id = promotion_scores.tenant_id and c.application_id = promotion_scores.application_id and c.person_id = promotion_scores.person_id));
create index promotion_scores_programme_idx on app.promotion_scores (tenant_id, programme_id, application_id);
grant select, insert, update (version, points, note, scored_at) on app.promotion_scores to helianthus_app;

-- What was decided on an application. The applicant sees it once the results are published.
create table app.promotion_awards (
  tenant_id       uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id              uuid not null default uuidv7(),
  version         integer not null default 1,
  programme_id    uuid not null,
  applicant       uuid not null,
  application_id  uuid not null,
  outcome         text not null constraint promotion_awards_outcome_check check (outcome in ('awarded', 'waiting', 'rejected', 'withdrawn')),
  position        integer constraint promotion_awards_position_check check (position > 0), -- in the ranking, when it was decided; null: not ranked
  amount          bigint not null,                 -- promised; of a waiting one, what it would be
  paid            bigint not null default 0,
  reason          text not null constraint promotion_awards_reason_check check (reason <> ''),
  decided_name    text not null default '',
  decided_at      timestamptz not null default now(),
  published_at    timestamptz,
  objection_until timestamptz,
  updated_at      timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint promotion_awards_application_key unique (tenant_id, application_id),
  constraint promotion_awards_amount_check check (amount >= 0 and (outcome not in ('awarded', 'waiting') or amount > 0)),
  constraint promotion_awards_paid_check check (paid between 0 and amount),
  constraint promotion_awards_programme_fkey foreign key (tenant_id, programme_id) references app.promotion_programmes (tenant_id, id)
);
call app.isolate('app.promotion_awards');
create policy applicant_reads on app.promotion_awards for select to helianthus_app
  using (published_at is not null and applicant = (select nullif(current_setting('app.tenant', true), '')::uuid));
create index promotion_awards_programme_idx on app.promotion_awards (tenant_id, programme_id, position);
create index promotion_awards_applicant_idx on app.promotion_awards (applicant, id desc) where published_at is not null;
grant select, insert, update (version, outcome, amount, paid, reason, decided_name, decided_at, published_at, objection_until, updated_at) on app.promotion_awards to helianthus_app;

-- Money promised, and taken back, by source. Entries are only added; the budget refuses what it does not have.
create table app.promotion_commitments (
  tenant_id     uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id            uuid not null default uuidv7(),
  programme_id  uuid not null,
  award_id      uuid not null,
  source        text not null,
  amount        bigint not null constraint promotion_commitments_amount_check check (amount <> 0),
  reason        text not null default '',
  recorded_name text not null default '',
  recorded_at   timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  constraint promotion_commitments_budget_fkey foreign key (tenant_id, programme_id, source) references app.promotion_budgets (tenant_id, programme_id, source),
  constraint promotion_commitments_award_fkey foreign key (tenant_id, award_id) references app.promotion_awards (tenant_id, id)
);
call app.isolate('app.promotion_commitments');
create index promotion_commitments_award_idx on app.promotion_commitments (tenant_id, award_id);
grant select, insert on app.promotion_commitments to helianthus_app;
-- +goose StatementBegin
create function app.commit_budget() returns trigger language plpgsql set search_path = app, pg_temp as $$
begin
  update app.promotion_budgets b set committed = b.committed + new.amount where b.tenant_id = new.tenant_id and b.programme_id = new.programme_id and b.source = new.source;
  return null;
end $$;
-- +goose StatementEnd
revoke execute on function app.commit_budget() from public;
create trigger commit_budget after insert on app.promotion_commitments for each row execute function app.commit_budget();

-- Money asked for under an award, with what was spent.
create table app.promotion_claims (
  tenant_id    uuid not null default nullif(current_setting('app.tenant', true), '')::uuid, -- the applicant
  id           uuid not null default uuidv7(),
  version      integer not null default 1,
  keeper       uuid not null,
  programme_id uuid not null,
  award_id     uuid not null,
  status       text not null default 'submitted' constraint promotion_claims_status_check check (status in ('submitted', 'part-paid', 'paid', 'refused')),
  amount       bigint not null constraint promotion_claims_amount_check check (amount > 0),
  currency     text not null,
  receipts     jsonb not null,
  note         text not null default '',
  decision     text not null default '',           -- the keeper's, of a refusal
  decided_name text not null default '',
  decided_at   timestamptz,
  created_name text not null default '',
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint promotion_claims_decision_check check (status <> 'refused' or decision <> ''),
  constraint promotion_claims_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.promotion_claims');
create policy keeper_reads on app.promotion_claims for select to helianthus_app
  using (keeper = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy keeper_decides on app.promotion_claims for update to helianthus_app
  using (keeper = (select nullif(current_setting('app.tenant', true), '')::uuid))
  with check (keeper = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy under_an_award on app.promotion_claims as restrictive for insert to helianthus_app
  with check (exists (select from app.promotion_awards w where w.tenant_id = promotion_claims.keeper and w.id = promotion_claims.award_id and w.programme_id = promotion_claims.programme_id and w.outcome = 'awarded'));
create trigger keep_sides before update on app.promotion_claims for each row execute function app.keep_sides('{status,decision,decided_name,decided_at}');
create index promotion_claims_keeper_idx on app.promotion_claims (keeper, id desc);
create index promotion_claims_award_idx on app.promotion_claims (award_id);
grant select, insert, update (version, status, decision, decided_name, decided_at, updated_at) on app.promotion_claims to helianthus_app;

-- Money paid for a claim. A wrong entry is followed by its reversal.
create table app.promotion_payments (
  tenant_id     uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id            uuid not null default uuidv7(),
  programme_id  uuid not null,
  award_id      uuid not null,
  applicant     uuid not null,
  claim_id      uuid not null,
  source        text not null,
  amount        bigint not null,
  paid_on       date not null,
  reference     text not null default '',
  reverses      uuid,
  reason        text not null default '',          -- of a reversal
  recorded_name text not null default '',
  recorded_at   timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  constraint promotion_payments_sign_check check (amount <> 0 and (amount < 0) = (reverses is not null)),
  constraint promotion_payments_reverses_key unique (tenant_id, reverses),
  constraint promotion_payments_reverses_fkey foreign key (tenant_id, reverses) references app.promotion_payments (tenant_id, id),
  constraint promotion_payments_budget_fkey foreign key (tenant_id, programme_id, source) references app.promotion_budgets (tenant_id, programme_id, source),
  constraint promotion_payments_award_fkey foreign key (tenant_id, award_id) references app.promotion_awards (tenant_id, id)
);
call app.isolate('app.promotion_payments');
create policy applicant_reads on app.promotion_payments for select to helianthus_app
  using (applicant = (select nullif(current_setting('app.tenant', true), '')::uuid));
create index promotion_payments_claim_idx on app.promotion_payments (claim_id) include (amount);
create index promotion_payments_applicant_idx on app.promotion_payments (applicant, id desc);
grant select, insert on app.promotion_payments to helianthus_app;
-- +goose StatementBegin
create function app.pay_budget() returns trigger language plpgsql set search_path = app, pg_temp as $$
begin
  update app.promotion_awards w set paid = w.paid + new.amount where w.tenant_id = new.tenant_id and w.id = new.award_id;
  update app.promotion_budgets b set paid = b.paid + new.amount where b.tenant_id = new.tenant_id and b.programme_id = new.programme_id and b.source = new.source;
  return null;
end $$;
-- +goose StatementEnd
revoke execute on function app.pay_budget() from public;
create trigger pay_budget after insert on app.promotion_payments for each row execute function app.pay_budget();

create table app.promotion_objections (
  tenant_id     uuid not null default nullif(current_setting('app.tenant', true), '')::uuid, -- the applicant
  id            uuid not null default uuidv7(),
  version       integer not null default 1,
  keeper        uuid not null,
  programme_id  uuid not null,
  award_id      uuid not null,
  status        text not null default 'filed' constraint promotion_objections_status_check check (status in ('filed', 'upheld', 'dismissed')),
  text          text not null constraint promotion_objections_text_check check (text <> ''),
  answer        text not null default '',
  answered_name text not null default '',
  answered_at   timestamptz,
  filed_name    text not null default '',
  filed_at      timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint promotion_objections_once_key unique (tenant_id, award_id),
  constraint promotion_objections_answer_check check ((status = 'filed') = (answer = '')),
  constraint promotion_objections_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.promotion_objections');
create policy keeper_reads on app.promotion_objections for select to helianthus_app
  using (keeper = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy keeper_answers on app.promotion_objections for update to helianthus_app
  using (keeper = (select nullif(current_setting('app.tenant', true), '')::uuid))
  with check (keeper = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy to_a_decision on app.promotion_objections as restrictive for insert to helianthus_app
  with check (exists (select from app.promotion_awards w where w.tenant_id = promotion_objections.keeper and w.id = promotion_objections.award_id
    and w.programme_id = promotion_objections.programme_id and w.objection_until is not null));
create trigger keep_sides before update on app.promotion_objections for each row execute function app.keep_sides('{status,answer,answered_name,answered_at}');
create index promotion_objections_keeper_idx on app.promotion_objections (keeper, id desc);
grant select, insert, update (version, status, answer, answered_name, answered_at, updated_at) on app.promotion_objections to helianthus_app;

-- What came of it, as the applicant reports.
create table app.promotion_results (
  tenant_id     uuid not null default nullif(current_setting('app.tenant', true), '')::uuid, -- the applicant
  id            uuid not null default uuidv7(),
  version       integer not null default 1,
  keeper        uuid not null,
  programme_id  uuid not null,
  award_id      uuid not null,
  happened_on   date not null,
  contacts      integer not null,
  inquiries     integer not null,
  samples       integer not null,
  contracts     integer not null,
  exports       jsonb not null default '[]',       -- by HS code and country
  note          text not null default '',
  recorded_name text not null default '',
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint promotion_results_counts_check check (least(contacts, inquiries, samples, contracts) >= 0),
  constraint promotion_results_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.promotion_results');
create policy keeper_reads on app.promotion_results for select to helianthus_app
  using (keeper = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy under_an_award on app.promotion_results as restrictive for insert to helianthus_app
  with check (exists (select from app.promotion_awards w where w.tenant_id = promotion_results.keeper and w.id = promotion_results.award_id and w.programme_id = promotion_results.programme_id and w.outcome = 'awarded'));
create index promotion_results_keeper_idx on app.promotion_results (keeper, id desc);
grant select, insert, update (version, happened_on, contacts, inquiries, samples, contracts, exports, note, recorded_name, updated_at) on app.promotion_results to helianthus_app;

-- +goose Down
drop table app.promotion_results;
drop table app.promotion_objections;
drop table app.promotion_payments;
drop table app.promotion_claims;
drop table app.promotion_commitments;
drop table app.promotion_awards;
drop table app.promotion_scores;
drop table app.promotion_conflicts;
drop table app.promotion_events;
drop table app.promotion_applications;
drop table app.promotion_committee;
drop table app.promotion_budgets;
drop table app.promotion_programmes;
drop function app.pay_budget();
drop function app.commit_budget();
drop function app.keep_call();
drop function app.keep_sides();
