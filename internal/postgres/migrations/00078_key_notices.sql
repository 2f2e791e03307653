-- A delivery of a webhook may tell of something that is no change of the feed: of a signing key that ends.
--
-- +goose Up
alter table app.webhook_deliveries add column about text not null default ''
  constraint webhook_deliveries_about_check check (length(about) <= 100 and (about = '' or seq is null)); -- the key's id

-- +goose Down
delete from app.webhook_deliveries where about <> '';
alter table app.webhook_deliveries drop column about;
