-- Meetings of an association: whom it called, who came, what was put to the vote and what came of it, and the minutes. What an association's own
-- statutes say of notice and quorum is data with its source. The rule that held when a meeting was called stays with it.
--
-- +goose Up

-- What the statutes of an association say of a kind of meeting.
create table app.meeting_rules (
  tenant_id          uuid not null default nullif(current_setting('app.tenant', true), '')::uuid, -- the association
  kind               text not null constraint meeting_rules_kind_check check (kind in ('general', 'council', 'other')),
  version            integer not null default 1,
  notice_days        integer not null constraint meeting_rules_notice_check check (notice_days between 0 and 180), -- between the notice and the day of the meeting
  quorum_numerator   integer not null constraint meeting_rules_numerator_check check (quorum_numerator between 0 and 1000),
  quorum_denominator integer not null constraint meeting_rules_denominator_check check (quorum_denominator between 1 and 1000),
  quorum_more        boolean not null,            -- more than the share, and not just the share
  quorum_base        text not null constraint meeting_rules_base_check check (quorum_base in ('voters', 'roll')), -- of whom: of those with a vote, or of all who are called
  proxies            integer not null constraint meeting_rules_proxies_check check (proxies between 0 and 100), -- that one member may hold
  overdue_votes      boolean not null,            -- whose dues are overdue has a vote all the same
  source             text not null constraint meeting_rules_source_check check (source <> ''),
  updated_at         timestamptz not null default now(),
  updated_by         text not null default '',
  primary key (tenant_id, kind),
  constraint meeting_rules_tenant_fkey foreign key (tenant_id) references app.tenants (id),
  constraint meeting_rules_share_check check (quorum_numerator <= quorum_denominator)
);
call app.isolate('app.meeting_rules');
grant select, insert, update on app.meeting_rules to helianthus_app;

create table app.meetings (
  tenant_id          uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id                 uuid not null default uuidv7(),
  version            integer not null default 1,
  kind               text not null constraint meetings_kind_check check (kind in ('general', 'council', 'other')),
  status             text not null default 'draft' constraint meetings_status_check check (status in ('draft', 'called', 'open', 'closed', 'cancelled')),
  title              text not null,
  place              text not null default '',
  link               text not null default '',
  begins_at          timestamptz not null,
  time_zone          text not null,
  begins_on          date not null generated always as ((begins_at at time zone time_zone)::date) stored,
  agenda             jsonb not null default '[]',  -- [{"title": "…", "text": "…"}]
  called_on          date,                         -- in the zone of the meeting
  called_at          timestamptz,
  notice_days        integer,                      -- from here on: the rule as it was when the meeting was called
  quorum_numerator   integer,
  quorum_denominator integer,
  quorum_more        boolean,
  quorum_base        text,
  proxies            integer,
  overdue_votes      boolean,
  source             text,
  opened_at          timestamptz,
  counted            integer,                      -- whom the quorum is of, when it was opened
  present            integer,                      -- with a vote, here or represented
  closed_at          timestamptz,
  reason             text not null default '',     -- why it was cancelled
  created_at         timestamptz not null default now(),
  created_by         text not null default '',
  updated_at         timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint meetings_tenant_fkey foreign key (tenant_id) references app.tenants (id),
  constraint meetings_where_check check (place <> '' or link <> ''),
  constraint meetings_called_check check ((called_on is null) = (status = 'draft') or status = 'cancelled'),
  constraint meetings_rule_check check (called_on is null or (notice_days is not null and quorum_numerator is not null and quorum_denominator is not null and quorum_more is not null
    and quorum_base is not null and proxies is not null and overdue_votes is not null and source is not null)),
  -- The days of notice lie between the notice and the meeting.
  constraint meetings_notice_check check (called_on is null or begins_on - called_on >= notice_days),
  constraint meetings_quorum_check check (status not in ('open', 'closed') or coalesce(present > 0
    and case when quorum_more then present::bigint * quorum_denominator > counted::bigint * quorum_numerator else present::bigint * quorum_denominator >= counted::bigint * quorum_numerator end, false))
);
call app.isolate('app.meetings');
create index meetings_begins_idx on app.meetings (tenant_id, begins_at desc, id desc);
grant select, insert, update on app.meetings to helianthus_app;

