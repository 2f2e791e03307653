-- Whose uses of marks are published: the status check asks for them by the holder's credit code.
--
-- +goose Up
alter table app.publications
  -- Row-level security lets no condition on the content be looked up in an index, hence a column.
  add column holder_code text generated always as (case kind when 'mark-authorisation' then content ->> 'creditCode' end) stored;
create index publications_holder_code_idx on app.publications (holder_code)
  where holder_code is not null and superseded_at is null and withdrawn_at is null and audience = 'public';
create index received_holder_code_idx on app.received ((content ->> 'creditCode')) where kind = 'mark-authorisation' and ended_at is null;

-- +goose Down
drop index app.received_holder_code_idx;
drop index app.publications_holder_code_idx;
alter table app.publications drop column holder_code;
