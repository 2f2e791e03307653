-- Members of an association: who belongs to it, from the application to the end, and what happened in between. A producer may belong to
-- two associations: each has a row of its own, and neither sees the other's.
--
-- +goose Up

create table app.members (
  tenant_id   uuid not null default nullif(current_setting('app.tenant', true), '')::uuid, -- the association
  id          uuid not null default uuidv7(),
  version     integer not null default 1,
  number      text,                                -- given at admission, and never to another
  category    text not null constraint members_category_check check (category in ('enterprise', 'cooperative', 'grower', 'expert')),
  name        text not null,
  name_key    text not null,                       -- folded by registry.NameKey
  credit_code text,                                -- GB 32100-2015; null: a natural person
  status      text not null constraint members_status_check check (status in ('applied', 'examined', 'admitted', 'suspended', 'left', 'excluded', 'refused')),
  content     jsonb not null,                      -- what everybody in the association may read
  sealed      bytea not null,                      -- identity number, telephones and addresses of mail, sealed by the house's secret
  applied_on  date not null,
  admitted_on date,
  ended_on    date,                                -- of one that left, or was excluded or refused
  erased_at   timestamptz,                         -- personal data were erased
  import_id   uuid,                                -- that wrote it last
  created_at  timestamptz not null default now(),
  updated_at  timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint members_number_key unique (tenant_id, number),
  constraint members_credit_code_key unique (tenant_id, credit_code),
  constraint members_ended_check check ((status in ('left', 'excluded', 'refused')) = (ended_on is not null)),
  constraint members_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.members');
grant select, insert, update on app.members to helianthus_app;
-- Applications have no number yet, and come first.
create index members_order_idx on app.members (tenant_id, (coalesce(number, '')) collate "C", id);
create index members_name_idx on app.members (tenant_id, name_key);
create index members_ended_idx on app.members (tenant_id, ended_on) where erased_at is null;

-- What happened to a membership. Rows are only added.
create table app.member_events (
  tenant_id   uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  member_id   uuid not null,
  seq         integer not null constraint member_events_seq_check check (seq > 0),
  act         text not null,
  status      text not null,                       -- after it
  happened_on date not null,
  reason      text not null default '',
  reference   text not null default '',            -- of the decision
  document_id uuid,                                -- a reference by value
  changed     text[] not null default '{}',        -- of a change of data: which
  recorded_at timestamptz not null default now(),
  recorded_by text not null default '',
  primary key (tenant_id, member_id, seq),
  constraint member_events_member_fkey foreign key (tenant_id, member_id) references app.members (tenant_id, id)
);
call app.isolate('app.member_events');
grant select, insert on app.member_events to helianthus_app;

-- What an association says of its members as a whole.
create table app.member_rules (
  tenant_id       uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  version         integer not null default 1,
  publisher       uuid,                            -- whose registration has the protected area: a reference by value
  registration_id uuid,
  retention_years integer not null constraint member_rules_retention_check check (retention_years between 1 and 30),
  purpose         text not null default '',        -- for which personal data are kept
  numbered        bigint not null default 0,       -- the last number that was given
  updated_at      timestamptz not null default now(),
  updated_by      text not null default '',
  primary key (tenant_id),
  constraint member_rules_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.member_rules');
grant select, insert, update on app.member_rules to helianthus_app;

alter table app.imports drop constraint imports_target_check, add constraint imports_target_check check (target in ('', 'earlier-marks', 'members'));

-- +goose Down
delete from app.imports where target = 'members';
alter table app.imports drop constraint imports_target_check, add constraint imports_target_check check (target in ('', 'earlier-marks'));
drop table app.member_rules;
drop table app.member_events;
drop table app.members;