-- Who is called to a meeting, who of them has a vote, and who came.
create table app.meeting_roll (
  tenant_id  uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  meeting_id uuid not null,
  member_id  uuid not null,
  no_vote    text not null default '' constraint meeting_roll_vote_check check (no_vote in ('', 'suspended', 'over', 'overdue')), -- why it has none
  attendance text not null default 'absent' constraint meeting_roll_attendance_check check (attendance in ('absent', 'here', 'proxy')),
  proxy_id   uuid,                                 -- the member that stands for it
  answer     text not null default '' constraint meeting_roll_answer_check check (answer in ('', 'coming', 'not-coming')), -- its own, before the meeting
  answered_at timestamptz,
  recorded_by text not null default '',
  primary key (tenant_id, meeting_id, member_id),
  constraint meeting_roll_meeting_fkey foreign key (tenant_id, meeting_id) references app.meetings (tenant_id, id),
  constraint meeting_roll_member_fkey foreign key (tenant_id, member_id) references app.members (tenant_id, id),
  constraint meeting_roll_holder_fkey foreign key (tenant_id, meeting_id, proxy_id) references app.meeting_roll (tenant_id, meeting_id, member_id),
  constraint meeting_roll_proxy_check check ((attendance = 'proxy') = (proxy_id is not null) and proxy_id is distinct from member_id and (proxy_id is null or no_vote = ''))
);
call app.isolate('app.meeting_roll');
create index meeting_roll_member_idx on app.meeting_roll (tenant_id, member_id);
create index meeting_roll_holder_idx on app.meeting_roll (tenant_id, meeting_id, proxy_id) where proxy_id is not null;
grant select, insert, update (no_vote, attendance, proxy_id, answer, answered_at, recorded_by) on app.meeting_roll to helianthus_app;

-- What is put to the vote. The majority that it needs is data: a share of whom.
create table app.meeting_motions (
  tenant_id            uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id                   uuid not null default uuidv7(),
  meeting_id           uuid not null,
  number               integer not null constraint meeting_motions_number_check check (number > 0),
  title                text not null,
  body                 text not null default '',
  secret               boolean not null,
  majority_numerator   integer not null constraint meeting_motions_numerator_check check (majority_numerator between 0 and 1000),
  majority_denominator integer not null constraint meeting_motions_denominator_check check (majority_denominator between 1 and 1000),
  majority_more        boolean not null,
  majority_base        text not null constraint meeting_motions_base_check check (majority_base in ('for-and-against', 'given', 'present', 'voters')),
  decided_at           timestamptz,
  votes_for            integer not null default 0 constraint meeting_motions_for_check check (votes_for >= 0),
  votes_against        integer not null default 0 constraint meeting_motions_against_check check (votes_against >= 0),
  votes_abstain        integer not null default 0 constraint meeting_motions_abstain_check check (votes_abstain >= 0),
  present              integer,                    -- with a vote, here or represented, when it was decided
  voters               integer,                    -- all with a vote
  created_at           timestamptz not null default now(),
  recorded_by          text not null default '',
  primary key (tenant_id, id),
  constraint meeting_motions_number_key unique (tenant_id, meeting_id, number),
  constraint meeting_motions_meeting_fkey foreign key (tenant_id, meeting_id) references app.meetings (tenant_id, id),
  constraint meeting_motions_share_check check (majority_numerator <= majority_denominator),
  constraint meeting_motions_count_check check (decided_at is null or coalesce(votes_for::bigint + votes_against + votes_abstain <= present, false))
);
call app.isolate('app.meeting_motions');
grant select, insert, update (decided_at, votes_for, votes_against, votes_abstain, present, voters, recorded_by) on app.meeting_motions to helianthus_app;

