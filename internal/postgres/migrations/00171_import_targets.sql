-- Imports become registrations, or records of another kind: what they become, and what was said of it.
--
-- +goose Up
alter table app.imports
  add column target  text not null default '' constraint imports_target_check check (target in ('', 'earlier-marks')),
  add column options jsonb not null default 'null';

-- +goose Down
delete from app.imports where target <> '';
alter table app.imports drop column target, drop column options;
