-- Changes of a member's data that one person proposes and another accepts or refuses. What is proposed is sealed, since it may be private, and
-- is gone once it was decided: the history names the fields.
--
-- +goose Up
create table app.member_changes (
  tenant_id     uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id            uuid not null default uuidv7(),
  member_id     uuid not null,
  status        text not null default 'proposed' constraint member_changes_status_check check (status in ('proposed', 'accepted', 'refused', 'withdrawn')),
  fields        text[] not null constraint member_changes_fields_check check (cardinality(fields) > 0),
  sealed        bytea not null,                    -- the member before and after; empty once it was decided
  reason        text not null default '',
  by_member     boolean not null,                  -- proposed by the member itself
  proposed_by   uuid not null,
  proposed_name text not null default '',
  proposed_at   timestamptz not null default now(),
  decided_by    uuid,
  decided_name  text not null default '',
  decided_at    timestamptz,
  decision      text not null default '',          -- why
  primary key (tenant_id, id),
  constraint member_changes_member_fkey foreign key (tenant_id, member_id) references app.members (tenant_id, id),
  constraint member_changes_decided_check check ((status = 'proposed') = (decided_at is null) and (decided_at is null) = (decided_by is null)),
  -- Two pairs of eyes: nobody decides on what it proposed.
  constraint member_changes_second_check check (status not in ('accepted', 'refused') or decided_by <> proposed_by)
);
call app.isolate('app.member_changes');
create unique index member_changes_open_key on app.member_changes (tenant_id, member_id) where status = 'proposed';
create index member_changes_member_idx on app.member_changes (tenant_id, member_id);
grant select, insert, update (status, sealed, decided_by, decided_name, decided_at, decision) on app.member_changes to helianthus_app;

-- +goose Down
drop table app.member_changes;