-- Who voted how, where a vote is open.
create table app.meeting_votes (
  tenant_id   uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  motion_id   uuid not null,
  meeting_id  uuid not null,
  member_id   uuid not null,
  choice      text not null constraint meeting_votes_choice_check check (choice in ('for', 'against', 'abstain')),
  cast_by     uuid not null,                       -- the member itself, or who stood for it
  recorded_at timestamptz not null default now(),
  recorded_by text not null default '',
  constraint meeting_votes_pkey primary key (tenant_id, motion_id, member_id),
  constraint meeting_votes_motion_fkey foreign key (tenant_id, motion_id) references app.meeting_motions (tenant_id, id),
  constraint meeting_votes_member_fkey foreign key (tenant_id, meeting_id, member_id) references app.meeting_roll (tenant_id, meeting_id, member_id)
);
call app.isolate('app.meeting_votes');
create index meeting_votes_member_idx on app.meeting_votes (tenant_id, member_id);
grant select, insert on app.meeting_votes to helianthus_app;

-- Minutes, and behind them corrections of what was signed. An entry is signed by the chair and by a second person.
create table app.meeting_minutes (
  tenant_id   uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id          uuid not null default uuidv7(),
  meeting_id  uuid not null,
  seq         integer not null constraint meeting_minutes_seq_check check (seq > 0),
  body        text not null constraint meeting_minutes_body_check check (body <> ''),
  chair       text not null,                       -- who was in the chair, by name
  sha256      bytea,                               -- of what was signed
  chair_by    uuid,
  chair_name  text not null default '',
  chair_at    timestamptz,
  second_by   uuid,
  second_name text not null default '',
  second_at   timestamptz,
  created_at  timestamptz not null default now(),
  created_by  text not null default '',
  primary key (tenant_id, id),
  constraint meeting_minutes_seq_key unique (tenant_id, meeting_id, seq),
  constraint meeting_minutes_meeting_fkey foreign key (tenant_id, meeting_id) references app.meetings (tenant_id, id),
  constraint meeting_minutes_signed_check check ((chair_by is null) = (chair_at is null) and (second_by is null) = (second_at is null) and (chair_at is null or sha256 is not null) and (second_at is null or chair_at is not null)),
  -- Two pairs of eyes: nobody is both.
  constraint meeting_minutes_second_check check (second_by is distinct from chair_by or second_by is null)
);
call app.isolate('app.meeting_minutes');
grant select, insert, update (body, chair, sha256, chair_by, chair_name, chair_at, second_by, second_name, second_at) on app.meeting_minutes to helianthus_app;

-- Who has a vote and is here, or is represented.
-- +goose StatementBegin
create function app.meeting_present(meeting uuid) returns integer language sql stable set search_path = app, pg_temp as $$
  select count(*)::integer from app.meeting_roll r where r.meeting_id = meeting and r.no_vote = '' and r.attendance <> 'absent'
$$;
-- +goose StatementEnd

-- What was called stays as it was called; whoever opens it is counted by the database.
-- +goose StatementBegin
create function app.meeting_goes_on() returns trigger language plpgsql set search_path = app, pg_temp as $$
begin
  if old.called_on is not null and (new.kind, new.title, new.place, new.link, new.begins_at, new.time_zone, new.agenda, new.called_on, new.called_at, new.notice_days, new.quorum_numerator, new.quorum_denominator, new.quorum_more,
      new.quorum_base, new.proxies, new.overdue_votes, new.source) is distinct from (old.kind, old.title, old.place, old.link, old.begins_at, old.time_zone, old.agenda, old.called_on, old.called_at, old.notice_days,
      old.quorum_numerator, old.quorum_denominator, old.quorum_more, old.quorum_base, old.proxies, old.overdue_votes, old.source) or old.status in ('closed', 'cancelled') then
    raise exception 'what was called stays as it was called' using errcode = 'check_violation', constraint = 'meetings_fixed_check';
  end if;
  if new.status = 'open' and old.status <> 'open' then
    new.present = app.meeting_present(new.id);
    select count(*) filter (where new.quorum_base = 'roll' or r.no_vote = '') into new.counted from app.meeting_roll r where r.meeting_id = new.id;
  elsif (new.present, new.counted) is distinct from (old.present, old.counted) then
    raise exception 'what was counted stays' using errcode = 'check_violation', constraint = 'meetings_fixed_check';
  end if;
  return new;
