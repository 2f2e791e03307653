-- The legal text of an instrument in its languages, and what changed it.
--
-- +goose Up
alter table app.instruments
  add column texts jsonb not null default '[]',
  add column amendments jsonb not null default '[]';

-- +goose Down
alter table app.instruments drop column texts, drop column amendments;
