-- Houses that operators follow from the workspace, beside those that the machine's file names.
--
-- +goose Up
alter table app.partner_houses
  add column id            uuid not null default gen_random_uuid(),
  add column version       integer not null default 1,
  add column key           text not null default '',  -- verifier key of its log; empty: operators did not name it
  add column suspended_at  timestamptz,
  add column suspended_why text not null default '',
  add constraint partner_houses_id_key unique (id);
grant update (version, key, suspended_at, suspended_why), delete on app.partner_houses to helianthus_app;
-- Who follows a house no more believes it no more: what came from it goes with it.
grant delete on app.received, app.received_names to helianthus_app;

-- +goose Down
revoke delete on app.received, app.received_names, app.partner_houses from helianthus_app;
alter table app.partner_houses drop column id, drop column version, drop column key, drop column suspended_at, drop column suspended_why;