end $$;

create function app.meeting_roll_changes() returns trigger language plpgsql set search_path = app, pg_temp as $$
declare
  stands text;
  most integer;
begin
  select status, proxies into stands, most from app.meetings where id = new.meeting_id for share;
  if stands in ('closed', 'cancelled') then
    raise exception 'the meeting is over' using errcode = 'check_violation', constraint = 'meetings_fixed_check';
  end if;
  if new.proxy_id is not null then
    perform from app.meeting_roll where meeting_id = new.meeting_id and member_id = new.proxy_id and attendance = 'here' and no_vote = '' for update;
    if not found then
      raise exception 'who stands for another is here and has a vote' using errcode = 'check_violation', constraint = 'meeting_roll_holder_check';
    end if;
    if (select count(*) from app.meeting_roll where meeting_id = new.meeting_id and proxy_id = new.proxy_id and member_id <> new.member_id) >= most then
      raise exception 'more proxies than the rule lets one hold' using errcode = 'check_violation', constraint = 'meeting_roll_proxies_check';
    end if;
  end if;
  if tg_op = 'UPDATE' and (new.attendance <> 'here' or new.no_vote <> '') and exists (select from app.meeting_roll where meeting_id = new.meeting_id and proxy_id = new.member_id) then
    raise exception 'it stands for others' using errcode = 'check_violation', constraint = 'meeting_roll_stands_check';
  end if;
  return new;
end $$;

create function app.meeting_vote_counts() returns trigger language plpgsql set search_path = app, pg_temp as $$
begin
  perform from app.meeting_motions m join app.meetings g on g.id = m.meeting_id
    where m.id = new.motion_id and m.meeting_id = new.meeting_id and not m.secret and m.decided_at is null and g.status = 'open' for share;
  if not found then
    raise exception 'the motion takes no votes' using errcode = 'check_violation', constraint = 'meeting_votes_open_check';
  end if;
  perform from app.meeting_roll r where r.meeting_id = new.meeting_id and r.member_id = new.member_id and r.no_vote = ''
    and (r.attendance = 'here' and new.cast_by = r.member_id or r.attendance = 'proxy' and new.cast_by = r.proxy_id) for share;
  if not found then
    raise exception 'not there, or no vote' using errcode = 'check_violation', constraint = 'meeting_votes_there_check';
  end if;
  return new;
end $$;

-- A motion is decided once, in a meeting that has its quorum at that moment; the votes of an open one are counted here.
create function app.meeting_motion_decides() returns trigger language plpgsql set search_path = app, pg_temp as $$
declare
  g app.meetings;
  called integer;
begin
  select * into g from app.meetings where id = new.meeting_id for share;
  if tg_op = 'INSERT' then
    if g.status in ('closed', 'cancelled') or new.decided_at is not null then
      raise exception 'the meeting is over' using errcode = 'check_violation', constraint = 'meetings_fixed_check';
    end if;
    return new;
  end if;
  if old.decided_at is not null then
    raise exception 'what was decided stays' using errcode = 'check_violation', constraint = 'meeting_motions_decided_check';
  end if;
  if new.decided_at is null then
    return new;
  end if;
  select count(*) filter (where r.no_vote = ''), count(*) filter (where g.quorum_base = 'roll' or r.no_vote = '') into new.voters, called from app.meeting_roll r where r.meeting_id = new.meeting_id;
  new.present = app.meeting_present(new.meeting_id);
  if g.status <> 'open' or not coalesce(new.present > 0 and case when g.quorum_more then new.present::bigint * g.quorum_denominator > called::bigint * g.quorum_numerator
      else new.present::bigint * g.quorum_denominator >= called::bigint * g.quorum_numerator end, false) then
    raise exception 'no quorum' using errcode = 'check_violation', constraint = 'meeting_motions_quorum_check';
  end if;
  if not new.secret then
    select count(*) filter (where choice = 'for'), count(*) filter (where choice = 'against'), count(*) filter (where choice = 'abstain')
      into new.votes_for, new.votes_against, new.votes_abstain from app.meeting_votes where motion_id = new.id;
    new.present = greatest(new.present, new.votes_for + new.votes_against + new.votes_abstain); -- whoever voted was there, also if it left since
  end if;
  return new;
