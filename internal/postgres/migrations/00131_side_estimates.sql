-- The policies that divide sandboxes from the house hold for nearly every row that anybody reads. The planner cannot know
-- that: it takes "not distinct from what a query says" for one row in two hundred, or for none, and then reads the feed by
-- tenants and sorts it for every page. Of a coalesce it assumes one row in two, so that other conditions decide.
--
-- +goose Up
alter policy directory on app.tenants using (coalesce(
  (select m.sandbox from app.sandbox_tenants m where m.member = tenants.id)
    is not distinct from (select m.sandbox from app.sandbox_tenants m where m.member = app.tenant()), false));
alter policy side on app.publications using (coalesce(
  sandbox is not distinct from (select m.sandbox from app.sandbox_tenants m where m.member = app.tenant()), false));
alter policy side on app.changes using (coalesce(
  sandbox is not distinct from (select m.sandbox from app.sandbox_tenants m where m.member = app.tenant()), false));

-- +goose Down
alter policy directory on app.tenants using (
  (select m.sandbox from app.sandbox_tenants m where m.member = tenants.id)
    is not distinct from (select m.sandbox from app.sandbox_tenants m where m.member = app.tenant()));
alter policy side on app.publications using (
  sandbox is not distinct from (select m.sandbox from app.sandbox_tenants m where m.member = app.tenant()));
alter policy side on app.changes using (
  sandbox is not distinct from (select m.sandbox from app.sandbox_tenants m where m.member = app.tenant()));