end $$;

-- Minutes are of a meeting that was closed. What the chair signed is not written anew, and a correction follows only what is signed by both.
create function app.meeting_minutes_hold() returns trigger language plpgsql set search_path = app, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    if not exists (select from app.meetings where id = new.meeting_id and status = 'closed')
        or exists (select from app.meeting_minutes where meeting_id = new.meeting_id and second_at is null)
        or new.seq <> (select count(*) + 1 from app.meeting_minutes where meeting_id = new.meeting_id) then
      raise exception 'the meeting goes on, or its minutes are not signed' using errcode = 'check_violation', constraint = 'meeting_minutes_next_check';
    end if;
    return new;
  end if;
  if old.chair_at is not null and (new.body, new.chair, new.sha256, new.chair_by, new.chair_name, new.chair_at) is distinct from (old.body, old.chair, old.sha256, old.chair_by, old.chair_name, old.chair_at)
      or old.second_at is not null then
    raise exception 'what was signed stays' using errcode = 'check_violation', constraint = 'meeting_minutes_fixed_check';
  end if;
  return new;
end $$;
-- +goose StatementEnd
create trigger meeting_goes_on before update on app.meetings for each row execute function app.meeting_goes_on();
create trigger meeting_roll_changes before insert or update on app.meeting_roll for each row execute function app.meeting_roll_changes();
create trigger meeting_vote_counts before insert on app.meeting_votes for each row execute function app.meeting_vote_counts();
create trigger meeting_motion_decides before insert or update on app.meeting_motions for each row execute function app.meeting_motion_decides();
create trigger meeting_minutes_hold before insert or update on app.meeting_minutes for each row execute function app.meeting_minutes_hold();

-- Mails to members that are sent once each and kept: the notice of a meeting, the end of a licence, a link to the portal.
create table app.member_letters (
  tenant_id  uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id         uuid not null default uuidv7(),
  member_id  uuid not null,
  kind       text not null constraint member_letters_kind_check check (kind in ('meeting', 'licence', 'portal')),
  about      text not null,                        -- the meeting; the licence, its end and how many days before; a number of its own
  status     text not null default 'queued' constraint member_letters_status_check check (status in ('queued', 'sending', 'sent', 'refused', 'failed', 'no-address')),
  address    text not null default '',             -- it went to, masked
  tries      integer not null default 0,
  answer     text not null default '',             -- of a mail server that did not take it
  tried_at   timestamptz,
  created_at timestamptz not null default now(),
  created_by text not null default '',
  primary key (tenant_id, id),
  constraint member_letters_about_key unique (tenant_id, kind, about, member_id),
  constraint member_letters_member_fkey foreign key (tenant_id, member_id) references app.members (tenant_id, id)
);
call app.isolate('app.member_letters');
create index member_letters_member_idx on app.member_letters (tenant_id, member_id);
create index member_letters_open_idx on app.member_letters (tenant_id, id) where status in ('queued', 'sending');
grant select, insert, delete, update (status, address, tries, answer, tried_at) on app.member_letters to helianthus_app;

-- How many days before its end a member is told of a licence; none: nobody is told.
alter table app.member_rules add column licence_days integer[] not null default '{60,14}'
  constraint member_rules_licence_check check (cardinality(licence_days) <= 5 and 0 < all (licence_days) and 366 > all (licence_days));

-- +goose Down
alter table app.member_rules drop column licence_days;
drop table app.member_letters;
drop table app.meeting_minutes;
drop table app.meeting_votes;
drop table app.meeting_motions;
drop table app.meeting_roll;
drop table app.meetings;
drop table app.meeting_rules;
drop function app.meeting_goes_on, app.meeting_roll_changes, app.meeting_vote_counts, app.meeting_motion_decides, app.meeting_minutes_hold, app.meeting_present;
